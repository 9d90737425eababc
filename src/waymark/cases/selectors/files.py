"""The files of a case: what they are called, and their content one at a time."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from django.db.models import QuerySet

from waymark.cases.formats.file_kinds import ENDINGS, TEXT
from waymark.cases.models import Case, CaseFile
from waymark.people.formats.sealed import unpack
from waymark.vault.selectors import RecordSecret


@dataclass(frozen=True)
class OpenedFile:
    """One file with what is said of it."""

    file: CaseFile
    called: str = field(repr=False)
    media_type: str
    pages: int
    size: int

    @property
    def ending(self) -> str:
        return ENDINGS[self.media_type]

    @property
    def is_text(self) -> bool:
        return self.media_type == TEXT


def files_of(case: Case) -> QuerySet[CaseFile]:
    """The files of a case without their contents, the newest first."""
    rows = CaseFile.objects.filter(agency_id=case.agency_id, case=case).defer("content")
    return rows.select_related("added_by", "removed_by").order_by("-added_at", "pk")


def file_of(case: Case, pk: uuid.UUID) -> CaseFile | None:
    """One file of a case that the caller has seen, if its content is still there."""
    return files_of(case).filter(pk=pk, removed_at__isnull=True).first()


def opened_file(file: CaseFile, secret: RecordSecret) -> OpenedFile:
    facts = unpack(secret.open("cases_casefile", "facts", file.pk, file.facts))
    return OpenedFile(file, facts["called"], facts["media_type"], facts["pages"], facts["size"])


def open_content(file: CaseFile, secret: RecordSecret) -> bytes:
    """The bytes of a file. Raises CannotOpenError for bytes that were moved or altered."""
    return secret.open("cases_casefile", "content", file.pk, file.content)
