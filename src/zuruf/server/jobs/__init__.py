"""Durable work and timers in one leased table."""
