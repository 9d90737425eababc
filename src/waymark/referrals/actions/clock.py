"""What the clock does, agency by agency: ends what has run out, deletes what ended a day ago, reminds once."""

from __future__ import annotations

import uuid

from django.db import transaction

from waymark.access.context import acting_for
from waymark.audit.actions import record
from waymark.audit.models import SYSTEM
from waymark.referrals.actions import crossing
from waymark.referrals.actions.telling import notify_who_answers, notify_worker

CLOCK = "system:referrals"


@transaction.atomic
def end_run_out(*, agency_id: uuid.UUID, by: str = CLOCK) -> int:
    """Lapse what nobody answered and close what has had its outcome; each worker who asked is told."""
    with acting_for(agency_id, SYSTEM):
        ended = crossing.call("SELECT * FROM referrals.run_out()")
        for referral, worker in ended:
            notify_worker(worker, referral)
        if ended:
            record(verb="referrals.run_out", by=by, chain=agency_id, kind="agency", about=agency_id)
        return len(ended)


@transaction.atomic
def forget_ended(*, agency_id: uuid.UUID, by: str = CLOCK) -> int:
    """Delete what ended a day ago, for good, and keep counts of it."""
    with acting_for(agency_id, SYSTEM):
        gone: int = crossing.call("SELECT referrals.forget()")[0][0]
        if gone:
            record(verb="referrals.forgotten", by=by, chain=agency_id, kind="agency", about=agency_id)
        return gone


@transaction.atomic
def remind(*, agency_id: uuid.UUID, by: str = CLOCK) -> int:
    """Tell an agency once that an answer of it is soon due, or that nothing moved for a week."""
    with acting_for(agency_id, SYSTEM):
        due = crossing.call("SELECT referrals.nudge()")
        if due:
            notify_who_answers(agency_id, "referral.due")
            record(verb="referrals.reminded", by=by, chain=agency_id, kind="agency", about=agency_id)
        return len(due)
