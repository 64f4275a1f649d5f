"""Joining a session: number, security code, the exchange with the technician's browser."""
