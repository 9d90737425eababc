"""Agencies that hold rows about an entry, with what each was sent and what each has answered by packet.

An answer finds its order by its id, which both agencies can say, so that it is seen while the vault is locked. What day it
names is read when it is written down.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from waymark.accounts.models import User
from waymark.disclosures.formats.packets import packet_of_page
from waymark.disclosures.formats.relief_kinds import RELIEF_DONE, answer_page
from waymark.disclosures.models import InboxPacket, OutboxPacket
from waymark.disclosures.policies import visible
from waymark.relief.models import Holder, ReliefCase
from waymark.relief.selectors.records import holders_of

SEALED, DESTROYED = "sealed", "destroyed"


@dataclass(frozen=True)
class HolderLine:
    """One agency of a case."""

    holder: Holder
    order: OutboxPacket | None
    answers: dict[str, InboxPacket] = field(default_factory=dict)

    def waiting(self) -> list[tuple[str, InboxPacket]]:
        """Answers that came and are not written down, sealing before destroying."""
        known = {SEALED: self.holder.sealed_on, DESTROYED: self.holder.destroyed_on}
        return [(done, self.answers[done]) for done in known if known[done] is None and done in self.answers]

    @property
    def newest(self) -> tuple[str, InboxPacket] | None:
        return self.waiting()[-1] if self.waiting() else None


def holder_lines(case: ReliefCase, *, to: User) -> list[HolderLine]:
    """Who holds rows about the entry, members first: three questions to the database, however many there are."""
    holders = list(holders_of(case))
    wanted = {answer_id(one, done): (one.pk, done) for one in holders if one.order_packet for done in (SEALED, DESTROYED)}
    if not wanted:
        return [HolderLine(one, None) for one in holders]
    answers: dict[uuid.UUID, dict[str, InboxPacket]] = {}
    for packet in visible(InboxPacket.objects.filter(kind=RELIEF_DONE.code, packet__in=wanted), to=to):
        holder, done = wanted[packet.packet]
        if packet.sender_id == next(one.agency_told_id for one in holders if one.pk == holder):
            answers.setdefault(holder, {})[done] = packet
    orders = visible(OutboxPacket.objects.filter(pk__in=[one.order_packet for one in holders]), to=to).in_bulk()
    return [
        HolderLine(one, orders.get(one.order_packet) if one.order_packet else None, answers.get(one.pk, {}))
        for one in holders
    ]


def answer_id(holder: Holder, done: str) -> uuid.UUID:
    """The id that an agency's answer has."""
    if holder.agency_told_id is None or holder.order_packet is None:
        raise ValueError("Only a member that got an order answers by packet.")
    return packet_of_page(holder.agency_told_id, answer_page(holder.order_packet, done))
