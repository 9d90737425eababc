"""What leaves on paper: documents that are set in type, tagged for whoever has them read out."""
