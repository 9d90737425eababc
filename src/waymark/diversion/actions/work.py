"""What is done in the program, in counts: sessions and who was there, mentors' meetings, progress, responses."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import DatabaseError, transaction

from waymark.accounts.models import User
from waymark.accounts.policies import Refused
from waymark.audit.actions import record
from waymark.diversion import policies
from waymark.diversion.models import (
    Attendance,
    Enrollment,
    GroupSession,
    PeerMonth,
    Program,
    Progress,
    Requirement,
    Response,
)
from waymark.diversion.models.work import WHAT_OF_KIND

COUNTED_ELSEWHERE = frozenset({Requirement.Kind.SESSIONS.value, Requirement.Kind.PEER.value})


@transaction.atomic
def hold_session(*, program: Program, kind: str, starts_at: dt.datetime, minutes: int, by: User) -> GroupSession:
    agency = policies.must_give(by)
    session = GroupSession.objects.create(
        agency_id=agency, program=program, kind=kind, starts_at=starts_at, minutes=minutes, made_by=by
    )
    record(verb="group_session.held", by=by, kind="group_session", about=session.pk)
    return session


@transaction.atomic
def mark_attendance(*, session: GroupSession, marks: Mapping[uuid.UUID, str], by: User) -> int:
    """The marks of a whole room at once: written, changed where they differ. Gives how many differ from before."""
    agency = policies.must_give(by)
    if session.is_cancelled:
        raise Refused("This session was cancelled. Nobody is marked.")
    known = {row.enrollment_id: row for row in Attendance.objects.filter(agency_id=agency, session=session)}
    new, changed = [], []
    for enrollment, mark in marks.items():
        row = known.get(enrollment)
        if row is None:
            new.append(Attendance(agency_id=agency, session=session, enrollment_id=enrollment, mark=mark, marked_by=by))
        elif row.mark != mark:
            row.mark, row.marked_by = mark, by
            changed.append(row)
    try:
        with transaction.atomic():
            Attendance.objects.bulk_create(new)
            Attendance.objects.bulk_update(changed, ["mark", "marked_by", "marked_at"])
    except DatabaseError as error:
        raise Refused("Somebody in the list is not in this program any more. Load the page again.") from error
    if new or changed:
        record(verb="group_session.attended", by=by, kind="group_session", about=session.pk)
    return len(new) + len(changed)


@transaction.atomic
def cancel_session(*, session: GroupSession, by: User) -> None:
    """The program cancelled: whoever was marked is marked so, and nobody is counted as absent."""
    agency = policies.must_give(by)
    session.is_cancelled = True
    session.save(update_fields=["is_cancelled"])
    Attendance.objects.filter(agency_id=agency, session=session).update(mark=Attendance.Mark.CANCELLED, marked_by=by)
    record(verb="group_session.cancelled", by=by, kind="group_session", about=session.pk)


@transaction.atomic
def count_peer_month(*, enrollment: Enrollment, month: dt.date, meetings: int, minutes: int, by: User) -> None:
    agency = policies.must_give(by)
    PeerMonth.objects.update_or_create(
        agency_id=agency,
        enrollment=enrollment,
        month=month.replace(day=1),
        defaults={"meetings": meetings, "minutes": minutes},
    )
    record(verb="peer_month.counted", by=by, kind="enrollment", about=enrollment.pk)


@transaction.atomic
def note_progress(
    *, enrollment: Enrollment, requirement: Requirement, on: dt.date, amount: int, is_substitute: bool, by: User
) -> Progress:
    """So much of a requirement done. Sessions and peer meetings are counted where they happen."""
    agency = policies.must_give(by)
    if requirement.kind in COUNTED_ELSEWHERE and not is_substitute:
        raise Refused("This is counted by attendance and by months. Here only what was done in its place is written.")
    progress = Progress.objects.create(
        agency_id=agency,
        enrollment=enrollment,
        requirement=requirement,
        on=on,
        amount=amount,
        is_substitute=is_substitute,
        written_by=by,
    )
    record(verb="progress.noted", by=by, kind="enrollment", about=enrollment.pk)
    return progress


@transaction.atomic
def respond(
    *, enrollment: Enrollment, kind: str, what: str, on: dt.date, court_ordered_on: dt.date | None, by: User
) -> Response:
    """An incentive, a service adjustment, or a sanction that the court imposed on a day."""
    agency = policies.must_give(by)
    if what not in WHAT_OF_KIND.get(kind, ()):
        raise Refused("Choose what goes with the kind.")
    if (kind == Response.Kind.SANCTION) != (court_ordered_on is not None):
        raise Refused("Only a court sanctions: say on which day it did, and leave the day empty otherwise.")
    if court_ordered_on is not None and court_ordered_on > on:
        raise Refused("The court ordered it on that day or before.")
    response = Response.objects.create(
        agency_id=agency,
        enrollment=enrollment,
        kind=kind,
        what=what,
        on=on,
        court_ordered_on=court_ordered_on,
        written_by=by,
    )
    record(verb="response.given", by=by, kind="enrollment", about=enrollment.pk)
    return response
