"""Pages of the region and of the coalition's common work, on the staff site only."""
