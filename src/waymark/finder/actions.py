"""The one thing that a visitor may write: "this is wrong", one reason, one day, nothing about who said so.

Reports are limited without knowing the sender: so many for one listing and for all listings in one day. Beyond that a
further report would tell stewards nothing new, and nobody can fill the table.
"""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from waymark.directory.models import ListingReport

MOST_FOR_ONE = 20
MOST_FOR_ALL = 500


class TooManyReports(Exception):
    """Today's share is used up."""


def report_listing(*, service_id: uuid.UUID, reason: str, by: None = None) -> ListingReport:
    """Store a report. `by` is nobody: the sender is not known and must not be."""
    today = timezone.localdate()
    with transaction.atomic():
        of_today = ListingReport.objects.filter(reported_on=today)
        if of_today.filter(service_id=service_id).count() >= MOST_FOR_ONE or of_today.count() >= MOST_FOR_ALL:
            raise TooManyReports
        return ListingReport.objects.create(service_id=service_id, reason=reason, reported_on=today)
