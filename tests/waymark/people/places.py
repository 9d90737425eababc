"""Where the addresses of people lead. Nobody in the matrix has an open vault: that comes after."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from tests.factories.people import a_contact, a_person, a_relation, an_address
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


def address(world: Any, agency: Agency) -> dict[str, Any]:
    who = person_in(world, agency)
    return {"pk": who.pk, "address": an_address(who, world.member_of(agency)).pk}


def relation(world: Any, agency: Agency) -> dict[str, Any]:
    who, by = person_in(world, agency), world.member_of(agency)
    return {"pk": who.pk, "relation": a_relation(who, a_person(agency, by), by).pk}


def merged(world: Any, agency: Agency) -> dict[str, Any]:
    by = world.member_of(agency)
    return {"pk": a_person(agency, by, merged_into=a_person(agency, by), merged_at=timezone.now()).pk}


PLACES = {
    "people:address_end": of_agency(address, only=SERVING),
    "people:address_new": of_agency(person, only=SERVING),
    "people:address_read": of_agency(address, only=SERVING),
    "people:change": of_agency(person, only=SERVING),
    "people:contact_end": of_agency(contact, only=SERVING),
    "people:contact_new": of_agency(person, only=SERVING),
    "people:contact_show": of_agency(contact, only=SERVING),
    "people:detail": of_agency(person, only=SERVING),
    "people:find": no_object(),
    "people:merge": of_agency(person, only=SERVING),
    "people:relation_end": of_agency(relation, only=SERVING),
    "people:relation_new": of_agency(person, only=SERVING),
    "people:split": of_agency(merged, only=SERVING),
}
