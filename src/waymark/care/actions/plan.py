"""Needs, goals and steps: begun, ended, changed into others, opened again.

Nothing is written over. What changes becomes another row that says which one it stands in for, so that the way is kept.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, TypeVar

from django.db import transaction

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.care.models import PROGRESS, Goal, Need, Planned, Progress, Step
from waymark.care.policies import owner_of, visible
from waymark.people.actions import open_person, write_row
from waymark.people.formats.sealed import pack
from waymark.people.models import Person
from waymark.people.policies import Refused
from waymark.people.selectors import opened_person
from waymark.people.selectors.opened import opened_row
from waymark.vault.selectors import OpenVault

Part = TypeVar("Part", bound=Planned)
MEANWHILE = "A colleague has changed this meanwhile. Look at where it stands now."
PAIRED = "This goal is paired with another one already."


def _held(row: Part) -> Part:
    """The row as it stands now, held until this transaction ends."""
    rows = type(row)._default_manager.select_for_update(of=("self",)).select_related("person")
    held: Part = rows.get(agency_id=row.agency_id, pk=row.pk)
    return held


def _must_be_open(row: Planned) -> None:
    if row.state != Progress.OPEN:
        raise Refused("This has ended already.")


@transaction.atomic
def add_need(
    *,
    vault: OpenVault,
    person: Person,
    case: uuid.UUID,
    domain: str,
    text: str,
    due_on: dt.date | None,
    on: dt.date,
    by: User,
) -> Need:
    """Write down what somebody needs: a grown-up, or a child in the child's own file."""
    secret = open_person(vault=vault, person=person, by=by)
    owner = owner_of(person, opened_person(person, secret).born, on=on)
    values = {"domain": domain, "text": text}
    row = write_row(Need, person=person, secret=secret, values=values, by=by, case_id=case, due_on=due_on, owner=owner)
    record(verb="need.added", by=by, kind="person", about=person.pk)
    return row


@transaction.atomic
def set_goal(
    *,
    vault: OpenVault,
    need: Need,
    text: str,
    due_on: dt.date | None,
    by: User,
    pair: uuid.UUID | None = None,
) -> Goal:
    """Write down where somebody wants to be, and the goal of a parent or child that it is paired with."""
    held = _held(need)
    _must_be_open(held)
    goal = _new_goal(vault=vault, need=held, text=text, due_on=due_on, pair=pair, by=by)
    record(verb="goal.set", by=by, kind="person", about=need.person_id)
    return goal


def _new_goal(
    *, vault: OpenVault, need: Need, text: str, due_on: dt.date | None, pair: uuid.UUID | None, by: User, **more: Any
) -> Goal:
    secret = open_person(vault=vault, person=need.person, by=by)
    goal = write_row(
        Goal,
        person=need.person,
        secret=secret,
        values={"text": text},
        by=by,
        case_id=need.case_id,
        need=need,
        due_on=due_on,
        pair_id=pair,
        **more,
    )
    if pair is not None:
        _pair_up(goal, pair, by)
    return goal


def _pair_up(goal: Goal, pair: uuid.UUID, by: User) -> None:
    """Say on the other goal, too, that the two belong together: of two people, each with one."""
    other = visible(Goal.objects.filter(pk=pair), to=by).select_for_update(of=("self",)).first()
    if other is None or other.person_id == goal.person_id:
        raise Refused("Choose an open goal of somebody else in the family.")
    _must_be_open(other)
    if other.pair_id is not None and other.pair_id != goal.instead_of_id:
        raise Refused(PAIRED)
    other.pair = goal
    other.save(update_fields=["pair"])


@transaction.atomic
def add_step(*, vault: OpenVault, goal: Goal, text: str, who: str, due_on: dt.date | None, by: User) -> Step:
    """Write down one thing to do, who does it, and until when."""
    held = _held(goal)
    _must_be_open(held)
    secret = open_person(vault=vault, person=held.person, by=by)
    values = {"text": text, "who": who}
    row = write_row(
        Step, person=held.person, secret=secret, values=values, by=by, case_id=held.case_id, goal=held, due_on=due_on
    )
    record(verb="step.added", by=by, kind="person", about=held.person_id)
    return row


@transaction.atomic
def end_part(*, vault: OpenVault, part: Planned, state: str, why: str, by: User) -> Planned:
    """It is met, or it is dropped with a word why, and what is below it with it. Nothing is met over what is still open."""
    held = _held(part)
    secret = open_person(vault=vault, person=held.person, by=by)
    if state not in (Progress.MET, Progress.DROPPED) or state not in PROGRESS[held.state]:
        raise Refused(MEANWHILE)
    below = _open_below(held)
    if below and state == Progress.MET:
        raise Refused(f"{below} below it still open. End what is below it first, or drop it.")
    if state == Progress.DROPPED and not why:
        raise Refused("Say why. It is sealed, and only your agency reads it.")
    if why:
        values = {**opened_row(held, secret), "why": why}
        held.sealed = secret.seal(held._meta.db_table, "sealed", held.pk, pack(values))
    held.state = state
    held.save(update_fields=["state", "sealed"])
    if state == Progress.DROPPED:
        _drop_below(held)
    record(verb="plan_part.ended", by=by, kind="person", about=held.person_id)
    return held


def _drop_below(part: Planned) -> None:
    """What is dropped takes along what was to lead there, or nobody would reach it and everybody be reminded of it."""
    steps = Step.objects.filter(agency_id=part.agency_id, state=Progress.OPEN)
    if isinstance(part, Need):
        steps.filter(goal__need=part).update(state=Progress.DROPPED)
        part.goals.filter(agency_id=part.agency_id, state=Progress.OPEN).update(state=Progress.DROPPED)
    elif isinstance(part, Goal):
        steps.filter(goal=part).update(state=Progress.DROPPED)


def _open_below(part: Planned) -> str:
    """What is open below a need or a goal, in words."""
    if isinstance(part, Need):
        number, word = part.goals.filter(agency_id=part.agency_id, state=Progress.OPEN).count(), "goal"
    elif isinstance(part, Goal):
        number, word = part.steps.filter(agency_id=part.agency_id, state=Progress.OPEN).count(), "step"
    else:
        return ""
    return f"{number} {word}{'s are' if number > 1 else ' is'}" if number else ""


@transaction.atomic
def reopen_part(*, vault: OpenVault, part: Planned, by: User) -> Planned:
    """It was ended by mistake, or it is needed again. What stands above it must be open."""
    held = _held(part)
    open_person(vault=vault, person=held.person, by=by)
    if Progress.OPEN not in PROGRESS[held.state]:
        raise Refused(MEANWHILE)
    above = held.need if isinstance(held, Goal) else held.goal if isinstance(held, Step) else None
    if above is not None and above.state != Progress.OPEN:
        raise Refused("What it belongs to has ended. Open that again first.")
    held.state = Progress.OPEN
    held.save(update_fields=["state"])
    record(verb="plan_part.reopened", by=by, kind="person", about=held.person_id)
    return held


@transaction.atomic
def change_goal(
    *, vault: OpenVault, goal: Goal, text: str, due_on: dt.date | None, pair: uuid.UUID | None, by: User
) -> Goal:
    """Put another goal in the place of one. Its open steps and its pair go along."""
    held = _held(goal)
    _must_be_open(held)
    held.state = Progress.CHANGED
    held.save(update_fields=["state"])
    need = _held(held.need)
    _must_be_open(need)
    newer = _new_goal(vault=vault, need=need, text=text, due_on=due_on, pair=pair, by=by, instead_of=held)
    held.steps.filter(agency_id=held.agency_id, state=Progress.OPEN).update(goal=newer)
    if held.pair_id is not None and held.pair_id != pair:
        Goal.objects.filter(agency_id=held.agency_id, pk=held.pair_id, pair=held, state=Progress.OPEN).update(pair=None)
    record(verb="goal.changed", by=by, kind="person", about=held.person_id)
    return newer


@transaction.atomic
def change_step(*, vault: OpenVault, step: Step, text: str, who: str, due_on: dt.date | None, by: User) -> Step:
    """Put another step in the place of one."""
    held = _held(step)
    _must_be_open(held)
    secret = open_person(vault=vault, person=held.person, by=by)
    held.state = Progress.CHANGED
    held.save(update_fields=["state"])
    newer = write_row(
        Step,
        person=held.person,
        secret=secret,
        values={"text": text, "who": who},
        by=by,
        case_id=held.case_id,
        goal=held.goal,
        due_on=due_on,
        instead_of=held,
    )
    record(verb="step.changed", by=by, kind="person", about=held.person_id)
    return newer
