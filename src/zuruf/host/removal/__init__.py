"""Leaving without a trace, and the receipt that says so."""
