"""Moving an enrollment past the actions, as the database takes it: moves, hearings, exits."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from waymark.diversion.models import Enrollment, EnrollmentMove, Exit, Hearing
from waymark.diversion.models.enrollments import EXITS


def move(enrollment: Enrollment, name: str, **more: Any) -> None:
    if name in EXITS:
        more.setdefault("hearing", Hearing.objects.filter(outcome="terminate").first() if name == "terminate" else None)
        Exit.objects.create(
            agency_id=enrollment.agency_id, enrollment=enrollment, kind=EXITS[name], on=timezone.localdate(), **more
        )
    else:
        EnrollmentMove.objects.create(
            agency_id=enrollment.agency_id, enrollment=enrollment, move=name, on=timezone.localdate(), **more
        )


def hearing(enrollment: Enrollment, by: Any, *, days: int = -1) -> Hearing:
    today = timezone.localdate()
    told = today - dt.timedelta(days=30)
    return Hearing.objects.create(
        agency_id=enrollment.agency_id,
        enrollment=enrollment,
        noticed_on=told,
        counsel_noticed_on=told,
        set_for=today + dt.timedelta(days=days),
        written_by=by,
    )


def decide(held: Hearing, outcome: str) -> None:
    held.outcome, held.held_on = outcome, held.set_for
    held.save(update_fields=["outcome", "held_on"])
