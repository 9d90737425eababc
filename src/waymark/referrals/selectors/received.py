"""What this agency was asked by others, and its packets."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse

from waymark.accounts.models import User
from waymark.cases.selectors.origins import GONE, REFERRAL, Standing, says_of, tells_of
from waymark.directory.models import Service
from waymark.disclosures.models import InboxPacket
from waymark.referrals.models import OPEN, ReceivedReferral, State
from waymark.referrals.policies import visible_received
from waymark.referrals.selectors.desks import service_names


@dataclass(frozen=True)
class Came:
    """One line of the inbox."""

    received: ReceivedReferral
    service: str
    state: str
    is_late: bool

    @property
    def state_label(self) -> str:
        return str(State(self.state).label)


def inbox(*, to: User, words: str, way: str, state: str, at: dt.datetime) -> QuerySet[ReceivedReferral]:
    """What came in, the newest first; `state` is `waits`, `open`, `over` or empty."""
    rows = visible_received(ReceivedReferral.objects.all(), to=to).select_related("sender")
    if words:
        named = Service.objects.filter(name__icontains=words).values("pk")
        rows = rows.filter(Q(sender__name__icontains=words) | Q(sender__short_name__icontains=words) | Q(service__in=named))
    if way:
        rows = rows.filter(way=way)
    run_out = Q(state=State.REQUESTED, respond_by__lte=at) | Q(state=State.ANSWERED, good_until__lte=at)
    if state == "waits":
        rows = rows.filter(state=State.REQUESTED, respond_by__gt=at)
    elif state == "open":
        rows = rows.filter(state__in=OPEN).exclude(run_out)
    elif state == "over":
        rows = rows.filter(~Q(state__in=OPEN) | run_out)
    return rows.order_by("-sent_at", "id")


def lines(rows: Sequence[ReceivedReferral], at: dt.datetime) -> list[Came]:
    """Rows with the names of services: one query whatever their number."""
    services = service_names(row.service for row in rows)
    return [
        Came(
            row,
            services.get(row.service, "A service that is not listed any more"),
            row.state_at(at),
            row.is_late(at) and row.state_at(at) == State.REQUESTED,
        )
        for row in rows
    ]


def received_one(pk: uuid.UUID, *, to: User) -> ReceivedReferral | None:
    return visible_received(ReceivedReferral.objects.select_related("sender"), to=to).filter(pk=pk).first()


def packet_of(received: ReceivedReferral) -> InboxPacket | None:
    """What came along, until its last hour."""
    if received.packet is None:
        return None
    return InboxPacket.objects.filter(
        agency_id=received.agency_id, sender_id=received.sender_id, packet=received.packet
    ).first()


def how_it_stands(thing: uuid.UUID, to: User, at: dt.datetime) -> Standing:
    """For the case that came by it: where it is read, and that what came along is over."""
    found = received_one(thing, to=to)
    if found is None:
        return Standing(says=GONE)
    packet = packet_of(found)
    return Standing(reverse("referrals:inbox_detail", args=[found.pk]), says_of(packet, at) if packet is not None else "")


def register_standing() -> None:
    """Called when the app starts."""
    tells_of(REFERRAL, how_it_stands)
