"""Filters of a list: few answers lie open, many are folded under a line that says what is chosen."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string

from waymark.pages.listing import LAID_OUT, Ask, Filter

FEW = Filter("few", "State", [(str(number), f"State {number}") for number in range(LAID_OUT)], unasked="All open")
MANY = Filter("many", "Kind", [(str(number), f"Kind {number}") for number in range(LAID_OUT + 1)])


def chips(**query: str) -> list[str]:
    """Each filter as the lists show it."""
    ask = Ask(query, [FEW, MANY])
    return [" ".join(render_to_string("pages/_chips.html", {"group": group}).split()) for group in ask.chip_rows()]


@pytest.mark.parametrize(("query", "now", "is_on"), [({}, "All", False), ({"many": "3"}, "Kind 3", True)])
def test_a_filter_with_many_answers_is_folded_and_says_what_is_chosen(query: dict[str, str], now: str, is_on: bool) -> None:
    few, many = chips(**query)
    assert "<details" not in few
    summary = re.search(r"<details[^>]*><summary class=\"([^\"]*)\">(.*?)</summary>", many)
    assert summary is not None
    assert re.sub(r"<[^>]+>", "", summary[2]) == f"Kind: {now}"
    assert ("chip--on" in summary[1]) is is_on
    assert many.count('class="chip" href=') == LAID_OUT + 2, "folded, nothing is missing"
    assert many.count('aria-current="true"') == 1


def test_without_an_answer_a_filter_says_what_is_shown() -> None:
    few, _ = chips()
    assert re.search(r'aria-current="true">All open</a>', few)


def test_an_answer_keeps_what_else_the_address_asks() -> None:
    ask = Ask({"q": "rent", "many": "3", "few": "9"}, [FEW, MANY])
    assert [chip.url for chip in ask.chip_row(FEW).chips][:2] == ["?q=rent&many=3", "?q=rent&many=3&few=0"]
    assert ask.chip_row(FEW, month="2026-11").chips[0].url == "?q=rent&many=3&month=2026-11"
