"""Reads of the charge catalogue, as of a day."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from waymark.law.models import Charge


def charges_in_force(*, on: date) -> QuerySet[Charge]:
    """What stood in the books on that day."""
    return Charge.objects.filter(
        Q(in_force_from=None) | Q(in_force_from__lte=on), Q(in_force_until=None) | Q(in_force_until__gte=on)
    )


def charge_on(section: str, *, on: date) -> Charge | None:
    """The charge as it read on that day, or None when it was not in force."""
    return charges_in_force(on=on).filter(section=section).first()


def charges_listed(*, words: str = "", side: str = "", on: date | None = None) -> QuerySet[Charge]:
    """The catalogue by section: all of it, or what was in force on a day."""
    found = Charge.objects.all() if on is None else charges_in_force(on=on)
    if words:
        found = found.filter(Q(section__icontains=words) | Q(title__icontains=words))
    if side:
        found = found.filter(side=side)
    return found.order_by("section", "in_force_from", "id")
