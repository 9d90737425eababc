"""A household's stay: looking for a place, the lease, moving in, the end of help. The unit's address goes to the vault."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.assistance.actions.asking import MOVED, open_case_key
from waymark.assistance.models import HOUSING_MOVES, OPEN_STAYS, HousingMove, HousingStay, StayState, StayStep
from waymark.assistance.policies.who import HOUSING, must
from waymark.assistance.selectors.housing import KIND, TABLE, household_of, trouble_of, words_in
from waymark.audit.actions import record
from waymark.cases.models import OPEN_STATES, Case
from waymark.people.actions.addresses import put_address
from waymark.people.formats.sealed import pack
from waymark.people.models import Address, Person
from waymark.people.policies import Refused
from waymark.vault.selectors import OpenVault

ONE_STAY = "This household has an open stay already. A household has one at a time: go on with that one, or end it first."


@dataclass(frozen=True)
class Lease:
    """What stands in a lease, and from when to when the agency helps with the rent."""

    address: str
    lease_from: dt.date
    lease_until: dt.date | None
    rent: int
    helped_from: dt.date
    helped_until: dt.date
    words: Mapping[str, Any]


def _held(stay: HousingStay) -> HousingStay:
    """The stay as it stands now, with its household, both held until this transaction ends."""
    assert stay.household_id is not None  # noqa: S101 (the database writes it with the row)
    Person.objects.select_for_update(no_key=True).get(agency_id=stay.agency_id, pk=stay.household_id)
    rows = HousingStay.objects.select_for_update(of=("self",), no_key=True).select_related("case__person")
    return rows.get(agency_id=stay.agency_id, pk=stay.pk)


def _step(held: HousingStay, move: str, on: dt.date, *, helped_until: dt.date | None = None) -> None:
    if (held.state, move) not in HOUSING_MOVES:
        raise Refused(MOVED)
    StayStep.objects.create(agency_id=held.agency_id, stay=held, move=move, on=on, helped_until=helped_until)


@transaction.atomic
def begin_stay(*, case: Case, by: User) -> HousingStay:
    """A household begins to look for a place with the agency's help."""
    agency = must(by, HOUSING)
    person = Person.objects.select_for_update(no_key=True).get(agency_id=agency, pk=case.person_id)
    if Case.objects.get(agency_id=agency, pk=case.pk).state not in OPEN_STATES:
        raise Refused("This case is closed. Reopen it first.")
    if HousingStay.objects.filter(agency_id=agency, household_id=household_of(person), state__in=OPEN_STAYS).exists():
        raise Refused(ONE_STAY)
    stay = HousingStay.objects.create(agency_id=agency, case=case, made_by=by)
    # Whose household it is, the database says.
    stay.refresh_from_db(fields=["household"])
    record(verb="housing_stay.begun", by=by, kind=KIND, about=stay.pk)
    return stay


@transaction.atomic
def sign_lease(*, vault: OpenVault, stay: HousingStay, lease: Lease, by: User) -> None:
    """A lease is signed: where the unit is goes to the address vault of the person, and on no page."""
    must(by, HOUSING)
    secret = open_case_key(vault=vault, case=stay.case_id)
    held = _held(stay)
    if (held.state, HousingMove.LEASE) not in HOUSING_MOVES:
        raise Refused(MOVED)
    _must_be_within(held, lease.helped_from, lease.helped_until)
    place = put_address(vault=vault, person=held.case.person, kind=Address.Kind.UNIT, values={"text": lease.address}, by=by)
    held.unit = place
    held.lease_from, held.lease_until, held.rent = lease.lease_from, lease.lease_until, lease.rent
    held.helped_from, held.helped_until = lease.helped_from, lease.helped_until
    held.words = secret.seal(TABLE, "words", held.pk, pack(lease.words))
    held.save(update_fields=["unit", "lease_from", "lease_until", "rent", "helped_from", "helped_until", "words"])
    _step(held, HousingMove.LEASE, lease.lease_from)
    record(verb="housing_stay.leased", by=by, kind=KIND, about=held.pk)


@transaction.atomic
def change_help(*, stay: HousingStay, helped_until: dt.date, by: User) -> None:
    """The help goes on for longer, or ends earlier than was planned."""
    must(by, HOUSING)
    held = _held(stay)
    if (held.state, HousingMove.HELP) not in HOUSING_MOVES or held.helped_from is None:
        raise Refused(MOVED)
    if helped_until < held.helped_from:
        raise Refused("The last day of help is not before the first.")
    _must_be_within(held, held.helped_from, helped_until)
    _step(held, HousingMove.HELP, timezone.localdate(), helped_until=helped_until)
    record(verb="housing_stay.help_changed", by=by, kind=KIND, about=held.pk)


@transaction.atomic
def note_move_in(*, stay: HousingStay, on: dt.date, by: User) -> None:
    """They have the keys."""
    must(by, HOUSING)
    held = _held(stay)
    if held.lease_from is not None and on < held.lease_from:
        raise Refused("Nobody moves in before the lease begins.")
    _step(held, HousingMove.MOVE_IN, on)
    record(verb="housing_stay.moved_in", by=by, kind=KIND, about=held.pk)


@transaction.atomic
def end_stay(*, vault: OpenVault, stay: HousingStay, on: dt.date, words: Mapping[str, Any], by: User) -> None:
    """The help ends, with where they went. The unit's address can be looked up by nobody any more."""
    must(by, HOUSING)
    secret = open_case_key(vault=vault, case=stay.case_id)
    held = _held(stay)
    if held.moved_in_on is not None and on < held.moved_in_on:
        raise Refused("The help does not end before they moved in.")
    if held.state != StayState.EXITED:
        held.words = secret.seal(TABLE, "words", held.pk, pack({**words_in(held, secret), **words}))
        held.save(update_fields=["words"])
    _step(held, HousingMove.EXIT, on)
    if held.unit is not None:
        held.unit.ended_at = held.unit.ended_at or timezone.now()
        held.unit.save(update_fields=["ended_at"])
    record(verb="housing_stay.ended", by=by, kind=KIND, about=held.pk)


def _must_be_within(held: HousingStay, first: dt.date, last: dt.date) -> None:
    if trouble := trouble_of(held.case, first, last, without=held):
        raise Refused(trouble)
