"""The demo's program: made by the action that a worker's press of a button runs, with sessions that nobody attended yet."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind, Membership
from waymark.diversion.actions.programs import make_program
from waymark.diversion.actions.work import hold_session
from waymark.diversion.models import Program

NAME = "Rivermont diversion program (invented)"
EVENINGS = (-14, -7, 0, 7)


def load_demo_program(*, today: dt.date) -> int:
    """A program and four evenings for the demo's agency for victims, once. Gives how many programs are new."""
    workers = Membership.objects.filter(
        role=Role.ADVOCATE, state=Membership.State.ACTIVE, agency__kind=AgencyKind.VICTIM_SERVICES
    )
    worker = workers.select_related("user", "agency").order_by("agency__name", "user__email").first()
    court = Agency.objects.filter(kind=AgencyKind.COURT).order_by("name").first()
    prosecution = Agency.objects.filter(kind=AgencyKind.PROSECUTION).order_by("name").first()
    if worker is None or court is None or prosecution is None:
        return 0
    by = worker.user
    by.act_as(worker)
    with acting_for(worker.agency_id, by.pk):
        if Program.objects.filter(agency_id=worker.agency_id, name=NAME).exists():
            return 0
        program = make_program(template="survivor_court", name=NAME, court=court, prosecution=prosecution, by=by)
        for days in EVENINGS:
            starts_at = timezone.make_aware(dt.datetime.combine(today + dt.timedelta(days=days), dt.time(18)))
            hold_session(program=program, kind="group", starts_at=starts_at, minutes=90, by=by)
    return 1
