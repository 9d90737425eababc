"""Writes to the directory, one module a subject; each is one transaction."""
