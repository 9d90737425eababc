"""Who may see and move a relief case: advocates of the defender or legal aid office that keeps it, as far as its person is
open to them. Whoever works elsewhere may ask the rules, which keeps nothing.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TypeVar

from django.db.models import Model, QuerySet

from waymark.access.permissions import Permission
from waymark.accounts.models import AgencyKind, User
from waymark.law.policies.clocks import due_on
from waymark.law.policies.relief import carried_out_by, rule_of
from waymark.people.policies import Refused, agency_of, holds, open_to
from waymark.relief.models import MOVES, Move, ReliefCase, State

Row = TypeVar("Row", bound=Model)

# What somebody tells their lawyer is protected there and nowhere else.
KEEPERS = frozenset({AgencyKind.DEFENSE.value, AgencyKind.LEGAL_AID.value})
CHANGEABLE = frozenset({State.ASKING.value, State.DRAFTED.value, State.REVIEWED.value})
# Clocks of the law by what they mean here: an answer within so many days, or notice so many days ahead.
ANSWER = "vacatur_response"
NOTICE = "sealing_notice"
# When nothing about the person waits for these words any more, they can be deleted on request.
OVER = frozenset({State.CONFIRMED.value, State.DENIED.value, State.WITHDRAWN.value})


def keeps(by: User) -> bool:
    """Whether the agency for which `by` acts keeps relief cases."""
    return by.acting is not None and by.acting.agency.kind in KEEPERS


def may_view(by: User) -> bool:
    return keeps(by) and holds(by, Permission.RELIEF_CASE_VIEW)


def must_work(by: User) -> uuid.UUID:
    """The agency for which `by` may keep relief cases. Raises Refused."""
    if not keeps(by) or not holds(by, Permission.RELIEF_CASE_WORK):
        raise Refused("Defender and legal aid offices keep relief cases. Yours can ask the rules, and keeps nothing.")
    return agency_of(by)


def visible(queryset: QuerySet[Row], *, to: User) -> QuerySet[Row]:
    """Relief cases of the agency for which `to` acts, as far as their people are open to them."""
    if to.acting is None or not may_view(to):
        return queryset.none()
    return open_to(queryset.filter(agency_id=to.acting.agency_id), to=to)


def moves_from(state: str) -> list[Move]:
    """What can be done with a relief case in this state, in the order of the work."""
    return [move for move in Move if (state, move) in MOVES]


def may_change_words(case: ReliefCase) -> bool:
    """Whether questions and draft can still change: what was served stays as it was."""
    return case.state in CHANGEABLE


def clock_of(case: ReliefCase, move: str, happened_on: dt.date) -> dt.date | None:
    """The day that follows from a step: the prosecutor's answer after service, a hearing's own day, sealing after an order.

    A clock that the rule does not name is no day; nobody guesses one.
    """
    rule = rule_of(case.section)
    if move == Move.SET_HEARING:
        return happened_on
    if move == Move.ORDER:
        return carried_out_by(case.section, happened_on)
    if rule is None:
        return None
    if rule.clock == ANSWER:
        # Filing does not stop the clock that service has started.
        since = happened_on if move == Move.SERVE else case.served_on if move == Move.FILE else None
        return due_on(rule.clock, since) if since is not None else None
    return None


def earliest_hearing(section: str, served_on: dt.date | None) -> dt.date | None:
    """The first day on which a hearing may be held, where the law wants the petition served so long before."""
    rule = rule_of(section)
    if rule is None or served_on is None or rule.clock != NOTICE:
        return None
    return due_on(rule.clock, served_on)
