"""What the directory has for somebody's home page: what a steward checks, what a colleague decided, what falls due."""

from __future__ import annotations

import datetime as dt

from django.db.models.fields.json import KeyTextTransform
from django.urls import reverse
from django.utils import timezone

from waymark.accounts.models import User
from waymark.directory.models import PendingChange
from waymark.directory.policies import may_view
from waymark.directory.selectors import changes, help_lines, reports, staleness
from waymark.pages.lines import HomeCount, HomeRows, Line

LATELY = dt.timedelta(days=14)
NAME = KeyTextTransform("en", "name")


def _applied(entity: str) -> str:
    return f"A colleague applied your change to: {changes.WORDS.get(entity, entity).lower()}"


def _refused(entity: str) -> str:
    return f"A colleague refused your change to: {changes.WORDS.get(entity, entity).lower()}"


DECIDED = {PendingChange.State.APPLIED: _applied, PendingChange.State.REFUSED: _refused}


def waiting_for(user: User, now: dt.datetime) -> list[Line]:
    """What a steward checks, most pressing first. Each number is the length of the list behind it."""
    if not may_view(user):
        return []
    on = timezone.localdate(now)
    changes_url, lines_url = reverse("directory:change_list"), reverse("directory:help_line_list")
    return [
        HomeCount(
            help_lines.past_review(on),
            "help line is past its review date",
            "help lines are past their review date",
            f"{lines_url}?due=past",
            "help line",
            is_due=True,
        ),
        HomeCount(
            help_lines.waiting_for(user),
            "help line waits for a second person",
            "help lines wait for a second person",
            f"{lines_url}?state=proposed",
            "help line",
            is_due=True,
        ),
        HomeCount(
            changes.waiting_for(user),
            "change waits for you to check it",
            "changes wait for you to check them",
            f"{changes_url}?whose=others",
            "listing",
            is_due=True,
        ),
        HomeCount(
            reports.reported_services(),
            "service has reports from visitors",
            "services have reports from visitors",
            reverse("directory:report_list"),
            "listing",
            is_due=True,
        ),
        HomeCount(
            staleness.overdue_services(on),
            "service is due to be checked again",
            "services are due to be checked again",
            reverse("directory:stale_list"),
            "listing",
        ),
    ]


def changed_for(user: User, now: dt.datetime) -> list[Line]:
    """What colleagues decided about one's own changes."""
    if not may_view(user):
        return []
    mine = PendingChange.objects.filter(proposed_by=user, decided_at__gt=now - LATELY).exclude(decided_by=user)
    return [
        HomeRows(
            mine.filter(state=state),
            says,
            "directory:change_detail",
            "listing",
            "-decided_at",
            "entity",
        )
        for state, says in DECIDED.items()
    ]


def next_for(user: User, now: dt.datetime) -> list[Line]:
    """Help lines whose check falls due soon, and one's own changes that wait for a colleague."""
    if not may_view(user):
        return []
    on = timezone.localdate(now)
    return [
        HomeRows(
            help_lines.due_soon(on).filter(review_on__gte=on),
            "Check the help line again: {}".format,
            "directory:help_line_detail",
            "help line",
            "review_on",
            NAME,
            key="slug",
            is_day=True,
            is_deadline=True,
        ),
        HomeCount(
            changes.proposed_by(user),
            "change of yours waits for a colleague",
            "changes of yours wait for a colleague",
            reverse("directory:change_list") + "?whose=mine",
            "listing",
        ),
    ]
