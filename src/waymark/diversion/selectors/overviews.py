"""Hearings, reports and alumni of a whole program at once, each with the code of its enrollment and never a name."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from waymark.accounts.models import User
from waymark.diversion import policies
from waymark.diversion.models import Alumnus, ComplianceReport, Hearing
from waymark.diversion.policies import Row

# After how many days a check-in of so many months is asked for.
ASKED_AFTER = {3: 91, 6: 182, 12: 365}


def _ours(rows: QuerySet[Row], user: User, words: str) -> QuerySet[Row]:
    rows = rows.filter(enrollment__put_away_on__isnull=True).select_related("enrollment__program")
    rows = policies.visible(rows, to=user) if policies.gives_programs(user) else rows.none()
    return rows.filter(enrollment__code__icontains=words) if words else rows


def hearings(user: User, *, words: str = "", state: str = "") -> QuerySet[Hearing]:
    """Those that are not decided first, then the newest. `state` is open or decided."""
    rows = _ours(Hearing.objects.all(), user, words)
    if state:
        rows = rows.filter(outcome="") if state == "open" else rows.exclude(outcome="")
    return rows.order_by("outcome", "-set_for", "id")


def reports(user: User, *, words: str = "", state: str = "") -> QuerySet[ComplianceReport]:
    """The newest first. `state` is waiting or read, of a packet of the report, or contested."""
    rows = _ours(ComplianceReport.objects.all(), user, words)
    if state == "contested":
        rows = rows.filter(contests__settled_on__isnull=True, contests__isnull=False).distinct()
    elif state:
        rows = rows.filter(packets__packet__state=state).distinct()
    return rows.prefetch_related("packets__packet").order_by("-frozen_at", "id")


def alumni(user: User, *, on: dt.date, words: str = "", state: str = "") -> QuerySet[Alumnus]:
    """Who wants to stay in touch, the longest first. `state` due is a check-in whose day has come, mentor who is one."""
    rows = _ours(Alumnus.objects.filter(opted_out_on__isnull=True), user, words)
    if state == "mentor":
        rows = rows.filter(is_mentor=True)
    elif state == "due":
        rows = rows.filter(_due(on))
    return rows.order_by("opted_in_on", "id")


def _due(on: dt.date) -> Q:
    due = Q()
    for months, days in ASKED_AFTER.items():
        due |= Q(**{f"seen_at_{months}_on__isnull": True, "opted_in_on__lte": on - dt.timedelta(days=days)})
    return due


def check_in_due(row: Alumnus, *, on: dt.date) -> int | None:
    """The longest check-in of an alumnus whose day has come and that nobody noted, in months."""
    passed = [months for months, days in ASKED_AFTER.items() if row.opted_in_on + dt.timedelta(days=days) <= on]
    missing = [months for months in passed if getattr(row, f"seen_at_{months}_on") is None]
    return missing[-1] if missing else None
