"""A steward answers what visitors reported. The finder takes the reports in."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.directory import policies
from waymark.directory.models import ListingReport, Service


@transaction.atomic
def resolve_reports(*, service: Service, by: User, on: dt.date | None = None) -> int:
    """A steward has looked into every open report of a service; its label goes. Gives how many were open."""
    policies.must_edit(by)
    record(verb="reports.resolved", by=by, kind="service", about=service.pk)
    return ListingReport.objects.filter(service=service, resolved_on=None).update(
        resolved_on=on or timezone.localdate(), resolved_by=by
    )
