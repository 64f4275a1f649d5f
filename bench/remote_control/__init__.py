"""What the host's side of remote control costs, without browser, relay and encryption. ``run.py`` measures."""
