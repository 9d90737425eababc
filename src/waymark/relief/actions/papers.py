"""A draft on paper: the ledger has its line before anybody has the bytes."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.consent.actions.ledger import hash_of, write_line
from waymark.documents.pdf import tagged_pdf
from waymark.law.formats.dated_files import relief_file
from waymark.law.policies.relief import rule_of
from waymark.people.policies import Refused
from waymark.relief import formats
from waymark.relief.actions.keeping import held, open_key_of
from waymark.relief.formats.docx_file import petition_file
from waymark.relief.formats.words import petition_words, read_asked, read_draft
from waymark.relief.models import ReliefCase
from waymark.relief.selectors.records import KIND, clock_for, words_of
from waymark.vault.selectors import OpenVault

TEMPLATE = Path(formats.__file__).resolve().parent / "petition.typ"


class Form(StrEnum):
    """In which form a draft is taken away."""

    PDF = "pdf"
    DOCX = "docx"


@transaction.atomic
def print_petition(*, vault: OpenVault, case: ReliefCase, form: Form, by: User) -> bytes:
    """The draft as a file for the attorney whom it names."""
    secret = open_key_of(vault=vault, case=case, by=by)
    now = held(case)
    rule, words = rule_of(now.section), words_of(now, secret)
    draft = read_draft(words)
    if rule is None or not draft.attorney:
        raise Refused("Draft the petition first: for which section, and for which attorney.")
    file = relief_file()
    said = petition_words(
        asked=read_asked(words),
        draft=draft,
        rule=rule,
        version=now.rule_version,
        clock=clock_for(now.section),
        questions=file.facts,
        printed_on=timezone.localdate(),
    )
    if form is Form.PDF:
        paper = tagged_pdf(TEMPLATE, said, language="en-US", title=said["title"])
    else:
        paper = petition_file(said)
    write_line(
        by=by,
        person=now.person,
        basis="internal",
        method="pdf" if form is Form.PDF else "file",
        fields=["petition"],
        recipient="lawyer",
        content_hash=hash_of(paper, vault=vault),
        details={"to": draft.attorney_in_words},
        secret=secret,
    )
    record(verb="relief.printed", by=by, kind=KIND, about=now.pk, fields=[form.value])
    return paper
