"""What the customer allows, at any moment; nothing here can be overridden by the server."""
