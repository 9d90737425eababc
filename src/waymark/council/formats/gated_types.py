"""Which kinds of things wait for the council before they go public, and which never do, as data.

The rows are loaded by a migration and only the owner changes them: this is a law of the house, not a setting.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TypeOfThing:
    """One kind of thing, and why the council does or does not stand before it."""

    code: str
    name: str
    is_gated: bool
    why: str


TYPES = (
    TypeOfThing("campaign", "Campaigns", True, "Their words and pictures reach people who are being hurt now."),
    TypeOfThing("course", "Courses", True, "They teach strangers how to meet survivors."),
    TypeOfThing("page_text", "Texts of public pages", True, "They say who the coalition is, in survivors' name too."),
    TypeOfThing("press_item", "Press items", True, "What newspapers print about people cannot be taken back."),
    TypeOfThing("published_result", "Published results", True, "Numbers about survivors are read as the truth about them."),
    TypeOfThing("help_line", "Help lines", False, "A number that is late helps nobody."),
    TypeOfThing("safety_correction", "Corrections for safety", False, "What endangers somebody goes at once."),
    TypeOfThing("service_listing", "Service listings", False, "Who needs a bed tonight does not wait ten days."),
    TypeOfThing("withdrawal", "Withdrawals", False, "Taking something back hurts nobody."),
)
GATED = frozenset(each.code for each in TYPES if each.is_gated)
