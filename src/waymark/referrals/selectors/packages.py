"""Packages that went out for a person under a release that is live: with one of them somebody can be referred by name."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from waymark.accounts.models import Agency, User
from waymark.cases.models import Case
from waymark.consent.models import Package, Release
from waymark.consent.policies import visible
from waymark.disclosures.models import OutboxPacket

THERE = (OutboxPacket.State.DELIVERED, OutboxPacket.State.READ)


def packages_for(case: Case, *, to: User, at: dt.datetime) -> QuerySet[Package]:
    """What another agency holds of this case's person now, the newest first."""
    live = visible(Release.objects.all(), to=to).filter(
        person_id=case.person_id, state=Release.State.ACTIVE, starts_at__lte=at, ends_at__gt=at
    )
    rows = Package.objects.filter(agency_id=case.agency_id, release__in=live, packet__state__in=THERE)
    # With an agency in its own installation there is no referral whose answers come back.
    rows = rows.filter(packet__expires_at__gt=at, packet__recipient__state=Agency.State.ACTIVE)
    return rows.select_related("release", "packet", "packet__recipient").order_by("-packet__delivered_at", "pk")
