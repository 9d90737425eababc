"""Opening a case of one's own for somebody whom another agency referred. Who asked learns nothing of it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.cases.actions.opening import Intake, open_case
from waymark.cases.actions.origins import OVER, came_by, what_came
from waymark.cases.models import Case
from waymark.cases.selectors.origins import REFERRAL
from waymark.people.policies import Refused
from waymark.referrals import policies
from waymark.referrals.models import ReceivedReferral, Way
from waymark.referrals.selectors.received import packet_of
from waymark.vault.selectors import OpenVault


@transaction.atomic
def open_case_from_referral(*, vault: OpenVault, received: ReceivedReferral, intake: Intake, by: User) -> Case:
    """Open a case by a referral that was taken up. Where a package came along, it must still be there. Raises Refused."""
    policies.must_answer(by)
    if not policies.may_become_case(received, at=timezone.now()):
        raise Refused(policies.NOT_TAKEN_UP)
    packet = packet_of(received)
    content = what_came(vault=vault, packet=packet, by=by) if packet is not None else None
    if content is None and received.way == Way.CONSENTED:
        raise Refused(OVER)
    came_at = received.sent_at or timezone.now()
    origin = came_by(REFERRAL, received.pk, sender=received.sender.name, at=came_at, content=content)
    return open_case(vault=vault, intake=intake, came_by=origin, by=by)
