"""A release as a tagged PDF, and the picture that stands for it. Both are set from the same words as the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from waymark.documents.pdf import tagged_pdf
from waymark.documents.typesetting import typeset

FOLDER = Path(__file__).resolve().parent
LANGUAGE = "en-US"


def pdf_of(words: dict[str, Any]) -> bytes:
    """The release on paper, tagged for readers of screens."""
    return tagged_pdf(FOLDER / "press_item.typ", words, language=LANGUAGE, title=words["title"])


def picture_of(words: dict[str, Any]) -> bytes:
    """1200 × 630 pixels: the heading on a plain ground."""
    return typeset(FOLDER / "card.typ", words, language=LANGUAGE, title=words["title"], form="png")
