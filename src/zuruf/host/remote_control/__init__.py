"""What a remote-control connection does: tiles out, input in. Not for operating-system calls."""
