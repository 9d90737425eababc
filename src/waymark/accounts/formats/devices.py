"""What kind of device a browser runs on, in one coarse word: enough to recognize one's own, too little to trace anybody."""

from __future__ import annotations

# The order matters: an iPad says Macintosh too, Android says Linux too.
WORDS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android device"),
    ("Windows", "Windows computer"),
    ("CrOS", "Chromebook"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux computer"),
)
UNKNOWN = "Another device"


def device_word(agent: str) -> str:
    """The word for what the browser says of itself; the browser's own text is not kept."""
    return next((word for mark, word in WORDS if mark in agent), UNKNOWN)
