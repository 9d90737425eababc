"""Papers of courts, reports, incidents and statements for tests.

Their sealed columns are random bytes that nothing opens; who needs words uses the real actions. Invariants:
whoever acts made
the row; a report's reporter has the duty, with its ground and day; an order stands before anything is asked for under it.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from django.utils import timezone

from waymark.accounts.models import Agency, Membership, User
from waymark.obligations.models import (
    CompelledRelease,
    Incident,
    LegalProcess,
    MandatedReport,
    PersonReached,
    Statement,
    Step,
)
from waymark.people.models import Person

LONG_AGO = dt.date(2020, 1, 1)
GROUND = "licensed clinical social worker (invented)"


def _recorded(user: User, **values: Any) -> User:
    """What an officer has recorded of a member."""
    Membership.objects.filter(user=user).update(**values)
    for name, value in values.items():
        if user.acting is not None:
            setattr(user.acting, name, value)
    return user


def answering(user: User, since: dt.date | None = LONG_AGO) -> User:
    """A member who is named to answer courts."""
    return _recorded(user, answers_law_on=since)


def reporting(user: User, since: dt.date | None = LONG_AGO, **duties: str) -> User:
    """A member whom the law makes report, by license."""
    said = duties or {"reports_child_abuse": "yes", "reports_elder_abuse": "yes", "reports_injuries": "yes"}
    return _recorded(user, reporting_basis=GROUND, reporting_since_on=since, **said)


def a_process(person: Person, by: User, kind: str = "subpoena", **fields: Any) -> LegalProcess:
    values = {"received_on": timezone.localdate(), "sealed": os.urandom(160), "made_by": by, **fields}
    return LegalProcess.objects.create(agency_id=person.agency_id, person=person, kind=kind, **values)


def stepped(subject: Any, *moves: str) -> Any:
    """A process, report or incident after these steps."""
    names = {LegalProcess: "process", MandatedReport: "report", Incident: "incident"}
    for move in moves:
        Step.objects.create(agency_id=subject.agency_id, move=move, reason=b"sealed", **{names[type(subject)]: subject})
    subject.refresh_from_db()
    return subject


def an_order(person: Person, by: User) -> LegalProcess:
    """A judge's order that stands."""
    process: LegalProcess = stepped(a_process(person, by, "court_order"), "order")
    return process


def a_request(process: LegalProcess, **fields: Any) -> CompelledRelease:
    """What somebody asks for under an order, in the name of who acts."""
    values = {"fields": ["person.name"], "sealed": os.urandom(160), "part_two": os.urandom(160), **fields}
    row = CompelledRelease.objects.create(agency_id=process.agency_id, process=process, **values)
    row.refresh_from_db()
    return row


def a_report(person: Person, by: User, duty: str = "child_abuse", **fields: Any) -> MandatedReport:
    learned = timezone.now()
    values = {
        "receiver": "child_protection",
        "basis": GROUND,
        "learned_at": learned,
        "due_at": learned + dt.timedelta(hours=36),
        "told_at": learned,
        "sealed": os.urandom(160),
        "made_by": by,
        **fields,
    }
    return MandatedReport.objects.create(agency_id=person.agency_id, person=person, duty=duty, **values)


def an_incident(agency: Agency, by: User, **fields: Any) -> Incident:
    found = timezone.now()
    values = {
        "kind": "lost_paper",
        "reach": "open",
        "found_at": found,
        "justice_due_at": found + dt.timedelta(hours=24),
        "people_due_at": found + dt.timedelta(days=30),
        "made_by": by,
        **fields,
    }
    return Incident.objects.create(agency=agency, **values)


def a_person_reached(incident: Incident, person: Person, by: User) -> PersonReached:
    return PersonReached.objects.create(
        agency_id=person.agency_id, incident=incident, person=person, sealed=os.urandom(160), made_by=by
    )


def a_statement(person: Person, by: User, **fields: Any) -> Statement:
    values = {"about": "file", "sealed": os.urandom(160), "made_by": by, **fields}
    return Statement.objects.create(agency_id=person.agency_id, person=person, **values)
