"""Reads of the mail slot: what came in, what was sent, which permits are live. All narrowed to one agency."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse

from waymark.accounts.models import Agency, User
from waymark.audit.models import Event
from waymark.disclosures.formats.kinds import MAIL_KINDS, PERSONAL
from waymark.disclosures.models import CarriedFile, InboxPacket, LedgerLine, OutboxPacket, Permit
from waymark.disclosures.policies import agency_of, may_read, visible
from waymark.pages.lines import HomeCount, HomeRows, Line
from waymark.vault.selectors import OpenVault

LATELY = dt.timedelta(days=14)
Packet = TypeVar("Packet", InboxPacket, OutboxPacket)


@dataclass(frozen=True)
class Beside:
    """What an app above has to say on the page of a packet: what came of it, and a form that goes on from here."""

    title: str
    links: list[tuple[str, str]]
    url: str
    choices: list[tuple[str, str]]


Give = Callable[[InboxPacket, dict[str, str], OpenVault, User], Beside | None]
_givers: list[Give] = []


def put_beside_packets(give: Give) -> None:
    """Say what stands beside a packet. Called by an app when it starts; the mail slot knows nothing of cases."""
    _givers.append(give)


def beside_packet(packet: InboxPacket, values: dict[str, str], *, vault: OpenVault, to: User) -> list[Beside]:
    """What stands beside a packet while the vault is open; `values` are what it says, or nothing when it is over."""
    return [found for found in (give(packet, values, vault, to) for give in _givers) if found is not None]


def _mail(packets: QuerySet[Packet]) -> QuerySet[Packet]:
    """Without what stands on another app's pages, and is narrowed there to fewer people."""
    return packets.filter(kind__in=MAIL_KINDS)


def received(*, to: User, words: str, kind: str, state: str, at: dt.datetime) -> QuerySet[InboxPacket]:
    """What came in, newest first. `state` is new, opened, taken_back or expired."""
    found = _mail(visible(InboxPacket.objects.all(), to=to)).select_related("sender").order_by("-delivered_at", "id")
    if words:
        found = found.filter(Q(sender__name__icontains=words) | Q(sender__short_name__icontains=words))
    if kind:
        found = found.filter(kind=kind)
    over = Q(taken_back_at__isnull=False)
    narrowed = {
        "new": ~over & Q(read_at__isnull=True, expires_at__gt=at),
        "opened": ~over & Q(read_at__isnull=False, expires_at__gt=at),
        "taken_back": over,
        "expired": ~over & Q(expires_at__lte=at),
    }
    return found.filter(narrowed[state]) if state else found


def received_one(pk: uuid.UUID, *, to: User) -> InboxPacket | None:
    return _mail(visible(InboxPacket.objects.select_related("sender"), to=to)).filter(pk=pk).first()


def sent(*, to: User, words: str, kind: str, state: str) -> QuerySet[OutboxPacket]:
    """What this agency wrote, newest first."""
    found = _mail(visible(OutboxPacket.objects.all(), to=to)).select_related("recipient", "frozen_by")
    if words:
        found = found.filter(Q(recipient__name__icontains=words) | Q(recipient__short_name__icontains=words))
    if kind:
        found = found.filter(kind=kind)
    if state:
        found = found.filter(state=state)
    return found.order_by("-frozen_at", "id")


def sent_one(pk: uuid.UUID, *, to: User) -> OutboxPacket | None:
    rows = OutboxPacket.objects.select_related("recipient", "frozen_by", "permit")
    return _mail(visible(rows, to=to)).filter(pk=pk).first()


def ledger_of(packet: OutboxPacket, *, to: User) -> list[LedgerLine]:
    """The lines about a packet, in their order."""
    return list(visible(LedgerLine.objects.all(), to=to).filter(packet=packet.pk).order_by("at"))


def live_permits(*, to: User, at: dt.datetime, words: str = "") -> QuerySet[Permit]:
    """Permits under which something may cross now, the one that ends first before the others."""
    found = visible(Permit.objects.all(), to=to).select_related("recipient")
    if words:
        found = found.filter(Q(recipient__name__icontains=words) | Q(recipient__short_name__icontains=words))
    return found.filter(revoked_at__isnull=True, starts_at__lte=at, ends_at__gt=at).order_by("ends_at", "id")


def permits_by_hand(*, to: User, at: dt.datetime, words: str = "") -> QuerySet[Permit]:
    """Live permits for words that somebody types. What a release lets go from a file is sent from the release."""
    return live_permits(to=to, at=at, words=words).filter(fields__overlap=[one.code for one in PERSONAL.questions])


def live_permit(pk: uuid.UUID, *, to: User, at: dt.datetime) -> Permit | None:
    """One live permit under which something can be typed."""
    return permits_by_hand(to=to, at=at).filter(pk=pk).first()


def other_agencies(*, to: User) -> QuerySet[Agency]:
    """Agencies that something can be sent to. Membership in the coalition is known to all members."""
    reached = (Agency.State.ACTIVE, Agency.State.ELSEWHERE)
    return Agency.objects.filter(state__in=reached).exclude(pk=agency_of(to)).order_by("name")


def carried(*, to: User, words: str = "", what: str = "") -> QuerySet[CarriedFile]:
    """What came by file, newest first."""
    found = visible(CarriedFile.objects.all(), to=to).select_related("other")
    if words:
        found = found.filter(Q(other__name__icontains=words) | Q(other__short_name__icontains=words))
    if what:
        found = found.filter(what=what)
    return found.order_by("-at", "id")


def carried_one(pk: uuid.UUID, *, to: User) -> CarriedFile | None:
    """A packet or a recall that came by file: for those a receipt can be made."""
    return carried(to=to).filter(pk=pk, what__in=(CarriedFile.What.PACKET, CarriedFile.What.RECALL)).first()


def file_of(packet: InboxPacket, *, to: User) -> CarriedFile | None:
    """By which file a packet came; None for one of this installation."""
    return carried(to=to, what=CarriedFile.What.PACKET).filter(other=packet.sender_id, packet=packet.packet).first()


def words_about(packet: OutboxPacket, *, to: User) -> list[CarriedFile]:
    """What the recipient's receipts said of a packet, in order."""
    told = (CarriedFile.What.RECEIVED, CarriedFile.What.READ, CarriedFile.What.ERASED)
    lines = carried(to=to).filter(other=packet.recipient_id, packet=packet.pk, what__in=told)
    return sorted(lines, key=lambda line: told.index(CarriedFile.What(line.what)))


def events_about(packet: uuid.UUID, *, to: User) -> list[tuple[Event, str]]:
    """Who of the own agency did what with a packet and when, newest first, with the name of the person."""
    events = list(
        Event.objects.filter(chain=agency_of(to), object_kind__in=("packet", "report"), object_id=str(packet)).order_by(
            "-id"
        )[:50]
    )
    # An actor is a member's id, or names a job.
    people = User.objects.annotate(key=Cast("pk", CharField())).filter(key__in={event.actor for event in events})
    names = dict(people.values_list("key", "display_name"))
    return [(event, names.get(event.actor, "Somebody who is gone")) for event in events]


def waiting_for(user: User, now: dt.datetime) -> list[Line]:
    """For the home page: that something came, never what."""
    if not may_read(user):
        return []
    return [
        HomeCount(
            received(to=user, words="", kind="", state="new", at=now),
            "packet from another agency is not opened",
            "packets from other agencies are not opened",
            reverse("disclosures:inbox") + "?state=new",
            "mail",
            is_due=True,
        )
    ]


def changed_for(user: User, now: dt.datetime) -> list[Line]:
    """For the home page: what one's own packets met with, and what others took back."""
    if not may_read(user):
        return []
    mine = sent(to=user, words="", kind="", state="").filter(frozen_by=user, read_at__gt=now - LATELY)
    gone = _mail(visible(InboxPacket.objects.all(), to=user)).filter(taken_back_at__gt=now - LATELY)
    return [
        HomeRows(
            mine, "{} opened a packet of yours".format, "disclosures:outbox_detail", "mail", "-read_at", "recipient__name"
        ),
        HomeRows(
            gone, "{} took a packet back".format, "disclosures:inbox_detail", "mail", "-taken_back_at", "sender__name"
        ),
    ]
