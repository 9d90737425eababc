"""Reads of care, opened in memory for one member and one request. All narrowed to who asks."""
