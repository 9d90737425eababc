"""What workers type about papers, reports, incidents and statements."""
