"""Who may see a case and its person: named colleagues only, or everybody but those on the deny list."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.cases import policies
from waymark.cases.models import OPEN_STATES, Case
from waymark.people.actions import open_person
from waymark.people.actions.merging import deny_everywhere, held_files
from waymark.people.actions.records import forget_look_up, reindex
from waymark.people.models import Denial, NamedReader, Person
from waymark.people.policies import Refused
from waymark.people.selectors import opened_person
from waymark.people.selectors.persons import denials_of, files_of, readers_of
from waymark.vault.actions import lift_restriction, restrict_record
from waymark.vault.selectors import OpenVault


def _held(person: Person) -> Person:
    return Person.objects.select_for_update().get(agency_id=person.agency_id, pk=person.pk)


def _records(person: Person) -> list[tuple[str, uuid.UUID]]:
    cases = Case.objects.filter(agency_id=person.agency_id, person=person).order_by("pk").values_list("pk", flat=True)
    return [("person", person.pk), *(("case", pk) for pk in cases)]


@transaction.atomic
def restrict_case(*, vault: OpenVault, case: Case, to: Collection[uuid.UUID], by: User) -> None:
    """Keep a person and all of their cases to named colleagues. Each key that is wrapped anew is told."""
    policies.must_work(by)
    person = _held(case.person)
    if person.merged_into_id is not None or person.merged.exists():
        raise Refused("This file was put together with another one. Take them apart first.")
    if {denial.user_id for denial in denials_of(person)} & set(to):
        raise Refused("One of them stands on the deny list, which beats every grant.")
    open_cases = Case.objects.filter(agency_id=person.agency_id, person=person, state__in=OPEN_STATES)
    if open_cases.exclude(worker_id__in=to).exists():
        raise Refused("Name whoever works on an open case of theirs, or give the case to somebody else first.")
    for kind, pk in _records(person):
        restrict_record(vault=vault, kind=kind, record=pk, to=to, by=by)
    readers_of(person).delete()
    NamedReader.objects.bulk_create(
        [NamedReader(agency_id=person.agency_id, person=person, user_id=user) for user in sorted(set(to))]
    )
    person.is_restricted = True
    person.save(update_fields=["is_restricted"])
    forget_look_up(person)


@transaction.atomic
def release_case(*, vault: OpenVault, case: Case, by: User) -> None:
    """Give a restricted person back to the agency, all but who stands on the deny list."""
    policies.must_work(by)
    person = _held(case.person)
    if not person.is_restricted:
        raise Refused("This person is not kept to named colleagues.")
    for kind, pk in _records(person):
        lift_restriction(vault=vault, kind=kind, record=pk, by=by)
    readers_of(person).delete()
    person.is_restricted = False
    person.save(update_fields=["is_restricted"])
    secret = open_person(vault=vault, person=person, by=by)
    opened = opened_person(person, secret)
    reindex(vault=vault, person=person, name=opened.name, facts=opened.facts, secret=secret)


@transaction.atomic
def deny(*, vault: OpenVault, case: Case, user: uuid.UUID, reason: str, by: User) -> None:
    """A colleague must not see this person, whatever else would let them: in none of the person's files."""
    files = held_files(case.person)
    person = next(row for row in files if row.pk == case.person_id)
    open_person(vault=vault, person=person, by=by)
    if user == by.pk:
        raise Refused("Ask a colleague to do this for you: who is denied cannot undo it.")
    if denials_of(person).filter(user_id=user).exists():
        raise Refused("They stand on the deny list already.")
    works_on = Case.objects.filter(agency_id=person.agency_id, person__in=files, worker_id=user, state__in=OPEN_STATES)
    if works_on.exists():
        raise Refused("They work on an open case of this person. Give it to somebody else first (Plan).")
    left = [row.user_id for row in readers_of(person) if row.user_id != user]
    if person.is_restricted and not left:
        raise Refused("Nobody would be left who can open it. Name somebody else first.")
    deny_everywhere(vault=vault, files=files, user=user, text=reason, by=by)
    if person.is_restricted:
        for kind, pk in _records(person):
            restrict_record(vault=vault, kind=kind, record=pk, to=left, by=by)
    record(verb="denial.made", by=by, kind="person", about=person.pk)


@transaction.atomic
def lift_denial(*, vault: OpenVault, case: Case, denial: Denial, by: User) -> None:
    """The conflict is over, for all files that are one person's now."""
    open_person(vault=vault, person=case.person, by=by)
    if not denials_of(case.person).filter(pk=denial.pk).exists():
        return
    everywhere = Denial.objects.filter(agency_id=case.agency_id, person__in=files_of(case.person), user_id=denial.user_id)
    everywhere.filter(lifted_at__isnull=True).update(lifted_at=timezone.now())
    record(verb="denial.lifted", by=by, kind="person", about=case.person_id)
