"""What a page is held to wherever a journey comes by: nothing wider than a phone, and no fault that axe finds.

Axe looks once at each template of the staff site (test_staff_accessibility.py). A journey asks it again where only the
journey gets to see a page, and at night everywhere.
"""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page
from tests.plugins.database import ROOT

AXE = (ROOT / "frontend/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
# Only what is wrong comes back: the list of all that is right is ten times as long, and so is making it.
FAULTS = "async tags => (await axe.run({runOnly: tags, resultTypes: ['violations']})).violations"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
PICTURES = os.environ.get("WAYMARK_PICTURES")
AT_NIGHT = os.environ.get("WAYMARK_TEST_PROFILE") == "nightly"


def looked_at(page: Page, name: str, *, only_here: bool = False) -> None:
    """Fails with what is wrong; keeps a picture for whoever wants to see it."""
    page.wait_for_load_state()  # a press answers when the next page begins: it may have no element yet
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], f"{name} is wider than the screen"
        if PICTURES:
            page.screenshot(path=str(Path(PICTURES) / f"{name}-{size['width']}.png"), full_page=True)
    if only_here or AT_NIGHT:
        page.evaluate(AXE)
        faults = page.evaluate(FAULTS, RULES)
        assert [(fault["id"], [node["html"][:160] for node in fault["nodes"]]) for fault in faults] == [], name
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
