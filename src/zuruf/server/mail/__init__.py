"""Sending one mail. Not for what it says: see invitations."""
