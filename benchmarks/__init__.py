"""Measurements side by side; each prints a ratio or a grade, with the command that made it."""
