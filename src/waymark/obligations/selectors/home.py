"""What waits for somebody because a court, a law or a clock says so: numbers, never a name."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.obligations.policies.who import answers_courts
from waymark.obligations.selectors.incidents import open_incidents
from waymark.obligations.selectors.processes import due_processes, waiting_releases
from waymark.obligations.selectors.reports import open_reports
from waymark.pages.lines import HomeCount, Line
from waymark.people.policies import holds


def waiting_for(user: User, now: dt.datetime) -> list[Line]:
    """Reports whose clock runs, papers whose day is here, what waits for an approval, incidents that are not closed."""
    lines: list[Line] = []
    if holds(user, Permission.OBLIGATIONS_REPORT_WORK):
        lines.append(
            _count(open_reports(user), "report of yours must still go out", "reports of yours must still go out", "report")
        )
    if answers_courts(user):
        words = ("request under an order waits for your answer", "requests under an order wait for your answer")
        lines.append(_count(waiting_releases(user), *words, "process"))
    if holds(user, Permission.OBLIGATIONS_PROCESS_VIEW):
        due = due_processes(user, on=timezone.localdate(now))
        lines.append(_count(due, "court paper waits for an answer", "court papers wait for an answer", "process"))
    if holds(user, Permission.OBLIGATIONS_INCIDENT_KEEP):
        lines.append(_count(open_incidents(user), "incident is not closed", "incidents are not closed", "incident"))
    return lines


def _count(rows: object, one: str, many: str, kind: str) -> Line:
    return HomeCount(rows, one, many, reverse(f"obligations:{kind}_list"), kind.capitalize(), is_due=True)  # type: ignore[arg-type]
