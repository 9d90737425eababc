"""What people type into reports and exchange."""
