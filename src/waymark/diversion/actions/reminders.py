"""Reminders are slips of paper, for those who asked: who carries a text learns of it, and needs a release of its own."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.diversion import policies
from waymark.diversion.models import Enrollment


@transaction.atomic
def note_reminders(*, enrollments: Iterable[Enrollment], by: User) -> None:
    """A line for each slip, written before the page is."""
    policies.must_give(by)
    for enrollment in enrollments:
        record(verb="reminder.printed", by=by, kind="enrollment", about=enrollment.pk)
