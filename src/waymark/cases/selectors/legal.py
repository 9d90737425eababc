"""Legal relief of a case: what is asked for, where it stands, and the clock that runs."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils import timezone

from waymark.cases.formats.legal import KINDS_ES, STATUSES_ES, Legal, read_legal
from waymark.cases.models import Case, LegalRelief
from waymark.cases.selectors.records import KIND, cases_of_person
from waymark.consent.formats.scopes import Asked, Item
from waymark.consent.formats.words import day_in_words
from waymark.law.formats.dated_files import Clock
from waymark.people.formats.sealed import unpack
from waymark.vault.selectors import RecordSecret, secrets_of

TABLE = "cases_legalrelief"
SCOPE = "relief.legal"


@dataclass(frozen=True)
class LegalLine:
    """One thing that is asked for, open in the hand of a worker, with the clock that runs now."""

    row: LegalRelief
    legal: Legal = field(repr=False)
    clock: Clock | None
    is_late: bool


def legal_in(row: LegalRelief, secret: RecordSecret) -> Legal:
    """What a sealed row says."""
    return read_legal(unpack(secret.open(TABLE, "sealed", row.pk, row.sealed)))


def legal_rows(case: Case) -> QuerySet[LegalRelief]:
    return LegalRelief.objects.filter(agency_id=case.agency_id, case=case).order_by("made_at")


def legal_of(rows: Iterable[LegalRelief], secret: RecordSecret | None, *, on: dt.date) -> list[LegalLine]:
    """What is asked for in a case (`legal_rows`), what is due first before the rest; nothing without the case's key."""
    if secret is None:
        return []
    found = []
    for row in rows:
        legal = legal_in(row, secret)
        found.append(LegalLine(row, legal, legal.clock(), row.due_on is not None and row.due_on < on))
    return sorted(found, key=lambda line: (line.row.due_on or dt.date.max, line.row.made_at))


def legal_row(case: Case, pk: uuid.UUID) -> LegalRelief | None:
    """One row of a case that the caller has seen."""
    return LegalRelief.objects.filter(agency_id=case.agency_id, case=case, pk=pk).first()


def legal_to_share(asked: Asked) -> list[Item]:
    """What a release that names legal applications lets go: each with where it stands and its days, no note."""
    vault, by = asked.vault, asked.by
    cases = list(cases_of_person(asked.person.pk, to=by))
    secrets = secrets_of(vault, KIND, [case.pk for case in cases])
    lines = [line for case in cases for line in legal_of(legal_rows(case), secrets.get(case.pk), on=asked.on)]
    return [Item(line.row.pk, _said(line), timezone.localdate(line.row.made_at), _said_es(line)) for line in lines]


def _said(line: LegalLine) -> str:
    since = f", since {line.legal.since}" if line.legal.since else ""
    due = f", due {line.row.due_on.isoformat()}" if line.row.due_on else ""
    return f"{line.legal.kind_words}: {line.legal.status_words.lower()}{since}{due}"


def _said_es(line: LegalLine) -> str:
    """The same for a person who reads Spanish."""
    legal, due_on = line.legal, line.row.due_on
    since = f", desde el {day_in_words(dt.date.fromisoformat(legal.since), 'es')}" if legal.since else ""
    due = f", a más tardar el {day_in_words(due_on, 'es')}" if due_on else ""
    return f"{KINDS_ES[legal.kind]}: {STATUSES_ES[legal.status].lower()}{since}{due}"
