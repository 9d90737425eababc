"""Which listings nobody has checked for too long.

Being still in a partner's file is no check; only a person's dated look at the source is. How often depends on what the
service is for: a bed tonight changes faster than a law clinic. A service with several needs takes the shortest cadence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import DateField, ExpressionWrapper, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from waymark.directory.models import Need, Service, Verification

DEFAULT_CADENCE_DAYS = 180


def with_due_date(services: QuerySet[Service]) -> QuerySet[Service]:
    """Adds `verified_on`, `cadence` in days and `due_on`; never checked means no due date, and counts as most overdue."""
    verified = (
        Verification.objects.filter(entity="service", entity_id=OuterRef("pk"), field_name="")
        .order_by("-verified_on")
        .values("verified_on")[:1]
    )
    shortest = (
        Need.objects.filter(services=OuterRef("pk"))
        .order_by()
        .values("services")
        .annotate(days=Min("cadence_days"))
        .values("days")
    )
    return services.annotate(
        verified_on=Subquery(verified),
        cadence=Coalesce(Subquery(shortest), Value(DEFAULT_CADENCE_DAYS), output_field=IntegerField()),
    ).annotate(due_on=ExpressionWrapper(F("verified_on") + F("cadence"), output_field=DateField()))


def overdue_services(on: dt.date) -> QuerySet[Service]:
    """Services that visitors can see and whose check is due, the most overdue first."""
    live = Service.objects.filter(status__in=[Service.Status.ACTIVE, Service.Status.TEMPORARILY_CLOSED])
    return (
        with_due_date(live)
        .filter(Q(due_on__isnull=True) | Q(due_on__lt=on))
        .select_related("organization")
        .order_by(F("due_on").asc(nulls_first=True), "name", "id")
    )


def checks_of(entity: str, ids: Iterable[UUID]) -> dict[tuple[UUID, str], Verification]:
    """The newest check of each record and field, by id and field name (empty for the whole record)."""
    found: dict[tuple[UUID, str], Verification] = {}
    rows = (
        Verification.objects.filter(entity=entity, entity_id__in=list(ids))
        .select_related("verified_by")
        .order_by("entity_id", "field_name", "-verified_on", "-id")
        .distinct("entity_id", "field_name")
    )
    for row in rows:
        found[row.entity_id, row.field_name] = row
    return found


def checks_by_field(entity: str, pk: UUID) -> dict[str, Verification]:
    """The newest check of one record by field name; the empty name is the whole record."""
    return {field: check for (_, field), check in checks_of(entity, [pk]).items()}
