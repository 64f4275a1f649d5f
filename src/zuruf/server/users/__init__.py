"""User profiles: technicians and administrators."""
