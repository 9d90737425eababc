"""People's sealed columns, opened for one member and one request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from waymark.people.formats.sealed import unpack
from waymark.people.models import Person, PersonOwned
from waymark.people.policies import SafeWay
from waymark.people.selectors.persons import contacts_of
from waymark.sealing.errors import CannotOpenError
from waymark.vault.selectors import OpenVault, RecordSecret, secrets_of

KIND = "person"
CLOSED = "Sealed"


@dataclass(frozen=True)
class OpenedPerson:
    """Who somebody is, in the hand of a worker whose vault is open."""

    person: Person
    name: str = field(repr=False)
    facts: dict[str, Any] = field(repr=False)

    @property
    def born(self) -> dt.date | None:
        said = self.facts.get("born")
        return dt.date.fromisoformat(said) if said else None


def secret_of(vault: OpenVault, person: Person) -> RecordSecret | None:
    """The open key of one person, or None for who may not open it."""
    return secrets_of(vault, KIND, [person.pk]).get(person.pk)


def opened_person(person: Person, secret: RecordSecret) -> OpenedPerson:
    """The sealed columns of a person."""
    name = unpack(secret.open("people_person", "name", person.pk, person.name)).get("name", "")
    return OpenedPerson(person, name, unpack(secret.open("people_person", "facts", person.pk, person.facts)))


def names_of(vault: OpenVault, people: Iterable[Person]) -> dict[UUID, str]:
    """What many people want to be called: one query for their keys. Who cannot be opened is left out."""
    rows = {person.pk: person for person in people}
    names = {}
    for pk, secret in secrets_of(vault, KIND, rows).items():
        try:
            names[pk] = unpack(secret.open("people_person", "name", pk, rows[pk].name)).get("name", "")
        except CannotOpenError:
            continue
    return names


def opened_row(row: PersonOwned, secret: RecordSecret) -> dict[str, Any]:
    """What a sealed row of a person says."""
    return unpack(secret.open(row._meta.db_table, "sealed", row.pk, row.sealed))


def safe_ways(person: Person, secret: RecordSecret) -> list[tuple[UUID, SafeWay]]:
    """The agreed ways to reach a person, each with its row."""
    return [(row.pk, SafeWay.of(opened_row(row, secret))) for row in contacts_of(person)]
