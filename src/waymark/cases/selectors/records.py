"""One case and what was written in it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from waymark.accounts.models import User
from waymark.cases.models import Addendum, Case, CaseMove, Note, NoticeTold
from waymark.cases.policies import may_change_note, visible
from waymark.people.formats.sealed import unpack
from waymark.people.models import Person
from waymark.people.selectors.disagreements import Said
from waymark.vault.selectors import OpenVault, RecordSecret, secrets_of

KIND = "case"


def case_for(pk: uuid.UUID, *, to: User) -> Case | None:
    """A case, or None when there is none or none that is open to `to`."""
    return visible(Case.objects.select_related("person", "worker"), to=to).filter(pk=pk).first()


def cases_of_person(person: uuid.UUID, *, to: User) -> QuerySet[Case]:
    """A person's cases, the newest first."""
    rows = visible(Case.objects.filter(person_id=person), to=to).select_related("worker")
    return rows.order_by("-opened_on", "code")


def workers_with(person: Person) -> set[uuid.UUID]:
    """Who works, or worked, on a case of a person, in whichever of their files it is."""
    files = Q(person_id=person.pk) | Q(person__merged_into_id=person.pk)
    if person.merged_into_id is not None:
        files |= Q(person_id=person.merged_into_id) | Q(person__merged_into_id=person.merged_into_id)
    rows = Case.objects.filter(files, agency_id=person.agency_id, worker__isnull=False)
    return set(rows.values_list("worker_id", flat=True))


def secret_of(vault: OpenVault, case: Case) -> RecordSecret | None:
    """The open key of one case, or None for who may not open it."""
    return secrets_of(vault, KIND, [case.pk]).get(case.pk)


def story_of(case: Case, secret: RecordSecret) -> dict[str, str]:
    """What brought the person here."""
    return unpack(secret.open("cases_case", "story", case.pk, case.story))


@dataclass(frozen=True)
class OpenedMove:
    """One move with its reason."""

    move: CaseMove
    reason: str = field(repr=False)


@dataclass(frozen=True)
class OpenedNote:
    """One note with its text and what was added to it."""

    note: Note
    text: str = field(repr=False)
    addenda: list[tuple[Addendum, str]] = field(repr=False)
    is_mine_to_change: bool
    is_final: bool
    said: list[Said] = field(repr=False, default_factory=list)


def _text(secret: RecordSecret, table: str, column: str, row: uuid.UUID, sealed: bytes | memoryview) -> str:
    return str(unpack(secret.open(table, column, row, sealed)).get("text", ""))


def moves_of(case: Case, secret: RecordSecret | None) -> list[OpenedMove]:
    """The history of a case, the newest first; reasons where the vault is open."""
    rows = CaseMove.objects.filter(agency_id=case.agency_id, case=case).select_related("by").order_by("-at")
    return [
        OpenedMove(
            row,
            _text(secret, "cases_casemove", "reason", row.pk, row.reason) if secret is not None and row.reason else "",
        )
        for row in rows
    ]


def notices_of(case: Case) -> QuerySet[NoticeTold]:
    """What the person was told, the newest first."""
    rows = NoticeTold.objects.filter(agency_id=case.agency_id, case=case)
    return rows.select_related("told_by").order_by("-told_at")


@dataclass(frozen=True)
class OpenedNotice:
    """What was told, and in which language where the vault is open."""

    notice: NoticeTold
    language: str = field(repr=False)


def opened_notices(case: Case, secret: RecordSecret | None) -> list[OpenedNotice]:
    """What the person was told, the newest first."""
    return [
        OpenedNotice(
            row,
            _text(secret, "cases_noticetold", "language", row.pk, row.language) if secret is not None else "",
        )
        for row in notices_of(case)
    ]


def note_of(case: Case, pk: uuid.UUID) -> Note | None:
    """One note of a case that the caller has seen."""
    return Note.objects.filter(agency_id=case.agency_id, case=case, pk=pk).select_related("author").first()


def notes_of(case: Case) -> QuerySet[Note]:
    """The notes of a case, what happened last first."""
    rows = Note.objects.filter(agency_id=case.agency_id, case=case).select_related("author")
    return rows.prefetch_related("addenda__author").order_by("-happened_on", "-written_at")


def text_of(note: Note, secret: RecordSecret) -> str:
    """What a note says."""
    return _text(secret, "cases_note", "text", note.pk, note.text)


def opened_notes(
    notes: list[Note], secret: RecordSecret, *, to: User, at: dt.datetime, said: Sequence[Said] = ()
) -> list[OpenedNote]:
    """Notes with their texts, and with what the person says is wrong in them."""
    return [
        OpenedNote(
            note,
            text_of(note, secret),
            [(one, _text(secret, "cases_addendum", "text", one.pk, one.text)) for one in note.addenda.all()],
            may_change_note(to, note, at=at),
            note.locks_at is not None and at >= note.locks_at,
            [one for one in said if one.note == note.pk],
        )
        for note in notes
    ]


def was_told_limits(case: Case) -> bool:
    """Whether the person was told where confidentiality ends: without it there is no privileged note."""
    return notices_of(case).filter(about=NoticeTold.About.LIMITS).exists()
