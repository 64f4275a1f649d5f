"""What a technician can be doing at the moment, for the customer to see. Tools report it, the windows translate it."""

IDLE = "idle"
VIEWING = "viewing"
CONTROLLING = "controlling"
CLIPBOARD = "clipboard"

ALL = (IDLE, VIEWING, CONTROLLING, CLIPBOARD)
