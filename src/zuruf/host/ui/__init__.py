"""What the customer sees: a Tk window, or a terminal."""
