"""Keeping cases and destroying them: a hold, a rule, a request, and what a second person decides of it."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from waymark.access.sites import staff_page
from waymark.accounts.models import Membership, User
from waymark.audit.actions import record
from waymark.cases import policies
from waymark.cases.actions.moves import held_case
from waymark.cases.models import Case, CaseMove, DestructionRequest, Move, RetentionRule, State
from waymark.cases.selectors.keeping import holds_of, is_kept_long_enough, living_cases_of
from waymark.cases.selectors.records import KIND
from waymark.notices.actions import notify
from waymark.people.actions.records import forget_look_up
from waymark.people.models import Person
from waymark.people.policies import Refused
from waymark.vault.actions import hold_record, shred_record

HELD = "A legal hold stands on this case, so nothing of it is destroyed. It is lifted first, under Keeping and destroying."
GONE = "A colleague has decided on this request meanwhile."


@transaction.atomic
def set_retention(*, years: int, source: str, by: User) -> RetentionRule:
    """Say how long the agency keeps closed cases. The rule before stays written."""
    agency = policies.must_decide(by)
    rule = RetentionRule.objects.create(agency_id=agency, years=years, source=source, set_by=by)
    record(verb="retention.set", by=by, kind="retention_rule", about=rule.pk)
    return rule


@transaction.atomic
def ask_to_destroy(*, case: Case, why: str, with_person: bool, by: User) -> DestructionRequest:
    """Ask that a case that was put away be destroyed; officers of the agency are told that something waits."""
    policies.must_work(by)
    held = held_case(case)
    if held.state != State.ARCHIVED:
        raise Refused("Only a case that was put away is destroyed. Close it and put it away first.")
    if holds_of(held).exists():
        raise Refused(HELD)
    known = DestructionRequest.objects.filter(agency_id=held.agency_id, case=held, state="waiting").first()
    if known is not None:
        return known
    if why == DestructionRequest.Why.KEPT and not is_kept_long_enough(held, on=timezone.localdate()):
        raise Refused("It was not kept long enough yet, by the rule of your agency. Choose another reason, or wait.")
    asked = DestructionRequest.objects.create(
        agency_id=held.agency_id, case=held, why=why, with_person=with_person, asked_by=by
    )
    officers = Membership.objects.filter(agency_id=held.agency_id, state="active", role="officer").exclude(user=by)
    notify(to=officers, kind="destruction.asked", path=staff_page("cases:keeping_list"))
    record(verb="destruction.asked", by=by, kind=KIND, about=held.pk)
    return asked


@transaction.atomic
def take_back_destruction(*, case: Case, by: User) -> None:
    """Any worker of the case takes the request back."""
    policies.must_work(by)
    waiting = DestructionRequest.objects.select_for_update().filter(
        agency_id=case.agency_id, case_id=case.pk, state=DestructionRequest.State.WAITING
    )
    row = waiting.first()
    if row is None:
        raise Refused(GONE)
    _decide(row, DestructionRequest.State.WITHDRAWN, by)
    record(verb="destruction.taken_back", by=by, kind=KIND, about=case.pk)


@transaction.atomic
def refuse_destruction(*, request: uuid.UUID, by: User) -> None:
    """Keep the case; the worker who asked is told that there is an answer."""
    row = _waiting(request, by)
    _decide(row, DestructionRequest.State.REFUSED, by)
    _tell_asker(row)
    record(verb="destruction.refused", by=by, kind=KIND, about=row.case_id)


@transaction.atomic
def destroy_case(*, request: uuid.UUID, by: User) -> Case:
    """Destroy a case as somebody else asked, in one transaction: either all of it is gone or nothing is.

    The case's key goes, and with the last case of a person, where that was asked, the person's key and look-up. Code, dates
    and states stay as the tombstone, and what was counted stays counted. Needs no open vault. Raises Refused.
    """
    row = _waiting(request, by)
    if row.asked_by_id == by.pk:
        raise Refused("You asked for this. Somebody else of your agency decides.")
    case = held_case(row.case)
    if holds_of(case).exists():
        raise Refused(HELD)
    _decide(row, DestructionRequest.State.DONE, by)
    CaseMove.objects.create(pk=uuid.uuid4(), agency_id=case.agency_id, case=case, move=Move.SHRED)
    shred_record(agency=case.agency_id, kind=KIND, record=case.pk, by=by)
    if row.with_person and not living_cases_of(case).exists():
        _destroy_person(case.person, by)
    case.refresh_from_db(fields=["state"])
    _tell_asker(row)
    record(verb="case.destroyed", by=by, kind=KIND, about=case.pk)
    return case


def _destroy_person(person: Person, by: User) -> None:
    """The person's key, and those of files that were put together with it."""
    for one in (person, *Person.objects.filter(agency_id=person.agency_id, merged_into=person)):
        forget_look_up(one)
        shred_record(agency=one.agency_id, kind="person", record=one.pk, by=by)


def _waiting(request: uuid.UUID, by: User) -> DestructionRequest:
    agency = policies.must_decide(by)
    rows = DestructionRequest.objects.select_for_update(of=("self",)).select_related("case__person")
    row = rows.filter(agency_id=agency, pk=request, state=DestructionRequest.State.WAITING).first()
    if row is None:
        raise Refused(GONE)
    return row


def _decide(row: DestructionRequest, state: str, by: User) -> None:
    row.state, row.decided_at, row.decided_by = state, timezone.now(), by
    row.save(update_fields=["state", "decided_at", "decided_by"])


def _tell_asker(row: DestructionRequest) -> None:
    to = Membership.objects.filter(agency_id=row.agency_id, user_id=row.asked_by_id, state="active")
    notify(to=to, kind="destruction.decided", path=staff_page("cases:keeping", row.case_id))


@transaction.atomic
def hold_case(*, case: Case, why: str, by: User) -> None:
    """Keep a case from being destroyed while somebody may have to show it. A request that waits goes on waiting."""
    policies.must_work(by)
    hold_record(kind=KIND, record=case.pk, why=why, by=by)
