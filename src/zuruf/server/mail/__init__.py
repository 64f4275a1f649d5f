"""What every mail looks like on the way. Not for what one says: see invitations; nor for sending: see adapters."""
