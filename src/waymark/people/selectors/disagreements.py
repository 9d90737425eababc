"""What a person says is wrong in what was written of them: it stands beside that part, and goes wherever it goes.

The app that keeps these words lies above; it gives them here when it starts, so that files, cases and packages can show
them and send them along.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from waymark.people.models import Person
from waymark.people.selectors.opened import secret_of
from waymark.people.selectors.persons import files_of
from waymark.vault.selectors import OpenVault, RecordSecret

OF_THE_FILE = "person."


@dataclass(frozen=True)
class Said:
    """One statement, open: against one note, against one part of the file, against the file, or against nothing named."""

    text: str = field(repr=False)
    note: uuid.UUID | None = None
    part: str = ""
    is_about_file: bool = False

    def goes_with(self, codes: Collection[str]) -> bool:
        """Whether it goes along when these parts go. What names no part goes with every one."""
        if self.note is not None:
            return False
        if self.part:
            return self.part in codes
        return any(code.startswith(OF_THE_FILE) or not self.is_about_file for code in codes)


Rows = Callable[[Person], QuerySet[Any]]
Opened = Callable[[Any, RecordSecret], Said]
_kept: list[tuple[Rows, Opened]] = []


def put_statements(rows: Rows, opened: Opened) -> None:
    """Say where statements are kept and how they open. Called once, by the app that keeps them."""
    _kept[:] = [(rows, opened)]


def statement_rows(person: Person) -> dict[str, QuerySet[Any]]:
    """The rows of what a person said and did not take back, oldest first, for a page that reads them with others."""
    return {"said": _kept[0][0](person)} if _kept else {}


def opened_statements(rows: Iterable[Any], secret: RecordSecret) -> list[Said]:
    return [opened(row, secret) for _, opened in _kept for row in rows]


def statements_against(person: Person, secret: RecordSecret) -> list[Said]:
    """Everything that a person said is wrong and did not take back, oldest first."""
    return opened_statements(statement_rows(person).get("said", ()), secret)


def statements_in_all_files(person: Person, *, vault: OpenVault) -> list[Said]:
    """The same for every file of theirs: which of them somebody had open when they spoke is chance."""
    secrets = ((file, secret_of(vault, file)) for file in files_of(person))
    return [said for file, secret in secrets if secret is not None for said in statements_against(file, secret)]
