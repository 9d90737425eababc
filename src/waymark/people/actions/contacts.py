"""The ways to reach a person, as the person agreed to them; and the door through which every contact goes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import must_be_within_limit, record
from waymark.people.actions.records import index_person, open_person, reindex, write_row
from waymark.people.models import Person, SafeContact
from waymark.people.policies import Refused, SafeWay, may_contact
from waymark.people.selectors.opened import opened_person, safe_ways
from waymark.people.selectors.persons import contacts_of
from waymark.vault.selectors import OpenVault, RecordSecret


def seal_contact(
    *, vault: OpenVault, person: Person, secret: RecordSecret, values: Mapping[str, Any], by: User
) -> SafeContact:
    """One agreed way, sealed, and found by the look-up; a part of the act that needs it."""
    row = write_row(SafeContact, person=person, secret=secret, values=values, by=by)
    if not person.is_restricted:
        index_person(vault=vault, person=person, names=[], ways=[(values["channel"], values.get("value", ""))])
    return row


@transaction.atomic
def add_contact(*, vault: OpenVault, person: Person, values: Mapping[str, Any], by: User) -> SafeContact:
    """Write down how a person agreed to be reached."""
    secret = open_person(vault=vault, person=person, by=by)
    row = seal_contact(vault=vault, person=person, secret=secret, values=values, by=by)
    record(verb="contact.agreed", by=by, kind="person", about=person.pk)
    return row


@transaction.atomic
def end_contact(*, vault: OpenVault, person: Person, contact: uuid.UUID, by: User) -> None:
    """A person is not to be reached this way any more."""
    secret = open_person(vault=vault, person=person, by=by)
    if not contacts_of(person).filter(pk=contact).update(ended_at=timezone.now()):
        raise Refused("This way to reach them has ended already.")
    opened = opened_person(person, secret)
    reindex(vault=vault, person=person, name=opened.name, facts=opened.facts, secret=secret)
    record(verb="contact.ended", by=by, kind="person", about=person.pk)


@transaction.atomic
def use_contact(*, vault: OpenVault, person: Person, contact: uuid.UUID, by: User) -> SafeWay:
    """Give a worker the number or address of one way, if the person agreed to it for this hour. Raises Refused."""
    must_be_within_limit(of="contact.shown", by=by)
    secret = open_person(vault=vault, person=person, by=by)
    ways = dict(safe_ways(person, secret))
    if contact not in ways:
        raise Refused("This way to reach them has ended.")
    verdict = may_contact([ways[contact]], ways[contact].channel, timezone.now())
    if not verdict.is_ok:
        raise Refused(verdict.why)
    record(verb="contact.shown", by=by, kind="person", about=person.pk)
    return ways[contact]
