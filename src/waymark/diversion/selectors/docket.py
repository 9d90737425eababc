"""Matters and the docket, as the agency that keeps them sees them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from waymark.accounts.models import User
from waymark.disclosures.models import InboxPacket
from waymark.diversion import policies
from waymark.diversion.models import DocketEntry, Matter, MatterPacket, PartyDecision


def matters(user: User) -> QuerySet[Matter]:
    """The own matters that no order keeps from everybody."""
    rows = policies.visible(Matter.objects.filter(put_away_on__isnull=True), to=user)
    if not policies.keeps_matters(user):
        return rows.none()
    return rows.select_related("program_agency", "charge")


def matter_for(user: User, pk: uuid.UUID) -> Matter | None:
    return matters(user).filter(pk=pk).first()


def here_now(rows: QuerySet[InboxPacket]) -> QuerySet[InboxPacket]:
    """Packets that can still be read: neither taken back nor past their last day."""
    return rows.filter(sealed__isnull=False, taken_back_at__isnull=True, expires_at__gt=timezone.now())


def with_report_here(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    """Matters for a list, each with `has_report`: whether a report of the program came in and can still be read."""
    about = MatterPacket.objects.filter(
        agency_id=OuterRef(OuterRef("agency_id")), matter_id=OuterRef(OuterRef("pk")), kind="compliance_report"
    )
    return rows.annotate(has_report=Exists(here_now(InboxPacket.objects.filter(pk__in=about.values("packet")))))


def packets_of(rows: Iterable[Matter]) -> dict[uuid.UUID, dict[str, list[InboxPacket]]]:
    """Of many matters: what came in and can still be read, by kind, the newest first. Two queries."""
    links = {
        link.packet: (link.matter_id, link.kind)
        for link in MatterPacket.objects.filter(matter__in=[row.pk for row in rows])
    }
    found: dict[uuid.UUID, dict[str, list[InboxPacket]]] = defaultdict(lambda: defaultdict(list))
    packets = here_now(InboxPacket.objects.filter(pk__in=links)).select_related("sender").order_by("-delivered_at")
    for packet in packets:
        matter, kind = links[packet.pk]
        found[matter][kind].append(packet)
    return found


def decisions_on(matter: Matter) -> QuerySet[PartyDecision]:
    rows = PartyDecision.objects.filter(agency_id=matter.agency_id, matter=matter)
    return rows.select_related("said_by").order_by("-said_at")


def docket_days(user: User, *, on: dt.date, is_past: bool) -> QuerySet[DocketEntry, Any]:
    """Days with how many matters are on them, and how many of these have an outcome."""
    rows = policies.visible(DocketEntry.objects.filter(matter__put_away_on__isnull=True), to=user)
    rows = rows.filter(on__lt=on) if is_past else rows.filter(on__gte=on)
    counted = rows.values("on").annotate(matters=Count("pk"), heard=Count("pk", filter=~Q(outcome="")))
    return counted.order_by("-on" if is_past else "on")


def days_to_hear(user: User, *, until: dt.date, since: dt.date | None = None) -> QuerySet[DocketEntry]:
    """One entry of each day with matters that have no outcome, and how many these are (`to_hear`)."""
    rows = policies.visible(DocketEntry.objects.filter(matter__put_away_on__isnull=True, outcome=""), to=user)
    rows = rows.filter(on__lte=until)
    if since is not None:
        rows = rows.filter(on__gte=since)
    of_the_day = rows.filter(on=OuterRef("on")).order_by()
    first = of_the_day.order_by("pk").values("pk")[:1]
    number = of_the_day.values("on").annotate(number=Count("pk")).values("number")
    return rows.filter(pk=Subquery(first)).annotate(to_hear=Subquery(number))


def terminations(user: User, *, since: dt.date) -> QuerySet[DocketEntry]:
    """Hearings on termination to come: each needs a notice before its day."""
    rows = policies.visible(DocketEntry.objects.filter(matter__put_away_on__isnull=True, outcome=""), to=user)
    return rows.filter(kind=DocketEntry.Kind.TERMINATION, on__gte=since)


def undecided(user: User) -> QuerySet[Matter]:
    """The own matters on which prosecution or defense has said nothing yet."""
    said = PartyDecision.objects.filter(agency_id=OuterRef("agency_id"), matter=OuterRef("pk"))
    return matters(user).filter(~Exists(said))


def docket_of(user: User, on: dt.date) -> list[DocketEntry]:
    """The list of one day."""
    rows = policies.visible(DocketEntry.objects.filter(on=on, matter__put_away_on__isnull=True), to=user)
    return list(rows.select_related("matter__program_agency", "matter__charge", "entered_by").order_by("pk"))


def entry_for(user: User, pk: uuid.UUID) -> DocketEntry | None:
    rows = policies.visible(DocketEntry.objects.filter(matter__put_away_on__isnull=True), to=user)
    return rows.select_related("matter__program_agency", "matter__charge").filter(pk=pk).first()


def entries_of(matter: Matter) -> QuerySet[DocketEntry]:
    return DocketEntry.objects.filter(agency_id=matter.agency_id, matter=matter).order_by("-on")
