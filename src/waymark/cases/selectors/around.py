"""What apps above have to say on a case's page. They give it here, because a case knows nothing of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from waymark.accounts.models import User
from waymark.cases.models import Case


@dataclass(frozen=True)
class CaseLine:
    """One line about a case: what it is, where it leads, how far it is."""

    title: str
    url: str
    state: str
    says: str
    at: dt.datetime | None
    is_good: bool = False


Give = Callable[[Case, User, dt.datetime], list[CaseLine]]
_givers: list[Give] = []


def put_on_cases(give: Give) -> None:
    """Say what stands beside a case. Called by an app when it starts."""
    _givers.append(give)


def lines_around(case: Case, *, to: User, at: dt.datetime) -> list[CaseLine]:
    """What was asked of others for a case, in the order in which the apps came."""
    return [line for give in _givers for line in give(case, to, at)]
