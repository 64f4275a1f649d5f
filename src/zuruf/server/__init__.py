"""The server: companies, users, sessions, invitations, relay. Read ``app.py`` first, ``sessions/machine.py`` second."""
