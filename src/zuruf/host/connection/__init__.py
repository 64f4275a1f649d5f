"""The control socket to the server and the connections that the technician opens."""
