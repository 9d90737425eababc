"""Where a person is and who is with them, opened for one page. A real address is never among it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from waymark.accounts.models import User
from waymark.people.models import Address, Person, Relation
from waymark.people.policies import age_on, is_grown_up, may_sign_for
from waymark.people.selectors.opened import OpenedPerson, opened_person, opened_row
from waymark.people.selectors.persons import addresses_of, relations_of
from waymark.vault.selectors import OpenVault, RecordSecret, secrets_of


@dataclass(frozen=True)
class Around:
    """Somebody who is with a person."""

    relation: Relation
    facts: dict[str, Any] = field(repr=False)
    opened: OpenedPerson | None = field(repr=False)
    age: int | None
    may_sign: bool


@dataclass(frozen=True)
class Place:
    """An address on a file: the text of the substitute; of the real one and of a unit only that it is there."""

    address: Address
    facts: dict[str, Any] = field(repr=False)

    @property
    def is_real(self) -> bool:
        return self.address.kind != Address.Kind.SUBSTITUTE


def places_of(person: Person, secret: RecordSecret) -> list[Place]:
    """The addresses of a person. A real one stays closed."""
    open_kind = Address.Kind.SUBSTITUTE
    return [Place(row, opened_row(row, secret) if row.kind == open_kind else {}) for row in addresses_of(person)]


def people_around(opened: OpenedPerson, secret: RecordSecret, *, vault: OpenVault, to: User, on: dt.date) -> list[Around]:
    """Who is with a person, and who of them may sign for the person today."""
    relations = list(relations_of(opened.person, to=to))
    secrets = secrets_of(vault, "person", [relation.other_id for relation in relations])
    found = []
    for relation in relations:
        key = secrets.get(relation.other_id)
        other = opened_person(relation.other, key) if key is not None else None
        born = other.born if other is not None else None
        signs = may_sign_for(
            is_alleged_abuser=relation.is_alleged_abuser,
            may_sign=relation.may_sign,
            is_subject_grown_up=is_grown_up(opened.born, on),
        )
        age = age_on(born, on) if born is not None else None
        found.append(Around(relation, opened_row(relation, secret), other, age, signs))
    return found
