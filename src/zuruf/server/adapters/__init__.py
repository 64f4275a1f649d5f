"""Implementations of ``ports.py``; only ``app.py`` knows them."""
