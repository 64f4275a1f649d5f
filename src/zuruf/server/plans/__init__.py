"""What a plan entitles to."""
