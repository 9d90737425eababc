"""What a person says against what was written of them, in their own words."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.consent.formats.scopes import CODES
from waymark.obligations.models import Statement
from waymark.obligations.policies.who import must
from waymark.obligations.selectors.processes import notes_about
from waymark.people.actions import open_person, write_row
from waymark.people.models import Person
from waymark.people.policies import Refused
from waymark.vault.selectors import OpenVault


@transaction.atomic
def keep_statement(
    *,
    vault: OpenVault,
    person: Person,
    note: uuid.UUID | None,
    about: str,
    text: str,
    language: str,
    by: User,
    part: str = "",
) -> Statement:
    """Write down what they say is wrong. What was written stays, and this goes wherever it goes."""
    must(by, Permission.OBLIGATIONS_RECORD_SHOW)
    secret = open_person(vault=vault, person=person, by=by)
    if about == Statement.About.NOTE and (note is None or not notes_about(person).filter(pk=note).exists()):
        raise Refused("This note is not there any more.")
    if part and part not in CODES:
        raise Refused("Choose one of the parts.")
    values = {"text": text, "language": language, **({"part": part} if part else {})}
    kept = note if about == Statement.About.NOTE else None
    row = write_row(Statement, person=person, secret=secret, values=values, by=by, about=about, note=kept)
    record(verb="statement.kept", by=by, kind="person", about=person.pk)
    return row


@transaction.atomic
def take_back_statement(*, vault: OpenVault, statement: Statement, by: User) -> None:
    """They take it back. It goes with no copy from now on."""
    must(by, Permission.OBLIGATIONS_RECORD_SHOW)
    open_person(vault=vault, person=statement.person, by=by)
    rows = Statement.objects.filter(agency_id=statement.agency_id, pk=statement.pk, taken_back_at__isnull=True)
    if not rows.update(taken_back_at=timezone.now()):
        raise Refused("This was taken back already.")
    record(verb="statement.taken_back", by=by, kind="person", about=statement.person_id)
