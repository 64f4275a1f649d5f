"""The operating system behind one Protocol (``base.py``); the only place for its bindings."""
