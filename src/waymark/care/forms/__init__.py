"""What workers type into care."""
