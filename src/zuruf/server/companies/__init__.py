"""Companies: tenants with a plan and limits."""
