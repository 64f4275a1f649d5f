"""``make run``: a server, a mail catcher and a demo customer PC on loopback. Not part of the product."""
