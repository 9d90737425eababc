"""Where the addresses of people lead. Nobody in the matrix has an open vault: that comes after."""

from __future__ import annotations

from typing import Any

from tests.factories.people import a_contact, a_person
from tests.plugins.askers import COMMON, SURVIVOR
from tests.plugins.places import no_object, of_agency

from waymark.accounts.models import Agency
from waymark.people.models import Person

# The justice side can have no such rows at all: the database refuses them (test_people_rules.py).
SERVING = frozenset({SURVIVOR.value, COMMON.value})


def person_in(world: Any, agency: Agency) -> Person:
    person: Person = world.once(a_person, agency=agency, by=world.member_of(agency))
    return person


def person(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": person_in(world, agency).pk}


def contact(world: Any, agency: Agency) -> dict[str, Any]:
    who = person_in(world, agency)
    return {"pk": who.pk, "contact": a_contact(who, world.member_of(agency)).pk}


PLACES = {
    "people:change": of_agency(person, only=SERVING),
    "people:contact_end": of_agency(contact, only=SERVING),
    "people:contact_new": of_agency(person, only=SERVING),
    "people:contact_show": of_agency(contact, only=SERVING),
    "people:detail": of_agency(person, only=SERVING),
    "people:find": no_object(),
}
