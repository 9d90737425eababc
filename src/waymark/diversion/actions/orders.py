"""Carrying out an order to seal: it is taken up, the own rows are put away, then destroyed, and the sender hears both.

Nobody types an answer into a letter: each is a packet of a day and a code, under the sender's reference. It says nothing of
how many rows there were, or whether there were any.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.accounts.policies import Refused
from waymark.audit.actions import record
from waymark.disclosures.actions import Content, deliver_packet, freeze_packet, open_packet, read_packet
from waymark.disclosures.formats.relief_kinds import RELIEF_DONE, answer_page
from waymark.disclosures.models import InboxPacket
from waymark.diversion import policies
from waymark.diversion.actions.sealed_rows import put_away
from waymark.diversion.models import Enrollment, SealTask
from waymark.diversion.models.parties import SealedRecord
from waymark.diversion.selectors.orders import not_destroyed, order_for, rows_of_order
from waymark.law.policies.relief import carried_out_by
from waymark.vault.selectors import OpenVault

NOT_YOURS = "Whoever works in the program of your agency carries out an order: they can open its rows, and you cannot."
KIND = "seal_task"


@transaction.atomic
def take_up_order(*, vault: OpenVault, packet: uuid.UUID, by: User) -> SealTask:
    """Open an order, and write down until when it asks. The sender learns that it was opened."""
    policies.must(policies.may_carry_out(by), NOT_YOURS)
    found = order_for(by, packet)
    if found is None:
        raise Refused("This order is not here.")
    known = SealTask.objects.filter(agency_id=vault.agency, packet=found.pk).first()
    if known is not None:
        return known
    content = content_of(vault=vault, packet=found, by=by)
    if content is None:
        raise Refused("There is nothing to open any more. Ask the sender for a new one.")
    if not content.is_sender_known:
        raise Refused(
            "Nobody has compared the six words with this sender, so nobody vouches for the order. Call them first."
        )
    said = content.values
    ordered_on = _day(said.get("ordered_on", ""))
    task = SealTask.objects.create(
        agency_id=vault.agency,
        packet=found.pk,
        order=found.packet,
        sender=found.sender,
        reference=said.get("reference", ""),
        ordered_on=ordered_on,
        seal_by=carried_out_by(said.get("section", ""), ordered_on) if ordered_on else None,
    )
    record(verb="seal_task.taken_up", by=by, kind=KIND, about=task.pk)
    return task


def content_of(*, vault: OpenVault, packet: InboxPacket, by: User) -> Content | None:
    """What an order says: opened the first time, read again afterwards; None when it was taken back or has expired."""
    act = read_packet if packet.read_at else open_packet
    return act(vault=vault, packet=packet.pk, by=by)


@transaction.atomic
def answer_sealed(*, vault: OpenVault, task: SealTask, on: dt.date, by: User) -> SealTask:
    """Put the own rows of an order away, and tell the sender that they are sealed."""
    now = _held(task, by)
    if now.sealed_on is not None:
        return now
    _must_be_a_day(on, not_before=now.ordered_on, why="Sealed before the order? Check the day.")
    packet = order_for(by, now.packet)
    content = content_of(vault=vault, packet=packet, by=by) if packet is not None else None
    for row in rows_of_order(content.values, vault, to=by) if content is not None else []:
        put_away(row=row, by=by)
        now.rows += _keys_of(row)
    now.sealed_on, now.sealed_by = on, by
    now.save(update_fields=["rows", "sealed_on", "sealed_by"])
    _tell(vault, now, "sealed", on, by)
    record(verb="seal_task.sealed", by=by, kind=KIND, about=now.pk)
    return now


@transaction.atomic
def answer_destroyed(*, vault: OpenVault, task: SealTask, on: dt.date, by: User) -> SealTask:
    """Tell the sender that the own rows are destroyed, when those that were put away for it are."""
    now = _held(task, by)
    if now.destroyed_on is not None:
        return now
    if now.sealed_on is None:
        raise Refused("Rows are sealed first and destroyed after. Answer that they are sealed.")
    _must_be_a_day(on, not_before=now.sealed_on, why="Rows are sealed first and destroyed after. Check the day.")
    if not_destroyed(now):
        raise Refused(
            "A row that was put away for this order still has its key. An officer of your agency destroys it first."
        )
    now.destroyed_on, now.destroyed_by = on, by
    now.save(update_fields=["destroyed_on", "destroyed_by"])
    _tell(vault, now, "destroyed", on, by)
    record(verb="seal_task.destroyed", by=by, kind=KIND, about=now.pk)
    return now


def _held(task: SealTask, by: User) -> SealTask:
    policies.must(policies.may_carry_out(by), NOT_YOURS)
    rows = SealTask.objects.select_for_update(of=("self",)).select_related("sender")
    return rows.get(agency_id=task.agency_id, pk=task.pk)


def _keys_of(row: SealedRecord) -> list[uuid.UUID]:
    return [row.pk, row.referral_id] if isinstance(row, Enrollment) else [row.pk]


def _must_be_a_day(on: dt.date, *, not_before: dt.date | None, why: str) -> None:
    if on > timezone.localdate():
        raise Refused("This day has not come yet.")
    if not_before is not None and on < not_before:
        raise Refused(why)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _tell(vault: OpenVault, task: SealTask, done: str, on: dt.date, by: User) -> None:
    """The answer crosses in the same transaction: nothing is written down here of which the sender does not hear."""
    packet = freeze_packet(
        vault=vault,
        page=answer_page(task.order, done),
        recipient=task.sender,
        kind=RELIEF_DONE.code,
        values={"day": on.isoformat(), "done": done, "reference": task.reference},
        permit=None,
        by=by,
    )
    deliver_packet(packet=packet.pk, by=by)
