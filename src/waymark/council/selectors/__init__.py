"""Reads of the council's work, each narrowed to who reads."""
