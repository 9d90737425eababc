"""Which help line stands in a slot of a help page ("the legal aid line", "the local line for young people").

A page names its slots; a region names its lines as it likes. A line of the slot's own short name wins; otherwise the first
line that fits the slot's purpose; otherwise the slot stays empty, and the page is written to be of use without it.
"""

from __future__ import annotations

from collections.abc import Callable

from waymark.directory.models import HelpLine
from waymark.finder.selectors.lines import Line

LOCAL = frozenset({HelpLine.Scope.LOCAL.value, HelpLine.Scope.STATE.value})


def _is_legal(line: Line) -> bool:
    return "legal" in line.slug or "law" in line.slug.split("-")


def _is_about_work(line: Line) -> bool:
    return bool({"work", "worker", "workers", "labor", "wage", "wages"} & set(line.slug.split("-")))


PURPOSES: dict[str, Callable[[Line], bool]] = {
    "legal-aid": _is_legal,
    "local-work": lambda line: line.scope in LOCAL and _is_about_work(line),
    "local-youth": lambda line: line.scope in LOCAL and line.for_under_18,
    "local-safety": lambda line: (
        line.scope in LOCAL
        and not (line.is_police or line.for_under_18 or _is_legal(line) or _is_about_work(line))
        and bool(line.way("call") or line.way("text"))
    ),
}


def line_in_slot(slot: str, lines: list[Line]) -> Line | None:
    """The shown line for a slot of a page, if the region has one."""
    own = next((line for line in lines if line.slug == slot), None)
    if own is not None or slot not in PURPOSES:
        return own
    return next((line for line in lines if PURPOSES[slot](line)), None)
