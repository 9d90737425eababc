"""Two files of one person, put together and taken apart again.

Nothing is copied and nothing is lost: one file points to the other, both keep their keys and histories, and taking apart is
taking the pointer away. What is stricter wins: who must not see one file must not see the other, and a file that is kept to
named colleagues is not put together with one that is not.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.people.actions.records import open_person, write_row
from waymark.people.models import Denial, Person
from waymark.people.policies import UNDO_MERGE, Refused
from waymark.people.selectors.persons import denials_of
from waymark.vault.selectors import OpenVault


@transaction.atomic
def merge_person(*, vault: OpenVault, person: Person, into: Person, by: User) -> None:
    """Say that `person` is `into`. Can be undone for 30 days."""
    pair = sorted((person.pk, into.pk))
    held = {row.pk: row for row in Person.objects.select_for_update().filter(agency_id=person.agency_id, pk__in=pair)}
    one, other = held[person.pk], held[into.pk]
    secrets = {row.pk: open_person(vault=vault, person=row, by=by) for row in (one, other)}
    if one.pk == other.pk:
        raise Refused("This is the same file.")
    if one.merged_into_id or other.merged_into_id or one.merged.exists():
        raise Refused("One of the two was put together with another file. Take that apart first.")
    if one.is_restricted or other.is_restricted:
        raise Refused("One of the two is kept to named colleagues. Open it to the agency first, or leave them apart.")
    denied = {row.pk: {denial.user_id for denial in denials_of(row)} for row in (one, other)}
    for here, there in ((one, other), (other, one)):
        for user in denied[there.pk] - denied[here.pk]:
            values = {"text": f"From file {there.code}"}
            write_row(Denial, person=here, secret=secrets[here.pk], values=values, by=by, user_id=user)
    one.merged_into, one.merged_at = other, timezone.now()
    one.save(update_fields=["merged_into", "merged_at"])
    record(verb="person.merged", by=by, kind="person", about=one.pk)


@transaction.atomic
def split_person(*, vault: OpenVault, person: Person, by: User) -> None:
    """They are two after all. Denials stay on both: what is stricter wins."""
    held = Person.objects.select_for_update().get(agency_id=person.agency_id, pk=person.pk)
    open_person(vault=vault, person=held, by=by)
    if held.merged_at is None:
        raise Refused("This file stands by itself.")
    if timezone.now() > held.merged_at + UNDO_MERGE:
        raise Refused("Files can be taken apart for 30 days after they were put together.")
    held.merged_into = held.merged_at = None
    held.save(update_fields=["merged_into", "merged_at"])
    record(verb="person.split", by=by, kind="person", about=held.pk)
