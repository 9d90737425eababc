"""Recordings of help pages by native speakers, for people who read little. A page without one shows nothing.

A recording is a file `static/finder/recordings/<language>/<page>.mp3`. It plays when it is tapped and never by itself.
"""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "static" / "finder" / "recordings"
NAME = re.compile(r"[a-z0-9-]+")


def recording_of(slug: str, code: str, *, folder: Path = FOLDER) -> str:
    """The static path of a page's recording in a language, or nothing."""
    if not NAME.fullmatch(slug) or not NAME.fullmatch(code) or not (folder / code / f"{slug}.mp3").is_file():
        return ""
    return f"finder/recordings/{code}/{slug}.mp3"


def has_recordings(code: str, *, folder: Path = FOLDER) -> bool:
    """True when someone has recorded at least one page in a language; then the first page offers to listen."""
    return bool(NAME.fullmatch(code)) and any((folder / code).glob("*.mp3"))
