"""Reads of the directory, already narrowed to what the reader may see."""
