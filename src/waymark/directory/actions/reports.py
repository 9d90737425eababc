"""Anonymous reports come in, and a steward answers them.

A report carries a reason from a closed list and a day: no words, no time, no address, nothing that links two of them.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.directory import policies
from waymark.directory.models import ListingReport, Service
from waymark.directory.selectors.reports import KEPT_A_DAY


@transaction.atomic
def record_report(*, service: Service, reason: str, by: str = "visitor") -> None:
    """Keep a visitor's report. More than a steward could use in a day are thanked for and dropped."""
    if reason not in set(ListingReport.Reason.values):
        raise ValueError("Not one of the reasons.")
    today = timezone.localdate()
    if ListingReport.objects.filter(service=service, reported_on=today).count() < KEPT_A_DAY:
        ListingReport.objects.create(service=service, reason=reason, reported_on=today)


@transaction.atomic
def resolve_reports(*, service: Service, by: User, on: dt.date | None = None) -> int:
    """A steward has looked into every open report of a service; its label goes. Gives how many were open."""
    policies.must_edit(by)
    return ListingReport.objects.filter(service=service, resolved_on=None).update(
        resolved_on=on or timezone.localdate(), resolved_by=by
    )
