"""A release as a tagged PDF, and the picture that stands for it. Both are set from the same words as the page."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst

FOLDER = Path(__file__).resolve().parent
PIXELS_PER_INCH = 72.0


@cache
def _template(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def pdf_of(words: dict[str, Any]) -> bytes:
    """The release on paper, tagged for readers of screens."""
    made = typst.compile(
        _template("press_item.typ"),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(words)},
        pdf_standards=["ua-1"],
    )
    return _bytes(made)


def picture_of(words: dict[str, Any]) -> bytes:
    """1200 × 630 pixels: the heading on a plain ground."""
    made = typst.compile(
        _template("card.typ"),
        format="png",
        ignore_system_fonts=True,
        ppi=PIXELS_PER_INCH,
        sys_inputs={"data": json.dumps(words)},
    )
    return _bytes(made)


def _bytes(made: Any) -> bytes:
    """One file; a picture of several pages would be several."""
    if not isinstance(made, bytes):
        raise TypeError("One page was wanted.")
    return made
