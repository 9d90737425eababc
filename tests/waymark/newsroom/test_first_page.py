"""The newsroom's front page: help first, and nothing that is not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.factories import directory as rows
from tests.plugins.staff import SiteClient

from waymark.coalition.models import Region
from waymark.directory.actions.pending import write_line
from waymark.directory.models import HelpLine
from waymark.directory.selectors.help_lines import snapshot


def _region() -> None:
    Region.objects.create(pk=1, name="Rivermont Together", counties=["Rivermont County"], host_name="Invented Foundation")


def _page(visitor: Callable[[str], SiteClient]) -> Any:
    return visitor("newsroom").get("/")


def test_help_stands_before_the_coalition(visitor: Callable[[str], SiteClient], db: None) -> None:
    _region()
    page = _page(visitor).content.decode()
    assert page.index("tel:911") < page.index("Find free help near you") < page.index("<h1>Rivermont Together</h1>")
    assert "Invented Foundation" in page


def test_lines_are_shown_with_their_date_and_taken_down_at_once(visitor: Callable[[str], SiteClient], db: None) -> None:
    line = HelpLine(state=HelpLine.State.SHOWN)
    channel = {"kind": "text", "value": "233733", "keyword": "HELP", "is_always_open": True, "hours": {}}
    channel |= {"languages": [], "interprets": False, "source": "", "verified_on": None}
    data = snapshot(line) | {"slug": "x", "name": {"en": "Invented line"}, "scope": "local", "channels": [channel]}
    data |= {"verified_on": "2026-05-03", "review_on": "2026-06-03"}
    write_line(line, data)
    page = _page(visitor).content.decode()
    assert "Invented line" in page
    assert "text HELP to 233733" in page
    assert "Last checked Sunday, May 3, 2026" in page
    HelpLine.objects.update(state=HelpLine.State.TAKEN_DOWN)
    assert "Invented line" not in _page(visitor).content.decode()


def test_it_works_before_the_region_is_set_up_and_counts_only_what_is_there(
    visitor: Callable[[str], SiteClient], db: None
) -> None:
    page = _page(visitor)
    assert page.status_code == 200
    assert "service" not in page.content.decode().split("<h1>")[1].split("</main>")[0]
    rows.ServiceFactory()
    rows.ServiceFactory(status="defunct")
    assert "1 service of 1 organization." in _page(visitor).content.decode()


def test_it_sets_no_cookie_and_has_no_dead_link(visitor: Callable[[str], SiteClient], db: None) -> None:
    answer = _page(visitor)
    assert not answer.cookies
    text = answer.content.decode()
    links = set(re.findall(r'href="([^"]+)"', text))
    for link in links:
        if link.startswith("/") and not link.startswith("/static/"):
            assert visitor("newsroom").get(link).status_code == 200, link
    assert {link for link in links if link.startswith("http")} == {"http://localhost/"}
    assert "staff.localhost" not in text
