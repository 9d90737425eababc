"""Who stands in one plan: the person of a case, and the children who are children today.

A child's rows lie in the child's own file, under the child's key. On the eighteenth birthday a child leaves the parent's
page by itself: their file is their own.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field

from waymark.accounts.models import User
from waymark.care.policies import is_childs
from waymark.people.models import Person
from waymark.people.selectors import opened_person
from waymark.people.selectors.opened import OpenedPerson, opened_row
from waymark.people.selectors.persons import relations_of
from waymark.vault.selectors import OpenVault, RecordSecret, secrets_of


@dataclass(frozen=True)
class Member:
    """Somebody whose plan stands on a page, with the key that opens it."""

    person: Person
    name: str = field(repr=False)
    secret: RecordSecret = field(repr=False)

    @property
    def called(self) -> str:
        return self.name or f"File {self.person.code}"


def household_of(opened: OpenedPerson, secret: RecordSecret, *, vault: OpenVault, to: User, on: dt.date) -> list[Member]:
    """The person and their minor children who are open to `to`."""
    found = [Member(opened.person, opened.name, secret)]
    relations = list(relations_of(opened.person, to=to))
    secrets = secrets_of(vault, "person", [relation.other_id for relation in relations])
    for relation in relations:
        key = secrets.get(relation.other_id)
        if key is None or opened_row(relation, secret).get("kind") != "child":
            continue
        child = opened_person(relation.other, key)
        if child.born is not None and not is_childs(relation.other, child.born, on=on):
            continue
        found.append(Member(relation.other, child.name, key))
    return found


def people_of(person: Person, *, to: User) -> list[uuid.UUID]:
    """Whose care can be reached from the case of a person: theirs, and that of who is written down with them."""
    return [person.pk, *relations_of(person, to=to).values_list("other_id", flat=True)]
