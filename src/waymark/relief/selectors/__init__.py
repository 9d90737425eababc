"""Reads of relief cases, all narrowed to who asks."""
