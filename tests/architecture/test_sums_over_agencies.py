"""A number that is added up over agencies says that it is a sum and may count a person more than once.

Nothing here may find out who was counted twice, so every such number says so where it stands. The templates are read for
words of adding up, and the program for columns of counts that several agencies filled; each find is decided below, and a
new one fails until somebody has said which it is.
"""

from __future__ import annotations

import re
from pathlib import Path

from waymark.newsroom.formats.results import CAVEATS
from waymark.operations.formats.quarterly import SUM_OVER_AGENCIES

SOURCE = Path(__file__).parents[2] / "src" / "waymark"
ADDED_UP = re.compile(r"\b(?:totals?|sums?|in all|added up|altogether|all agencies|together counted)\b", re.IGNORECASE)
MARKUP = re.compile(r"\{[{%#].*?[}%#]\}|<[^>]+>", re.DOTALL)

# Where people whom several agencies counted are added up. Each says the sentence in its own text, or shows the caveats.
SUMS = {
    "operations/templates/operations/operation_detail.html": "sum_over_agencies",
    "operations/templates/operations/quarter_list.html": "sum_over_agencies",
    "newsroom/templates/newsroom/public/_result.html": "caveats",
}
# What is added up there is no person whom several agencies could have counted.
NOT_PEOPLE_OF_SEVERAL_AGENCIES = {
    "care/templates/care/_chart.html": "points of one person's answers",
    "cases/templates/cases/assessment_detail.html": "points of one person's answers",
    "cases/templates/cases/assessment_list.html": "points of one person's answers",
    "council/templates/council/_quarters.html": "hours and money of council members",
    "council/templates/council/time_approve.html": "money",
    "council/templates/council/time_pay.html": "money",
    "newsroom/templates/newsroom/_figure_facts.html": "a figure in the words of who published it, with its caveat",
    "newsroom/templates/newsroom/public/figure_list.html": "figures in the words of who published them, never added",
    "newsroom/templates/newsroom/public/results.html": "a running total in the words of who published it",
}
# Code that adds up counts of several agencies: the columns of a quarter's file, and an operation's counts side by side.
SUMMING = {"operations/selectors/quarters.py", "operations/selectors/__init__.py"}
OF_SEVERAL = re.compile(r"\b(?:OutcomeCount|ServiceTotal|OperationTotal)\.objects\b|\bsum\(known\)")


def test_every_page_that_adds_up_is_decided() -> None:
    found = set()
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        if ADDED_UP.search(MARKUP.sub(" ", path.read_text(encoding="utf-8"))):
            found.add(str(path.relative_to(SOURCE)))
    known = SUMS.keys() | NOT_PEOPLE_OF_SEVERAL_AGENCIES.keys()
    assert found - known == set(), "does it add up people whom several agencies counted? Then it says so"


def test_pages_with_sums_over_agencies_say_so() -> None:
    said = "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("newsroom/templates/**/*.html"))
    for name, word in SUMS.items():
        text = (SOURCE / name).read_text(encoding="utf-8")
        assert f"{{{{ {word} }}}}" in text or (word == "caveats" and "caveats" in said), name
    assert any("sum over agencies" in one and "more than once" in one for one in CAVEATS)
    assert "more than once" in SUM_OVER_AGENCIES


def test_code_that_reads_counts_of_several_agencies_is_decided() -> None:
    """A selector that reads them gives them to a page or a file, which says the sentence."""
    found = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if path.parent.name in {"selectors", "formats"} and OF_SEVERAL.search(path.read_text(encoding="utf-8"))
    }
    assert found == SUMMING
    assert "SUM_OVER_AGENCIES" in (SOURCE / "operations/selectors/quarters.py").read_text(encoding="utf-8")
