"""Joins the two sockets of a connection and forwards opaque bytes."""
