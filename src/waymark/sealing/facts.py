"""Facts as they are sealed: a small JSON object, filled up to a multiple of 128 bytes.

Without the filling the length of a closed value would tell a short name from a long one, and an empty answer from a full
one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

STEP = 128


def pack(values: Mapping[str, Any]) -> bytes:
    """The bytes to seal. Empty answers are left out."""
    kept = {name: value for name, value in sorted(values.items()) if value not in ("", None, [], {}, False)}
    plain = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()
    return plain + b" " * (-len(plain) % STEP)


def unpack(plain: bytes) -> dict[str, Any]:
    """What was packed. Raises ValueError for bytes that are no such object."""
    found = json.loads(plain)
    if not isinstance(found, dict):
        raise ValueError("Sealed facts are an object.")
    return found
