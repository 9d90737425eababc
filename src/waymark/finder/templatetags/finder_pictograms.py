"""Pictograms beside words, for people who read little. A need without a drawing shows its words alone.

Drawings are single paths on a 24 x 24 field in `static/finder/pictograms/<name>.svg`; they stand in the page itself, so
they take the color of the text and cost no request.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
FOLDER = Path(__file__).parents[1] / "static" / "finder" / "pictograms"
NAME = re.compile(r"[a-z0-9-]+")


@cache
def _drawing(name: str) -> str:
    path = FOLDER / f"{name}.svg"
    if not NAME.fullmatch(name) or not path.exists():
        return ""
    return path.read_text(encoding="utf-8").strip()


@register.simple_tag
def pictogram(name: str) -> SafeString:
    """The drawing, hidden from screen readers: the words beside it say the same."""
    return mark_safe(_drawing(name))  # noqa: S308 (drawings are files of this repository, their names are checked)
