"""Forms of the stewardship screens."""
