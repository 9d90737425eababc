"""What workers type about people. Nothing of it is kept in the browser."""
