"""Handing a frozen packet over, and taking it back. Both may be tried again after an unknown end: nothing happens twice."""

from __future__ import annotations

import uuid

from django.db import transaction

from waymark.accounts.models import User
from waymark.disclosures import policies
from waymark.disclosures.actions import crossing
from waymark.disclosures.actions.telling import tell, told_if_refused


@transaction.atomic
def deliver_packet(*, packet: uuid.UUID, by: User) -> str:
    """Hand over: `delivered`, or `repeated` when it was handed over before. Raises Refused, and then nothing has left."""
    with told_if_refused("packet.delivered", packet, by):
        policies.must_send(by)
        verdict = crossing.deliver(packet)
    if verdict == "delivered":
        tell("packet.delivered", packet, by)
    return verdict


@transaction.atomic
def recall_packet(*, packet: uuid.UUID, by: User) -> str:
    """Take back: `stopped`, `recalled`, `recalled_after_reading`, or `repeated`. What was read cannot be unread."""
    with told_if_refused("packet.recalled", packet, by):
        policies.must_send(by)
        verdict = crossing.recall(packet)
    if verdict != "repeated":
        tell("packet.stopped" if verdict == "stopped" else "packet.recalled", packet, by)
    return verdict
