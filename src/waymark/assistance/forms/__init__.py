"""What people type about money and housing."""
