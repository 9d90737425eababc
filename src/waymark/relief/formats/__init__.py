"""Papers of a relief case."""
