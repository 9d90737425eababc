"""A translation belongs to one wording of its source: the hash tells when the source has moved on."""

from __future__ import annotations

import hashlib


def source_hash(text: str) -> str:
    """The mark of one wording; kept with a translation, compared when it is shown."""
    return hashlib.sha256(text.encode()).hexdigest()
