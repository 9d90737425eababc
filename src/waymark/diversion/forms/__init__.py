"""What people type about a diversion program."""
