"""Which apps have lines for which part of the home page: the one table to which an app adds its selectors.

A source is `waiting_for(user, now)`, `changed_for(user, now)` or `next_for(user, now)` in an app's `selectors`. It gives
lines of `waymark.pages.lines`, narrowed to what `user` may open in the agency for which they act now, and none for a role
that lacks the feature.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from waymark.accounts.models import User
from waymark.accounts.selectors import home as accounts
from waymark.assistance.selectors import home as assistance
from waymark.cases.selectors import home as cases
from waymark.coalition.selectors import calendar
from waymark.coalition.selectors import home as coalition
from waymark.coalition.selectors import my_work as coalition_work
from waymark.consent.selectors import releases as consent
from waymark.council.selectors import home as council
from waymark.directory.selectors import home as directory
from waymark.disclosures import selectors as disclosures
from waymark.diversion.selectors import home as diversion
from waymark.diversion.selectors import orders
from waymark.newsroom.selectors import home as newsroom
from waymark.obligations.selectors import home as obligations
from waymark.operations.selectors import home as operations
from waymark.pages.lines import Line
from waymark.referrals.selectors import home as referrals
from waymark.relief.selectors import home as relief
from waymark.vault.selectors import home as vault

Source = Callable[[User, dt.datetime], Sequence[Line]]


@dataclass(frozen=True)
class Sources:
    """A part of the page: its title, whether it looks back, and who has lines for it, most pressing first."""

    title: str
    is_past: bool
    sources: tuple[Source, ...]


PARTS: dict[str, Sources] = {
    "waiting": Sources(
        "What waits for you",
        False,
        (
            obligations.waiting_for,
            cases.waiting_for,
            referrals.waiting_for,
            assistance.waiting_for,
            relief.waiting_for,
            orders.waiting_for,
            diversion.waiting_for,
            consent.waiting_for,
            disclosures.waiting_for,
            coalition.waiting_for,
            coalition_work.waiting_for,
            vault.waiting_for,
            council.waiting_for,
            directory.waiting_for,
            newsroom.waiting_for,
            accounts.waiting_for,
        ),
    ),
    "changed": Sources(
        "What changed",
        True,
        (
            referrals.changed_for,
            calendar.changed_for,
            disclosures.changed_for,
            coalition_work.changed_for,
            coalition.changed_for,
            directory.changed_for,
            accounts.changed_for,
        ),
    ),
    "next": Sources(
        "What is next",
        False,
        (
            cases.next_for,
            diversion.next_for,
            operations.next_for,
            calendar.next_for,
            coalition_work.next_for,
            coalition.next_for,
            directory.next_for,
            newsroom.next_for,
            accounts.next_for,
        ),
    ),
}
