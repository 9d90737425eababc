"""Reads of the newsroom: for the public, for staff, figures, members, moments."""
