"""Every tile has its drawing, and every drawing is plain: one path, no script, no style, nothing foreign."""

from __future__ import annotations

import re
from pathlib import Path

from waymark.directory.formats.needs_file import read_needs

SHAPE = re.compile(r'<svg viewBox="0 0 24 24" [^>]*stroke="currentColor"[^>]*><path d="[^"]+"/></svg>\n')
FOLDER = Path(__file__).parents[3] / "src/waymark/finder/static/finder/pictograms"


def test_every_tile_has_its_drawing_and_every_drawing_its_tile() -> None:
    needed = {need.pictogram for need in read_needs() if need.pictogram}
    assert needed == {path.stem for path in FOLDER.glob("*.svg")}


def test_a_drawing_is_one_path_in_the_color_of_the_text() -> None:
    for path in FOLDER.glob("*.svg"):
        text = path.read_text()
        assert re.fullmatch(r'<svg viewBox="0 0 24 24" [^>]*stroke="currentColor"[^>]*><path d="[^"]+"/></svg>\n', text), (
            path
        )
        assert 'aria-hidden="true"' in text
        assert not re.search(r"style=|<script|href", text)
        assert len(text) < 700, path
