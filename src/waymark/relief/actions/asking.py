"""Asking the rules about one entry of a person's record, drafting for an attorney, and deleting the words again."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.law.formats.dated_files import relief_file
from waymark.law.policies.relief import rule_of
from waymark.people.actions import fresh_code, open_person
from waymark.people.formats.sealed import pack
from waymark.people.models import Person
from waymark.people.policies import Refused
from waymark.relief import policies
from waymark.relief.actions.keeping import MOVED, held, open_key_of, write_step
from waymark.relief.formats.words import Asked, Draft, read_asked, to_seal
from waymark.relief.models import MOVES, Move, ReliefCase, State
from waymark.relief.selectors.records import KIND, TABLE, words_of
from waymark.sealing.places import framed
from waymark.vault.selectors import OpenVault, RecordSecret

SERVED = "What was served stays as it was served. Take the case up again to change it."


def case_of_page(agency: uuid.UUID, page: uuid.UUID) -> uuid.UUID:
    """The id of the relief case that is opened on a page, so that a form sent twice is one case."""
    digest = hashlib.sha256(framed("waymark relief of a page 1", agency.bytes, page.bytes)).digest()
    return uuid.UUID(bytes=digest[:16], version=4)


@transaction.atomic
def open_relief(*, vault: OpenVault, person: Person, asked: Asked, page: uuid.UUID, by: User) -> ReliefCase:
    """Keep the questions about one entry. The same page twice is one case."""
    agency = policies.must_work(by)
    secret = open_person(vault=vault, person=person, by=by)
    pk = case_of_page(agency, page)
    known = ReliefCase.objects.filter(agency_id=agency, pk=pk).first()
    if known is not None:
        return known
    case = ReliefCase.objects.create(
        pk=pk,
        agency_id=agency,
        person=person,
        code=fresh_code(ReliefCase, agency),
        rule_version=relief_file().version,
        worker=by,
        opened_on=timezone.localdate(),
        sealed=secret.seal(TABLE, "sealed", pk, pack(to_seal(asked, None))),
        made_by=by,
    )
    record(verb="relief.opened", by=by, kind=KIND, about=case.pk)
    return case


@transaction.atomic
def answer_again(*, vault: OpenVault, case: ReliefCase, asked: Asked, by: User) -> None:
    """Correct what is known; the rules answer anew, as they read today. A draft goes back to be read again."""
    secret = open_key_of(vault=vault, case=case, by=by)
    now = held(case)
    if not policies.may_change_words(now):
        raise Refused(SERVED)
    known = words_of(now, secret)
    _seal(now, secret, {**known, **to_seal(asked, None)})
    if now.state == State.REVIEWED:
        write_step(now, Move.DRAFT, on=timezone.localdate())
    record(verb="relief.questions_answered", by=by, kind=KIND, about=now.pk)


@transaction.atomic
def draft_petition(*, vault: OpenVault, case: ReliefCase, section: str, draft: Draft, by: User) -> ReliefCase:
    """Draft the petition under one section for a named attorney, who has to review it (again) before it is served."""
    secret = open_key_of(vault=vault, case=case, by=by)
    now = held(case)
    if (now.state, Move.DRAFT) not in MOVES:
        raise Refused(SERVED if not policies.may_change_words(now) else MOVED)
    rule = rule_of(section)
    if rule is None:
        raise Refused("The rules have no such section now.")
    if not draft.attorney:
        raise Refused("A draft is for a named attorney.")
    now.section = section
    now.save(update_fields=["section"])
    _seal(now, secret, to_seal(read_asked(words_of(now, secret)), draft))
    write_step(now, Move.DRAFT, on=timezone.localdate())
    record(verb="relief.drafted", by=by, kind=KIND, about=now.pk)
    return now


@transaction.atomic
def forget_words(*, vault: OpenVault, case: ReliefCase, by: User) -> None:
    """Delete what the person wrote and all else that is sealed here. Code, section and days stay, so that counts do."""
    secret = open_key_of(vault=vault, case=case, by=by)
    now = held(case)
    if now.state not in policies.OVER:
        raise Refused("The words are still needed. They can be deleted when the case is over, or set to “not now”.")
    _seal(now, secret, {"entry": words_of(now, secret).get("entry", "arrest"), "is_forgotten": True})
    record(verb="relief.words_deleted", by=by, kind=KIND, about=now.pk)


def _seal(case: ReliefCase, secret: RecordSecret, values: dict[str, Any]) -> None:
    case.sealed = secret.seal(TABLE, "sealed", case.pk, pack(values))
    case.rule_version = relief_file().version
    case.save(update_fields=["sealed", "rule_version"])
