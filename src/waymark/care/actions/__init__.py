"""Writes of care. Each is told by one event, about the person, without a word of what was written."""
