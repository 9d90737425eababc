"""Files of others that the coalition reads or writes."""

from waymark.coalition.formats.centers import Center, NotUnderstood, read_centers

__all__ = ["Center", "NotUnderstood", "read_centers"]
