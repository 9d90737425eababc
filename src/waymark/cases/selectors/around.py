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
Against = Callable[[Case], str]
_givers: list[Give] = []
_of_money: list[Give] = []
_against: list[Against] = []


def put_on_cases(give: Give) -> None:
    """Say what stands beside a case. Called by an app when it starts."""
    _givers.append(give)


def lines_around(case: Case, *, to: User, at: dt.datetime) -> list[CaseLine]:
    """What was asked of others for a case, in the order in which the apps came."""
    return [line for give in _givers for line in give(case, to, at)]


def put_money_on_cases(give: Give) -> None:
    """Say what money and housing stand beside a case. Called by an app when it starts."""
    _of_money.append(give)


def money_around(case: Case, *, to: User, at: dt.datetime) -> list[CaseLine]:
    """What was asked for in money, and where the household lives with help."""
    return [line for give in _of_money for line in give(case, to, at)]


def put_against_archiving(says: Against) -> None:
    """Say why a case cannot be put away: something of it is still under way above. Called by an app when it starts."""
    _against.append(says)


def trouble_of_archiving(case: Case) -> str:
    """The first reason against putting a case away, in words for the form; empty when there is none."""
    return next(filter(None, (says(case) for says in _against)), "")
