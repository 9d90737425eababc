"""Programs, referrals, enrollments and sessions, as the agency that gives the program sees them."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from waymark.accounts.models import Agency, AgencyKind, User
from waymark.diversion import policies
from waymark.diversion.models import (
    Alumnus,
    Attendance,
    ComplianceReport,
    Enrollment,
    EnrollmentMove,
    GroupSession,
    Hearing,
    PartyDecision,
    Phase,
    Program,
    Referral,
    Response,
)
from waymark.diversion.models.enrollments import OPEN_STATES, State
from waymark.diversion.models.parties import Party, Verdict


def programs(user: User) -> QuerySet[Program]:
    rows = policies.visible(Program.objects.all(), to=user) if policies.gives_programs(user) else Program.objects.none()
    return rows.select_related("court", "prosecution").order_by("name")


def program_for(user: User, pk: uuid.UUID) -> Program | None:
    return programs(user).filter(pk=pk).first()


def phases_of(program: Program) -> list[Phase]:
    rows = Phase.objects.filter(agency_id=program.agency_id, program=program).prefetch_related("requirements")
    return list(rows.order_by("number"))


def referrals(user: User, *, state: str = "") -> QuerySet[Referral]:
    rows = Referral.objects.filter(put_away_on__isnull=True)
    rows = policies.visible(rows, to=user) if policies.gives_programs(user) else rows.none()
    rows = rows.select_related("program", "sender", "charge")
    if state == "open":
        rows = rows.filter(enrollments__isnull=True)
    elif state == "enrolled":
        rows = rows.filter(enrollments__isnull=False)
    elif state == "ours":
        rows = rows.filter(~Exists(_last_word(Party.PROGRAM)), enrollments__isnull=True)
    elif state == "agreed":
        rows = rows.filter(enrollments__isnull=True)
        for party in Party:
            rows = rows.filter(Exists(_last_word(party).filter(verdict=Verdict.AGREES)))
    return rows.order_by("-came_on", "code")


def _last_word(party: str) -> QuerySet[PartyDecision]:
    """What a party said last of a referral."""
    said = PartyDecision.objects.filter(agency_id=OuterRef("agency_id"), referral=OuterRef("pk"), party=party)
    of_the_same = PartyDecision.objects.filter(
        agency_id=OuterRef("agency_id"), referral=OuterRef("referral"), party=party, said_at__gt=OuterRef("said_at")
    )
    return said.filter(~Exists(of_the_same))


def referral_for(user: User, pk: uuid.UUID) -> Referral | None:
    return referrals(user).filter(pk=pk).first()


def enrollments(
    user: User,
    *,
    state: str = "",
    program: uuid.UUID | None = None,
    court: str = "",
    report: str = "",
    on: dt.date | None = None,
) -> QuerySet[Enrollment]:
    """The own enrollments, those with the nearest court day first. `state` open is every one that is not over."""
    rows = Enrollment.objects.filter(put_away_on__isnull=True)
    rows = policies.visible(rows, to=user) if policies.gives_programs(user) else rows.none()
    if state in State.values:
        rows = rows.filter(state=state)
    elif state != "every":
        rows = rows.filter(state__in=OPEN_STATES)
    if program:
        rows = rows.filter(program=program)
    if court == "week" and on is not None:
        rows = rows.filter(next_court_on__gte=on, next_court_on__lte=on + dt.timedelta(days=7))
    if report == "due":
        written = ComplianceReport.objects.filter(
            agency_id=OuterRef("agency_id"), enrollment=OuterRef("pk"), for_day=OuterRef("next_court_on")
        )
        rows = rows.filter(~Exists(written), next_court_on__gte=on)
    return rows.select_related("program", "phase", "defense").order_by("next_court_on", "code")


def enrollment_for(user: User, pk: uuid.UUID) -> Enrollment | None:
    rows = enrollments(user, state="every").select_related(
        "program__court", "program__prosecution", "phase", "defense", "charge", "referral"
    )
    return rows.filter(pk=pk).first()


def moves_of(enrollment: Enrollment) -> QuerySet[EnrollmentMove]:
    rows = EnrollmentMove.objects.filter(agency_id=enrollment.agency_id, enrollment=enrollment)
    return rows.select_related("by").order_by("-at")


def open_hearing(enrollment: Enrollment) -> Hearing | None:
    rows = Hearing.objects.filter(agency_id=enrollment.agency_id, enrollment=enrollment, entry=enrollment.entry, outcome="")
    return rows.order_by("-set_for").first()


def responses_of(enrollment: Enrollment) -> list[Response]:
    return list(Response.objects.filter(agency_id=enrollment.agency_id, enrollment=enrollment).order_by("-on"))


def alumnus_of(enrollment: Enrollment) -> Alumnus | None:
    rows = Alumnus.objects.filter(agency_id=enrollment.agency_id, enrollment=enrollment, opted_out_on__isnull=True)
    return rows.first()


def sessions(user: User, *, kind: str = "") -> QuerySet[GroupSession]:
    rows = GroupSession.objects.all()
    rows = policies.visible(rows, to=user) if policies.gives_programs(user) else rows.none()
    if kind:
        rows = rows.filter(kind=kind)
    there = Count("attendance", filter=Q(attendance__mark__in=("present", "late")))
    return rows.select_related("program").annotate(marked=Count("attendance"), there=there).order_by("-starts_at", "id")


def session_for(user: User, pk: uuid.UUID) -> GroupSession | None:
    return sessions(user).filter(pk=pk).first()


def room_of(user: User, session: GroupSession) -> tuple[list[Enrollment], dict[uuid.UUID, str]]:
    """Who belongs to a session: everybody who is in its program, and whoever was marked; and the marks."""
    marks = dict(
        Attendance.objects.filter(agency_id=session.agency_id, session=session).values_list("enrollment_id", "mark")
    )
    rows = enrollments(user, state="every").filter(program=session.program_id)
    return list(rows.filter(Q(state=State.ACTIVE) | Q(state=State.HEARING_NOTICED) | Q(pk__in=marks))), marks


def agencies_of(*kinds: str) -> QuerySet[Agency]:
    return Agency.objects.filter(state=Agency.State.ACTIVE, kind__in=kinds).order_by("name")


def courts() -> QuerySet[Agency]:
    return agencies_of(AgencyKind.COURT)


def prosecutions() -> QuerySet[Agency]:
    return agencies_of(AgencyKind.PROSECUTION)


def defenses() -> QuerySet[Agency]:
    return agencies_of(*policies.DEFENSE_KINDS)


def program_agencies() -> QuerySet[Agency]:
    return agencies_of(*policies.PROGRAM_KINDS)
