"""Opening and closing a permit.

`consent` does so in the transaction in which a release begins or ends. For a petition that the person signed, `relief`
opens one for whoever was served or must carry out the order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from waymark.accounts.models import Agency, User
from waymark.disclosures import policies
from waymark.disclosures.actions.sending import recall_packet
from waymark.disclosures.actions.telling import tell
from waymark.disclosures.formats.kinds import KINDS
from waymark.disclosures.models import OutboxPacket, Permit

LONGEST = dt.timedelta(days=365)
STILL_OUT = (OutboxPacket.State.WAITING, OutboxPacket.State.DELIVERED, OutboxPacket.State.READ)
PERMITTED = {question.code for kind in KINDS.values() if kind.needs_permit for question in kind.questions}


@dataclass(frozen=True)
class Closed:
    """What closing a permit did to the packets under it."""

    unopened: int
    opened: int
    stopped: int


@transaction.atomic
def open_permit(
    *,
    recipient: Agency,
    purpose: str,
    fields: Sequence[str],
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    by: User,
) -> Permit:
    """Leave for the agency of `by` to hand `fields` to `recipient`, from `starts_at` until just before `ends_at`.

    Raises ValueError for fields or times that no permit can have; the database refuses the same.
    """
    policies.must_send(by)
    agency = policies.agency_of(by)
    wanted = sorted(set(fields))
    if not wanted or not set(wanted) <= PERMITTED:
        raise ValueError("A permit names at least one field, and only fields that exist.")
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise ValueError("A permit ends after it begins, within 365 days.")
    permit = Permit.objects.create(
        agency_id=agency, recipient=recipient, purpose=purpose, fields=wanted, starts_at=starts_at, ends_at=ends_at
    )
    tell("permit.opened", permit.pk, by, fields=wanted, purpose=purpose)
    return permit


@transaction.atomic
def close_permit(*, permit: Permit, by: User) -> Closed:
    """Revoke a permit: nothing crosses under it any more, and what crossed is taken back, all in one transaction.

    Unopened packets leave no trace with the recipient; of opened ones the content goes there and the fact stays. Closing
    twice is closing once.
    """
    policies.must_send(by)
    agency = policies.agency_of(by)
    mine = policies.visible(Permit.objects.all(), to=by)
    # Whoever delivers under this permit right now is waited for here, and whoever comes later finds it revoked.
    found = mine.select_for_update().filter(pk=permit.pk).first()
    if found is None:
        raise policies.Refused("permit.absent")
    counts = dict.fromkeys(("recalled", "recalled_after_reading", "stopped", "repeated"), 0)
    if found.revoked_at is None:
        mine.filter(pk=permit.pk).update(revoked_at=found.ends_at)
        tell("permit.closed", permit.pk, by)
        under = OutboxPacket.objects.filter(agency_id=agency, permit_id=permit.pk, state__in=STILL_OUT)
        for packet in under.order_by("pk").values_list("pk", flat=True):
            counts[recall_packet(packet=packet, by=by)] += 1
    permit.refresh_from_db()
    return Closed(counts["recalled"], counts["recalled_after_reading"], counts["stopped"])
