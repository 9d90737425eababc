"""Referrals for tests.

`a_desk` says who answers. `asked` makes a referral of random bytes at both agencies, for tests that open nothing (moves,
walls, who asks): everybody acts in one transaction, as the database demands it. Tests that read what was sent use the real
actions. Invariant: a referral's case is the sender's, its packet has crossed, and a letter has no packet.
"""

from __future__ import annotations

import datetime as dt
import os
import uuid
from typing import Any

from django.utils import timezone
from tests.factories.directory import ServiceFactory
from tests.factories.disclosures import frozen
from tests.factories.people import a_case

from waymark.accounts.models import Agency, User
from waymark.directory.models import Service
from waymark.disclosures.actions import crossing as mail
from waymark.disclosures.formats.kinds import CAPACITY_QUESTION, KINDS, OPAQUE_REFERRAL
from waymark.referrals.actions import crossing
from waymark.referrals.formats.letter_codes import digest_of, new_letter_code
from waymark.referrals.models import Desk, Referral, Way

KIND_OF = {Way.QUESTION.value: CAPACITY_QUESTION.code, Way.OPAQUE.value: OPAQUE_REFERRAL.code}


def a_desk(agency: Agency, by: User, service: Service | None = None) -> Desk:
    return Desk.objects.create(agency=agency, service=service or ServiceFactory(), added_by=by)


def asked(by: User, recipient: Agency, way: str = Way.OPAQUE, *, sent: bool = True, **changes: Any) -> Referral:
    """What `by` asks of another agency now. Runs inside the context of `by`."""
    assert by.acting is not None
    agency = by.acting.agency
    lasts = dt.timedelta(hours=8)
    values: dict[str, Any] = {
        "way": way,
        "service": uuid.uuid4(),
        "respond_by": timezone.now() + lasts,
        "made_by": by,
        **changes,
    }
    values.setdefault("case", None)
    values["case"] = values["case"] or a_case(agency, by)
    if way == Way.CARRIED:
        code = values.pop("letter", new_letter_code())
        values |= {"digest": digest_of(code), "code": os.urandom(160)}
        return Referral.objects.create(agency=agency, recipient=recipient, **values)
    permit = values.pop("permit", None)
    if permit is None:
        kind = KIND_OF[way]
        fields = [question.code for question in KINDS[kind].questions]
        packet = frozen(by, recipient, kind=kind, fields=fields, expires_at=values["respond_by"])
    else:
        packet = frozen(by, recipient, permit)
        values["release"] = uuid.uuid4()
    referral = Referral.objects.create(agency=agency, recipient=recipient, packet=packet.pk, **values)
    if sent:
        mail.deliver(packet.pk)
        crossing.send(referral.pk)
    return referral
