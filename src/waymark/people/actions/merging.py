"""Two files of one person, put together and taken apart again.

Nothing is copied and nothing is lost: one file points to the other, both keep their keys and histories, and taking apart is
taking the pointer away. What is stricter wins: who must not see one file of a person must see none of them, whether it was
said before or afterwards, and a file that is kept to named colleagues is not put together with one that is not.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.people.actions.records import open_person, write_row
from waymark.people.models import Denial, Person
from waymark.people.policies import UNDO_MERGE, Refused, trouble_of_merging
from waymark.people.selectors.persons import denials_of, files_of
from waymark.vault.selectors import OpenVault


def held_files(*people: Person) -> list[Person]:
    """Every file of these people, locked until the transaction ends, in one order so that nobody waits in a circle."""
    rows = Person.objects.filter(agency_id=people[0].agency_id)
    while True:
        # As they stand now: whoever asks may hold a row from before somebody put it together with another.
        now = rows.filter(pk__in=[person.pk for person in people])
        known = {row.pk for person in now for row in files_of(person)}
        held = list(rows.select_for_update().filter(pk__in=known).order_by("pk"))
        # Somebody may have put one more together with them before we held them.
        if known == {row.pk for person in held for row in files_of(person)}:
            return held


def deny_everywhere(*, vault: OpenVault, files: Iterable[Person], user: uuid.UUID, text: str, by: User) -> None:
    """Write in each of these files that somebody must not see it, where it does not stand yet. Part of an act."""
    for row in files:
        if not denials_of(row).filter(user_id=user).exists():
            secret = open_person(vault=vault, person=row, by=by)
            write_row(Denial, person=row, secret=secret, values={"text": text}, by=by, user_id=user)


@transaction.atomic
def merge_person(*, vault: OpenVault, person: Person, into: Person, by: User) -> None:
    """Say that `person` is `into`. Can be undone for 30 days."""
    held = {row.pk: row for row in held_files(person, into)}
    one, other = held[person.pk], held[into.pk]
    for row in (one, other):
        open_person(vault=vault, person=row, by=by)
    if one.pk == other.pk:
        raise Refused("This is the same file.")
    if one.merged_into_id or other.merged_into_id or one.merged.exists():
        raise Refused("One of the two was put together with another file. Take that apart first.")
    if one.is_restricted or other.is_restricted:
        raise Refused("One of the two is kept to named colleagues. Open it to the agency first, or leave them apart.")
    if trouble := trouble_of_merging(one, other):
        raise Refused(trouble)
    for user, since in {denial.user_id: row for row in held.values() for denial in denials_of(row)}.items():
        deny_everywhere(vault=vault, files=held.values(), user=user, text=f"From file {since.code}", by=by)
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
