"""The one error that opening raises: it never says which of key, place or bytes was wrong."""


class CannotOpenError(Exception):
    """The sealed bytes do not open with this key at this place: altered, moved, or made by another key."""
