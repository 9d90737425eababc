"""Who may do what to agencies, their members and the invitations to them. The only place where that is decided."""

from __future__ import annotations


class Refused(Exception):
    """Someone may not do this now; the text says why, in words for them."""
