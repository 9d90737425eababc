"""Where a person is: the address that stands in for it on every page, and the real one, which is looked at for a reason."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record, record_read
from waymark.people.actions.records import open_person, write_row
from waymark.people.models import Address, Person
from waymark.people.policies import Refused
from waymark.people.selectors.opened import opened_row
from waymark.people.selectors.persons import addresses_of
from waymark.vault.selectors import OpenVault


@transaction.atomic
def keep_address(*, vault: OpenVault, person: Person, kind: str, values: Mapping[str, Any], by: User) -> Address:
    """Write down an address. Another of the same kind ends the one before."""
    row = put_address(vault=vault, person=person, kind=kind, values=values, by=by)
    record(verb="address.kept", by=by, kind="person", about=person.pk, fields=[kind])
    return row


def put_address(*, vault: OpenVault, person: Person, kind: str, values: Mapping[str, Any], by: User) -> Address:
    """An address in the vault; a part of the act that needs it, which is told."""
    secret = open_person(vault=vault, person=person, by=by)
    addresses_of(person).filter(kind=kind).update(ended_at=timezone.now())
    return write_row(Address, person=person, secret=secret, values=values, by=by, kind=kind)


@transaction.atomic
def end_address(*, vault: OpenVault, person: Person, address: uuid.UUID, by: User) -> None:
    """A person is not there any more."""
    open_person(vault=vault, person=person, by=by)
    if not addresses_of(person).filter(pk=address).update(ended_at=timezone.now()):
        raise Refused("This address has ended already.")
    record(verb="address.ended", by=by, kind="person", about=person.pk)


@transaction.atomic
def read_address(*, vault: OpenVault, person: Person, address: uuid.UUID, reason: str, by: User) -> dict[str, Any]:
    """What a real address says, for a reason of a closed list. The look is told first, and there are few an hour."""
    secret = open_person(vault=vault, person=person, by=by)
    row = addresses_of(person).filter(pk=address).exclude(kind=Address.Kind.SUBSTITUTE).first()
    if row is None:
        raise Refused("This address has ended.")
    record_read(by=by, kind="address", about=person.pk, purpose=reason)
    return opened_row(row, secret)
