"""Answers to instruments: begun, gone on with, finished, made void. What they say goes to a screen and nowhere else.

The event that tells of an act says that an instrument was answered; not which, not how, and not that an alert was raised.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.care.formats.instruments import CURRENT, Instrument, Score, instrument
from waymark.care.models import Assessment
from waymark.people.actions import open_person, write_row
from waymark.people.formats.sealed import pack
from waymark.people.models import Person
from waymark.people.policies import Refused
from waymark.people.selectors.opened import opened_row
from waymark.vault.selectors import OpenVault

NOT_OURS = "The wording of this instrument is not ours to show yet."


def facts_of(one: Instrument, language: str, answers: Mapping[str, str], *, is_done: bool) -> dict[str, Any]:
    """What is sealed: the instrument's version, the answers and, when they are done, what they say."""
    facts: dict[str, Any] = {"instrument": one.key, "language": language, "answers": dict(answers)}
    if is_done:
        facts["score"] = score_facts(one.score(answers))
    return facts


def score_facts(score: Score) -> dict[str, Any]:
    """A score as it is pinned to its answers."""
    return {"total": score.total, "band": score.band, "unsaid": score.unsaid, "alert": score.is_alert}


@transaction.atomic
def begin_assessment(
    *, vault: OpenVault, person: Person, case: uuid.UUID, key: str, language: str, taken_on: dt.date, by: User
) -> Assessment:
    """Begin answers to an instrument as a draft. Raises Refused for an instrument that cannot be asked now."""
    if key not in CURRENT or language not in dict(instrument(key).speaks):
        raise Refused(NOT_OURS)
    secret = open_person(vault=vault, person=person, by=by)
    values = facts_of(instrument(key), language, {}, is_done=False)
    row = write_row(Assessment, person=person, secret=secret, values=values, by=by, case_id=case, taken_on=taken_on)
    record(verb="assessment.begun", by=by, kind="person", about=person.pk)
    return row


def _held(row: Assessment) -> Assessment:
    rows = Assessment.objects.select_for_update(of=("self",)).select_related("person")
    return rows.get(agency_id=row.agency_id, pk=row.pk)


@transaction.atomic
def go_on_with_assessment(
    *, vault: OpenVault, row: Assessment, answers: Mapping[str, str], taken_on: dt.date, is_done: bool, by: User
) -> Assessment:
    """Keep more answers of a draft, or finish it."""
    held = _held(row)
    secret = open_person(vault=vault, person=held.person, by=by)
    if held.state != Assessment.State.DRAFT:
        raise Refused("These answers are done already. To correct them make them void and ask again.")
    facts = opened_row(held, secret)
    values = facts_of(instrument(facts["instrument"]), facts["language"], answers, is_done=is_done)
    held.sealed = secret.seal("care_assessment", "sealed", held.pk, pack(values))
    held.taken_on = taken_on
    held.state = Assessment.State.DONE if is_done else Assessment.State.DRAFT
    held.save(update_fields=["sealed", "taken_on", "state"])
    record(verb="assessment.done" if is_done else "assessment.kept", by=by, kind="person", about=held.person_id)
    return held


@transaction.atomic
def void_assessment(*, vault: OpenVault, row: Assessment, by: User) -> None:
    """The answers do not count: they were somebody else's, or asked in a bad hour. They stay to be read."""
    held = _held(row)
    open_person(vault=vault, person=held.person, by=by)
    if held.state == Assessment.State.VOID:
        raise Refused("These answers are void already.")
    held.state = Assessment.State.VOID
    held.save(update_fields=["state"])
    record(verb="assessment.voided", by=by, kind="person", about=held.person_id)
