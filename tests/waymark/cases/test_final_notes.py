"""A note a day after it was written, in a database of its own: only the owner of the tables can turn its clock back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from tests.factories.accounts import UserFactory
from tests.factories.disclosures import acting, agency_with_member
from tests.factories.people import a_case, a_note
from tests.waymark.cases.test_rules import refused

from waymark.cases.models import Addendum, Note

Owner = Callable[..., list[tuple[Any, ...]]]


def test_a_note_is_its_writer_s_for_a_day_and_then_nobody_s(committed_db: str, owner: Owner) -> None:
    agency, user = agency_with_member()
    colleague = UserFactory(role="advocate", agency=agency)
    with acting(user):
        note = a_note(a_case(agency, user))
        assert note.author_id == user.pk
        assert note.locks_at - note.written_at == dt.timedelta(hours=24)  # type: ignore[operator]
        Note.objects.filter(pk=note.pk).update(text=b"corrected")
        refused(lambda: Note.objects.filter(pk=note.pk).update(locks_at=note.locks_at + dt.timedelta(1)), "its hour")  # type: ignore[operator]
        refused(lambda: Note.objects.filter(pk=note.pk).delete(), "stays")
    with acting(colleague):
        refused(lambda: Note.objects.filter(pk=note.pk).update(text=b"another's"), "who wrote it")
    # A day later; only the owner of the tables can turn a clock back.
    owner("ALTER TABLE cases_note DISABLE TRIGGER USER")
    owner("UPDATE cases_note SET written_at = now() - interval '24 hours 1 second', locks_at = now() - interval '1 second'")
    owner("ALTER TABLE cases_note ENABLE TRIGGER USER")
    with acting(user):
        refused(lambda: Note.objects.filter(pk=note.pk).update(text=b"too late"), "final")
        for _ in range(3):
            Addendum.objects.create(agency=agency, note=note, text=b"added")
        assert list(Addendum.objects.values_list("number", flat=True)) == [1, 2, 3]
        refused(lambda: Addendum.objects.update(text=b"changed"), "stays")
        refused(lambda: Addendum.objects.all().delete(), "stays")
