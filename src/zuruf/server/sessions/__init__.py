"""Support sessions: the life cycle, pairing, the host's control socket, live updates."""
