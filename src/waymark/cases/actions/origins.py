"""Opening a case by something that came in. It is read once more then, so that nothing that was taken back is used.

The other agency is told of every look at its packet, as always, and never that a case was opened by it: that shows nothing.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.cases.actions.opening import CameBy, Intake, open_case
from waymark.cases.models import Case
from waymark.cases.selectors.origins import PACKAGE
from waymark.consent.formats.terms import LAW
from waymark.disclosures.actions import Content, content_held
from waymark.disclosures.models import InboxPacket
from waymark.disclosures.policies import Refused as MailRefused
from waymark.people.policies import Refused
from waymark.vault.selectors import OpenVault

OVER = (
    "It was taken back, or its last day is over. No case was opened. Use nothing of it: if the person is with you, open a "
    "case with what they tell you themselves."
)


def came_by(way: str, thing: uuid.UUID, *, sender: str, at: dt.datetime, content: Content | None) -> CameBy:
    """What a case keeps of what it came by. The federal notice is read from what came, not from what was typed."""
    on = timezone.localdate(at)
    return CameBy(way, thing, sender, on, is_part_two=content is not None and LAW in content.values)


def what_came(*, vault: OpenVault, packet: InboxPacket, by: User) -> Content | None:
    """What a packet says now, or None when nothing of it may be used. Raises Refused for a damaged one."""
    try:
        return content_held(vault=vault, packet=packet, by=by)
    except MailRefused as refused:
        raise Refused(str(refused)) from None


@transaction.atomic
def open_case_from_packet(*, vault: OpenVault, packet: InboxPacket, intake: Intake, by: User) -> Case:
    """Open a case by a packet that can still be read. Raises Refused, and then there is no case."""
    content = what_came(vault=vault, packet=packet, by=by)
    if content is None:
        raise Refused(OVER)
    origin = came_by(PACKAGE, packet.pk, sender=packet.sender.name, at=packet.delivered_at, content=content)
    return open_case(vault=vault, intake=intake, came_by=origin, by=by)
