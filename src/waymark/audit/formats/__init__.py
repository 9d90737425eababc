"""The signed export of heads, and an event in words."""

from waymark.audit.formats.heads import HeadsError, read_heads, write_heads

__all__ = ["HeadsError", "read_heads", "write_heads"]
