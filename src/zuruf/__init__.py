"""Zuruf: ad-hoc remote support."""
