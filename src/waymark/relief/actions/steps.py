"""Moving a relief case on. The software files nothing: it writes down what an attorney, a court and agencies did."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.people.policies import Refused
from waymark.relief import policies
from waymark.relief.actions.holders import take_in_answers
from waymark.relief.actions.keeping import MOVED, held, open_key_of, write_step
from waymark.relief.models import MOVES, Move, ReliefCase
from waymark.relief.selectors.records import KIND, holders_of
from waymark.vault.selectors import OpenVault


@transaction.atomic
def move_relief(*, vault: OpenVault, case: ReliefCase, move: str, on: dt.date, by: User) -> ReliefCase:
    """One step on a day. Drafting is an act of its own: it needs words."""
    open_key_of(vault=vault, case=case, by=by)
    now = held(case)
    if move == Move.DRAFT or (now.state, move) not in MOVES:
        raise Refused(MOVED)
    if move == Move.CONFIRM:
        take_in_answers(vault=vault, case=case, by=by)
    trouble = trouble_of(now, move, on)
    if trouble:
        raise Refused(trouble)
    moved = write_step(now, move, on=on)
    record(verb="relief.moved", by=by, kind=KIND, about=case.pk)
    return moved


def trouble_of(case: ReliefCase, move: str, on: dt.date) -> str:
    """Why a step cannot have this day, in words for the form; empty when it can."""
    if move == Move.SET_HEARING:
        earliest = policies.earliest_hearing(case.section, case.served_on)
        if earliest is not None and on < earliest:
            day = f"{earliest:%B} {earliest.day}, {earliest.year}"
            return f"The law wants the petition served so long before the hearing that {day} is the first day."
        if case.filed_on is not None and on < case.filed_on:
            return "A hearing comes after the filing."
        return ""
    if on > timezone.localdate():
        return "This day has not come yet. Write it down when it has happened."
    before = {Move.FILE: case.served_on, Move.ORDER: case.filed_on, Move.DENY: case.filed_on}.get(Move(move))
    if before is not None and on < before:
        return "This is before the step that comes first."
    if move == Move.CONFIRM and (not (found := list(holders_of(case))) or any(row.sealed_on is None for row in found)):
        return "Not every agency has confirmed that its rows are sealed. Name all of them first."
    return ""
