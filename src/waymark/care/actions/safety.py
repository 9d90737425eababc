"""Safety plans: a new version in the place of the one before, and whether the person has a copy."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.care.formats.safety_plans import sections
from waymark.care.models import SafetyPlan
from waymark.people.actions import open_person, write_row
from waymark.people.models import Person
from waymark.people.policies import Refused
from waymark.vault.selectors import OpenVault

NEWER = (
    "A colleague has written a newer version meanwhile. Read it first, in another tab; what you typed is still here. If "
    "you keep it then, it takes the place of theirs."
)


@transaction.atomic
def write_safety_plan(
    *,
    vault: OpenVault,
    person: Person,
    case: uuid.UUID,
    texts: Mapping[str, str],
    review_on: dt.date,
    by: User,
    after: int | None = None,
) -> SafetyPlan:
    """Write a version. The one before is superseded; `after` is the number that the writer saw, or None for none."""
    secret = open_person(vault=vault, person=person, by=by)
    if not any(texts.values()):
        raise Refused("Write at least one section.")
    Person.objects.select_for_update(of=("self",)).get(agency_id=person.agency_id, pk=person.pk)
    before = SafetyPlan.objects.filter(agency_id=person.agency_id, person=person, state=SafetyPlan.State.CURRENT)
    known = before.values_list("number", flat=True).first()
    if known != after:
        raise Refused(NEWER)
    before.update(state=SafetyPlan.State.SUPERSEDED)
    values = {"version": sections().version, "texts": {code: text for code, text in texts.items() if text}}
    row = write_row(SafetyPlan, person=person, secret=secret, values=values, by=by, case_id=case, review_on=review_on)
    row.refresh_from_db(fields=["number"])
    record(verb="safety_plan.written", by=by, kind="person", about=person.pk)
    return row


@transaction.atomic
def note_copy(*, plan: SafetyPlan, is_given: bool, by: User) -> None:
    """Write down whether the person has a copy of this version, or wants none."""
    said = SafetyPlan.Copy.GIVEN if is_given else SafetyPlan.Copy.NOT_GIVEN
    rows = SafetyPlan.objects.filter(agency_id=plan.agency_id, pk=plan.pk, state=SafetyPlan.State.CURRENT)
    if not rows.update(copy=said):
        raise Refused("A newer version was written meanwhile.")
    record(verb="safety_plan.copy_noted", by=by, kind="person", about=plan.person_id)


@transaction.atomic
def postpone_review(*, plan: SafetyPlan, review_on: dt.date, by: User) -> None:
    """It was looked at together and still holds: it is looked at again on another day."""
    rows = SafetyPlan.objects.filter(agency_id=plan.agency_id, pk=plan.pk, state=SafetyPlan.State.CURRENT)
    if not rows.update(review_on=review_on):
        raise Refused("A newer version was written meanwhile.")
    record(verb="safety_plan.reviewed", by=by, kind="person", about=plan.person_id)
