"""Signing in, web sessions, and who may call what."""
