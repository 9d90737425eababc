"""Agencies that hold rows about the entry: named, served by packet, told of the order, and what they confirmed.

A packet needs a permit. Here the petition that the person signed is what allows it, so the permit is opened for exactly one
agency and the fields of one kind of packet, and it ends with the time in which that packet can be opened.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import Agency, User
from waymark.audit.actions import record
from waymark.disclosures.actions import (
    close_permit,
    deliver_packet,
    freeze_packet,
    open_packet,
    open_permit,
    read_packet,
)
from waymark.disclosures.formats.packets import PacketError
from waymark.disclosures.models import InboxPacket, OutboxPacket
from waymark.disclosures.policies import Refused as SlotRefused
from waymark.people.policies import Refused
from waymark.relief import policies
from waymark.relief.actions.keeping import held, open_key_of
from waymark.relief.formats.packets import order_values, petition_values
from waymark.relief.models import Holder, ReliefCase, State
from waymark.relief.selectors.holders import SEALED, holder_lines
from waymark.relief.selectors.records import KIND, clock_for, words_of
from waymark.vault.policies import PinRefused
from waymark.vault.selectors import OpenVault

PURPOSE = "legal"
LASTS = dt.timedelta(days=30)
# An order can be opened for as long as its clock runs, and a month longer.
ORDER_LASTS = dt.timedelta(days=120)
AFTER_SERVICE = frozenset({State.SERVED.value, State.FILED.value, State.HEARING.value})
AFTER_ORDER = frozenset({State.ORDERED.value, State.CONFIRMED.value})


@transaction.atomic
def name_holder(*, case: ReliefCase, agency: Agency | None, name: str, by: User) -> Holder:
    """Write down who holds rows: a member, or the name of another agency."""
    policies.must_work(by)
    now = held(case)
    if now.state == State.CONFIRMED:
        raise Refused("Every agency has confirmed. Nobody is added any more.")
    holder, is_new = Holder.objects.get_or_create(
        agency_id=now.agency_id, relief=now, agency_told=agency, name="" if agency else name
    )
    if not is_new:
        raise Refused("This agency is on the list.")
    record(verb="relief.holder_named", by=by, kind=KIND, about=now.pk)
    return holder


@transaction.atomic
def drop_holder(*, case: ReliefCase, holder: Holder, by: User) -> None:
    """Take an agency off the list that was named by mistake; one that got a packet stays."""
    policies.must_work(by)
    held(case)
    found = Holder.objects.select_for_update(of=("self",)).get(agency_id=case.agency_id, relief=case, pk=holder.pk)
    if found.serve_packet or found.order_packet or found.sealed_on:
        raise Refused("This agency was told already, so it stays on the list.")
    found.delete()
    record(verb="relief.holder_dropped", by=by, kind=KIND, about=case.pk)


@transaction.atomic
def serve_by_packet(*, vault: OpenVault, case: ReliefCase, holder: Holder, by: User) -> Holder:
    """Send a member what was served. Nobody gets it before the step `serve` is written down."""
    secret = open_key_of(vault=vault, case=case, by=by)
    now = held(case)
    found = _told(now, holder)
    if now.state not in AFTER_SERVICE:
        raise Refused("Nobody is sent anything before the petition was served, or after it was decided.")
    if found.serve_packet is None:
        values = petition_values(now, words_of(now, secret), clock_for(now.section))
        found.serve_packet = _sent(vault, found, "petition", values, LASTS, by)
        found.save(update_fields=["serve_packet"])
        record(verb="relief.petition_sent", by=by, kind=KIND, about=now.pk)
    return found


@transaction.atomic
def tell_of_order(*, vault: OpenVault, case: ReliefCase, holder: Holder, by: User) -> Holder:
    """Give a member its task: seal its own rows, then destroy them. Its counts stay."""
    secret = open_key_of(vault=vault, case=case, by=by)
    now = held(case)
    found = _told(now, holder)
    if now.state not in AFTER_ORDER:
        raise Refused("Without an order nobody is told to seal.")
    if found.order_packet is None:
        values = order_values(now, words_of(now, secret))
        found.order_packet = _sent(vault, found, "relief_order", values, ORDER_LASTS, by)
        found.save(update_fields=["order_packet"])
        record(verb="relief.order_sent", by=by, kind=KIND, about=now.pk)
    return found


@transaction.atomic
def confirm_holder(
    *, case: ReliefCase, holder: Holder, sealed_on: dt.date, destroyed_on: dt.date | None, by: User
) -> Holder:
    """Write down what an agency confirmed."""
    policies.must_work(by)
    now = held(case)
    if now.state not in AFTER_ORDER:
        raise Refused("Without an order nobody seals.")
    trouble = _trouble_of_days(now, sealed_on, destroyed_on)
    if trouble:
        raise Refused(trouble)
    found = Holder.objects.select_for_update(of=("self",)).get(agency_id=now.agency_id, relief=now, pk=holder.pk)
    _keep_days(found, sealed_on, destroyed_on, by)
    record(verb="relief.holder_confirmed", by=by, kind=KIND, about=now.pk)
    return found


@transaction.atomic
def take_in_answers(*, vault: OpenVault, case: ReliefCase, by: User) -> int:
    """Write down what members answered by packet; gives how many answers. One that cannot be believed stays unwritten:
    from an agency whose words nobody compared, or with another reference or a day before the order.
    """
    policies.must_work(by)
    now = held(case)
    taken = 0
    for line in holder_lines(now, to=by):
        found = Holder.objects.select_for_update(of=("self",)).get(agency_id=now.agency_id, pk=line.holder.pk)
        for done, packet in line.waiting():
            day = _day_said(vault, packet, done, now.code, by)
            sealed_on, destroyed_on = (day, found.destroyed_on) if done == SEALED else (found.sealed_on, day)
            if day is None or sealed_on is None or _trouble_of_days(now, sealed_on, destroyed_on):
                continue
            _keep_days(found, sealed_on, destroyed_on, by)
            taken += 1
    if taken:
        record(verb="relief.answers_taken_in", by=by, kind=KIND, about=now.pk)
    return taken


def _day_said(vault: OpenVault, packet: InboxPacket, done: str, reference: str, by: User) -> dt.date | None:
    act = read_packet if packet.read_at else open_packet
    try:
        with transaction.atomic():
            content = act(vault=vault, packet=packet.pk, by=by)
    except SlotRefused:
        return None
    if content is None or not content.is_sender_known:
        return None
    if (content.values.get("done"), content.values.get("reference")) != (done, reference):
        return None
    try:
        return dt.date.fromisoformat(content.values.get("day", ""))
    except ValueError:
        return None


def _trouble_of_days(case: ReliefCase, sealed_on: dt.date, destroyed_on: dt.date | None) -> str:
    """Why these days cannot be, in words for the form; empty when they can."""
    if case.decided_on is not None and sealed_on < case.decided_on:
        return "Sealed before the order? Check the day."
    if destroyed_on is not None and destroyed_on < sealed_on:
        return "Rows are sealed first and destroyed after. Check the days."
    if max(sealed_on, destroyed_on or sealed_on) > timezone.localdate():
        return "This day has not come yet."
    return ""


def _keep_days(holder: Holder, sealed_on: dt.date, destroyed_on: dt.date | None, by: User) -> None:
    """The days of one holder. When its rows are destroyed, the order that named them is taken back: it names them too."""
    holder.sealed_on, holder.destroyed_on = sealed_on, destroyed_on
    holder.save(update_fields=["sealed_on", "destroyed_on"])
    if destroyed_on is not None and holder.order_packet is not None:
        rows = OutboxPacket.objects.filter(agency_id=holder.agency_id, pk=holder.order_packet).select_related("permit")
        if (order := rows.first()) is not None and order.permit is not None:
            close_permit(permit=order.permit, by=by)


def _told(case: ReliefCase, holder: Holder) -> Holder:
    """The row, held, of a member that can get packets."""
    rows = Holder.objects.select_for_update(of=("self",)).select_related("agency_told")
    found = rows.get(agency_id=case.agency_id, relief=case, pk=holder.pk)
    if found.agency_told is None:
        raise Refused("This agency is no member of the coalition: the attorney tells it on paper.")
    return found


def _sent(
    vault: OpenVault, holder: Holder, kind: str, values: Mapping[str, str], lasts: dt.timedelta, by: User
) -> uuid.UUID:
    """Freeze and hand over one packet under a permit of its own. Raises Refused, and then nothing has left."""
    recipient = holder.agency_told
    if recipient is None:
        raise Refused("Only members get packets.")
    try:
        now = timezone.now()
        permit = open_permit(
            recipient=recipient, purpose=PURPOSE, fields=sorted(values), starts_at=now, ends_at=now + lasts, by=by
        )
        page = uuid.uuid5(holder.pk, kind)
        packet = freeze_packet(
            vault=vault, page=page, recipient=recipient, kind=kind, values=values, permit=permit, by=by, lasts=lasts
        )
        deliver_packet(packet=packet.pk, by=by)
    except (PinRefused, SlotRefused, PacketError) as refused:
        raise Refused(str(refused)) from None
    return packet.pk
