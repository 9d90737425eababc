"""Papers of courts and others: the list, one of them, what was asked for under it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.cases.models import Case, Note
from waymark.consent.formats.scopes import labels_of
from waymark.obligations.formats.part_two import in_words
from waymark.obligations.models import CompelledRelease, Counsel, LegalProcess, ProcessState, Telling
from waymark.obligations.policies.who import visible
from waymark.obligations.selectors.sealed import words_in
from waymark.people.models import Person
from waymark.vault.selectors import RecordSecret

OPEN_STATES = (ProcessState.RECEIVED, ProcessState.CONTESTED, ProcessState.ORDERED)
VIEW = Permission.OBLIGATIONS_PROCESS_VIEW


def processes_for(user: User) -> QuerySet[LegalProcess]:
    """Papers about people who are open to `user`; the next due first."""
    rows = visible(LegalProcess.objects.select_related("person", "made_by"), to=user, permission=VIEW)
    return rows.order_by("due_on", "-received_on", "id")


def process_for(pk: uuid.UUID, *, to: User) -> LegalProcess | None:
    """One, or None when there is none or none that is open to `to`."""
    return processes_for(to).filter(pk=pk).first()


def open_processes(user: User) -> QuerySet[LegalProcess]:
    return processes_for(user).filter(state__in=OPEN_STATES)


def due_processes(user: User, *, on: dt.date) -> QuerySet[LegalProcess]:
    """Open papers whose day is here or past, or that name none: an answer may be late already."""
    return open_processes(user).filter(Q(due_on__lte=on) | Q(due_on__isnull=True))


@dataclass(frozen=True)
class OpenedTelling:
    """One try to tell the person."""

    telling: Telling
    words: str = field(repr=False)


def tellings_of(process: LegalProcess, secret: RecordSecret | None) -> list[OpenedTelling]:
    rows = Telling.objects.filter(agency_id=process.agency_id, process=process).select_related("by").order_by("-at")
    return [OpenedTelling(row, words_in(secret, row).get("text", "")) for row in rows]


@dataclass(frozen=True)
class OpenedRelease:
    """What was asked for under an order, with its words."""

    release: CompelledRelease
    said: str = field(repr=False)
    scopes: list[str]
    part_two: str = field(repr=False)


def releases_of(process: LegalProcess, secret: RecordSecret | None) -> list[OpenedRelease]:
    rows = CompelledRelease.objects.filter(agency_id=process.agency_id, process=process)
    return [
        OpenedRelease(
            row,
            words_in(secret, row).get("text", ""),
            labels_of(row.fields),
            in_words(words_in(secret, row, "part_two")),
        )
        for row in rows.select_related("asked_by", "answered_by").order_by("-asked_at")
    ]


def release_of(process: LegalProcess, pk: uuid.UUID) -> CompelledRelease | None:
    rows = CompelledRelease.objects.filter(agency_id=process.agency_id, process=process, pk=pk)
    return rows.select_related("asked_by", "answered_by", "process__person").first()


def waiting_releases(user: User) -> QuerySet[CompelledRelease]:
    """What waits for `user` to approve: asked for by others, about people who are open to them."""
    rows = CompelledRelease.objects.filter(process__in=open_processes(user), answer=CompelledRelease.Answer.WAITING)
    return rows.exclude(asked_by=user)


def notes_about(person: Person) -> QuerySet[Note]:
    """Every note in a person's cases, newest first; the caller has seen the person."""
    cases = Case.objects.filter(agency_id=person.agency_id, person=person)
    return Note.objects.filter(agency_id=person.agency_id, case__in=cases).select_related("case").order_by("-happened_on")


def counsel_of(agency: uuid.UUID) -> Counsel | None:
    """The lawyer whom the agency calls."""
    return Counsel.objects.filter(agency_id=agency).first()
