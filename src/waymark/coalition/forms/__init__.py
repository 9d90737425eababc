"""What people type about the region and the coalition's common work."""
