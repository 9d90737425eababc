"""Showing a person what is kept of them, who got it and who looked; and giving it to them on paper.

Nothing is written before it is shown, so a question that is put off leaves no trace. The paper says no name, no code and no
agency of ours: whoever finds it learns as little as the person allows.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.audit.actions import must_be_within_limit, record
from waymark.consent.actions.ledger import hash_of, write_line
from waymark.obligations.formats.papers import paper_of
from waymark.obligations.formats.words import WORDS
from waymark.obligations.policies.who import must
from waymark.obligations.selectors.content import own_parts, seen_parts
from waymark.people.actions import open_person
from waymark.people.models import Person
from waymark.people.policies import Refused
from waymark.vault.selectors import OpenVault, RecordSecret

SHOW = Permission.OBLIGATIONS_RECORD_SHOW


@transaction.atomic
def show_own_record(*, vault: OpenVault, person: Person, by: User) -> None:
    """They look at the worker's screen. That it was shown is told, to nobody but the log."""
    must(by, SHOW)
    open_person(vault=vault, person=person, by=by)
    record(verb="own_record.shown", by=by, kind="person", about=person.pk)


@transaction.atomic
def print_seen(*, vault: OpenVault, person: Person, language: str, with_names: bool, by: User) -> bytes:
    """Who got what and who looked, on paper, for the person alone. There are few an hour."""
    must(by, SHOW)
    must_be_within_limit(of="own_record.list_printed", by=by)
    secret = open_person(vault=vault, person=person, by=by)
    parts = seen_parts(person, language=language, with_names=with_names, vault=vault)
    content = paper_of(parts, title=WORDS[language]["paper"], language=language)
    _hand_to_them(vault, person, secret, content, ["own_list"], by)
    record(verb="own_record.list_printed", by=by, kind="person", about=person.pk)
    return content


@transaction.atomic
def print_copy(*, vault: OpenVault, person: Person, codes: Sequence[str], language: str, by: User) -> bytes:
    """A copy of what they ask for, with what they said against it. There are few an hour."""
    must(by, SHOW)
    must_be_within_limit(of="own_record.copied", by=by)
    if not codes:
        raise Refused("Tick what they want. Nothing ticked is nothing printed.")
    secret = open_person(vault=vault, person=person, by=by)
    parts, against = own_parts(person, codes=codes, language=language, vault=vault, by=by)
    content = paper_of(parts + against, title=WORDS[language]["paper"], language=language)
    _hand_to_them(vault, person, secret, content, [*codes, *(["statement"] if against else [])], by)
    record(verb="own_record.copied", by=by, kind="person", about=person.pk, fields=list(codes))
    return content


def _hand_to_them(
    vault: OpenVault, person: Person, secret: RecordSecret, content: bytes, codes: Sequence[str], by: User
) -> None:
    write_line(
        by=by,
        person=person,
        basis="survivor_delivered",
        method="pdf",
        fields=codes,
        recipient="survivor",
        content_hash=hash_of(content, vault=vault),
        details={"what": "paper"},
        secret=secret,
    )
