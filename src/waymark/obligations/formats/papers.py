"""A paper of headings and lines, set in type; it says nothing of who made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from waymark.documents.pdf import tagged_pdf

TEMPLATE = Path(__file__).resolve().parent / "paper.typ"


@dataclass(frozen=True)
class Part:
    """One heading with what stands under it."""

    heading: str
    lines: tuple[str, ...] = field(repr=False)


def paper_of(parts: Sequence[Part], *, title: str, language: str) -> bytes:
    """A tagged PDF. The caller has the ledger's line written before a byte of it is given out."""
    data = {"parts": [{"heading": part.heading, "lines": [line for line in part.lines if line]} for part in parts]}
    return tagged_pdf(TEMPLATE, data, language=language, title=title)
