"""Making and changing the file of a person: sealed facts, and the look-up values that follow from them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.people import policies
from waymark.people.formats.codes import new_code
from waymark.people.formats.sealed import pack
from waymark.people.formats.sounds import sounds_of
from waymark.people.models import LookUpValue, Person, PersonOwned
from waymark.people.policies import Refused
from waymark.people.selectors.finding import phone_digits
from waymark.people.selectors.opened import KIND, safe_ways
from waymark.sealing.errors import CannotOpenError
from waymark.vault.actions import new_record_key
from waymark.vault.actions import open_record as open_key
from waymark.vault.selectors import OpenVault, RecordGone, RecordSecret

Row = TypeVar("Row", bound=PersonOwned)
# Nobody's name has more words that matter; a look-up value for each word of a pasted letter would tell its length.
SOUNDS_KEPT = 8
CODES_TRIED = 50


def fresh_code(model: type[Any], agency: uuid.UUID) -> str:
    """A code that the agency has not given. Raises Refused when chance has run out, which means that the codes have."""
    for _ in range(CODES_TRIED):
        code = new_code()
        if not model.objects.filter(agency_id=agency, code=code).exists():
            return code
    raise Refused("No code is left to give. Tell whoever runs this installation.")


def new_person(
    *, vault: OpenVault, name: str, facts: Mapping[str, Any], age_band: str, by: User, pk: uuid.UUID | None = None
) -> tuple[Person, RecordSecret]:
    """A person's file with a key of its own; a part of the act that needs it, which is told."""
    agency = policies.must_work(by)
    pk = pk or uuid.uuid4()
    secret = new_record_key(vault=vault, kind=KIND, record=pk)
    person = Person.objects.create(
        pk=pk,
        agency_id=agency,
        code=fresh_code(Person, agency),
        age_band=age_band,
        name=secret.seal("people_person", "name", pk, pack({"name": name})),
        facts=secret.seal("people_person", "facts", pk, pack(facts)),
        made_by=by,
    )
    index_person(vault=vault, person=person, names=names_in(name, facts))
    return person, secret


def open_person(*, vault: OpenVault, person: Person, by: User) -> RecordSecret:
    """The key of a person's file. Raises Refused for who cannot open it, and for a file that was destroyed."""
    policies.must_work(by)
    try:
        return open_key(vault=vault, kind=KIND, record=person.pk)
    except CannotOpenError:
        raise Refused("This file does not open with your key. It is kept to named colleagues.") from None
    except RecordGone:
        raise Refused("This file was destroyed. Nothing opens it.") from None


@transaction.atomic
def change_person(
    *, vault: OpenVault, person: Person, name: str, facts: Mapping[str, Any], age_band: str, by: User
) -> None:
    """Correct who somebody is."""
    secret = open_person(vault=vault, person=person, by=by)
    person.name = secret.seal("people_person", "name", person.pk, pack({"name": name}))
    person.facts = secret.seal("people_person", "facts", person.pk, pack(facts))
    person.age_band = age_band
    person.save(update_fields=["name", "facts", "age_band"])
    reindex(vault=vault, person=person, name=name, facts=facts, secret=secret)
    record(verb="person.changed", by=by, kind=KIND, about=person.pk)


def write_row(
    model: type[Row], *, person: Person, secret: RecordSecret, values: Mapping[str, Any], by: User, **open_: Any
) -> Row:
    """A row of a person with `values` sealed and `open_` in the open; a part of the act that needs it."""
    pk = uuid.uuid4()
    sealed = secret.seal(model._meta.db_table, "sealed", pk, pack(values))
    row: Row = model._default_manager.create(
        pk=pk, agency_id=person.agency_id, person=person, sealed=sealed, made_by=by, **open_
    )
    return row


def names_in(name: str, facts: Mapping[str, Any]) -> list[str]:
    """Every name by which somebody may ask for a person."""
    return [part for part in (name, facts.get("legal_name", ""), facts.get("aliases", "")) if part]


def index_person(*, vault: OpenVault, person: Person, names: list[str], ways: list[tuple[str, str]] | None = None) -> None:
    """Write what a person is found by: sounds of names, keyed hashes of phones and e-mails."""
    sounds = sorted({sound for name in names for sound in sounds_of(name)})[:SOUNDS_KEPT]
    rows = [LookUpValue(kind="sound", sound=vault.sound_index(sound)) for sound in sounds]
    for channel, value in ways or []:
        if channel == "email":
            rows.append(LookUpValue(kind="email", exact=vault.index("email", value.strip().casefold())))
        elif channel in {"call", "text"}:
            rows.append(LookUpValue(kind="phone", exact=vault.index("phone", phone_digits(value))))
    for row in rows:
        row.agency_id, row.person = person.agency_id, person
    LookUpValue.objects.bulk_create(rows)


def forget_look_up(person: Person) -> None:
    """A person leaves the look-up."""
    LookUpValue.objects.filter(agency_id=person.agency_id, person=person).delete()


def reindex(*, vault: OpenVault, person: Person, name: str, facts: Mapping[str, Any], secret: RecordSecret) -> None:
    """Make the look-up values anew from what the file says now. A restricted person has none."""
    forget_look_up(person)
    if not person.is_restricted:
        ways = [(way.channel, way.value) for _, way in safe_ways(person, secret)]
        index_person(vault=vault, person=person, names=names_in(name, facts), ways=ways)
