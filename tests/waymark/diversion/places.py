"""Where the addresses of diversion lead: the program's to its agency alone, a matter to the court that keeps it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from tests.factories.disclosures import acting, frozen, permit_of
from tests.factories.diversion import (
    Parties,
    a_matter,
    a_referral,
    agency_of,
    an_enrollment,
    four_parties,
)
from tests.plugins.places import no_object, of_agency, of_coalition
from tests.waymark.disclosures.places import came_to, elsewhere, keyed

from waymark.accounts.models import Agency, AgencyKind, User
from waymark.disclosures.models import OutboxPacket
from waymark.diversion.actions.fairness import Device
from waymark.diversion.formats.fairness import current, quarter_of
from waymark.diversion.models import (
    Alumnus,
    ComplianceReport,
    DocketEntry,
    Enrollment,
    EnrollmentMove,
    Exit,
    FairnessRound,
    GroupSession,
    Hearing,
    Referral,
    ReportContest,
    SealTask,
)
from waymark.vault.models import RecordKey

GIVING = frozenset({AgencyKind.VICTIM_SERVICES})
COURTS = frozenset({AgencyKind.COURT})
ON = dt.date(2026, 12, 1)


@dataclass
class Given:
    """What one agency has of a program."""

    here: Parties
    referral: Referral
    active: Enrollment
    noticed: Enrollment
    ended: Enrollment
    put_away: Referral
    session: GroupSession
    contest: ReportContest


def given(world: Any, agency: Agency) -> Given:
    found: Given = world.once(_given, world=world, agency=agency)
    return found


def _given(*, world: Any, agency: Agency) -> Given:
    worker = world.member_of(agency)
    keyed(world, agency)
    made: Given = elsewhere(lambda: _all_of(worker))
    return made


def _all_of(worker: User) -> Given:
    today = timezone.localdate()
    here = four_parties(worker=worker)
    active, noticed, ended = (an_enrollment(here) for _ in range(3))
    of = {"agency_id": agency_of(worker).pk}
    with acting(worker):
        referral = a_referral(here.program, worker)
        told = {"noticed_on": today, "counsel_noticed_on": today, "set_for": today + dt.timedelta(days=9)}
        Hearing.objects.create(**of, enrollment=noticed, written_by=worker, **told)
        EnrollmentMove.objects.create(**of, enrollment=noticed, move="notice_hearing", on=today)
        Exit.objects.create(**of, enrollment=ended, kind="graduated", on=today)
        Alumnus.objects.create(**of, enrollment=ended, opted_in_on=today)
        session = GroupSession.objects.create(
            **of, program=here.program, starts_at=timezone.now(), minutes=90, made_by=worker
        )
        report = ComplianceReport.objects.create(
            **of,
            enrollment=active,
            for_day=today,
            is_enrolled=True,
            phase=1,
            sessions_attended=3,
            sessions_required=10,
            hours=4,
            appointments=1,
            status="on_track",
        )
        contest = ReportContest.objects.create(**of, report=report, field="hours", says=6, packet=report.pk, came_on=today)
        gone = a_referral(here.program, worker, put_away_on=today)
        RecordKey.objects.create(**of, kind="diversion.referral", record=gone.pk)
    return Given(here, referral, active, noticed, ended, gone, session, contest)


def program(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": given(world, agency).here.program.pk}


def phase(world: Any, agency: Agency) -> dict[str, Any]:
    row = given(world, agency).here.program
    return {"pk": row.pk, "phase": row.phases.first().pk}


def rule(world: Any, agency: Agency) -> dict[str, Any]:
    row = given(world, agency).here.program
    return {"pk": row.pk, "rule": row.rules.first().pk}


def asked(world: Any, agency: Agency) -> dict[str, Any]:
    """A program whose survey of this quarter has gone out."""
    here = given(world, agency).here
    world.once(_survey, agency=agency, world=world)
    return {"pk": here.program.pk}


def _survey(*, world: Any, agency: Agency) -> Any:
    here = given(world, agency).here
    return elsewhere(lambda: _hand_out(here))


def _hand_out(here: Parties) -> FairnessRound:
    with acting(here.worker):
        return FairnessRound.objects.create(
            agency_id=here.program.agency_id,
            program=here.program,
            instrument=current().name,
            quarter=quarter_of(timezone.localdate()),
            handed_out=20,
        )


def referral(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": given(world, agency).referral.pk}


def active(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": given(world, agency).active.pk}


def noticed(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": given(world, agency).noticed.pk}


def ended(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": given(world, agency).ended.pk}


def moved(world: Any, agency: Agency) -> dict[str, Any]:
    return {**active(world, agency), "move": "leave"}


def checked_in(world: Any, agency: Agency) -> dict[str, Any]:
    return {**ended(world, agency), "after": "three"}


def session(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": given(world, agency).session.pk}


def contest(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": given(world, agency).contest.pk}


def put_away(world: Any, agency: Agency) -> dict[str, Any]:
    return {"kind": "referral", "pk": given(world, agency).put_away.pk}


def matter(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": world.once(_matter, world=world, agency=agency).pk}


def _matter(*, world: Any, agency: Agency) -> Any:
    return a_matter(world.member_of(agency), world.agencies["home"])


def entry(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": world.once(_entry, world=world, agency=agency).pk}


def _entry(*, world: Any, agency: Agency) -> DocketEntry:
    row = world.once(_matter, world=world, agency=agency)
    return DocketEntry.objects.create(agency=agency, matter=row, on=ON)


def order(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": world.once(_order, world=world, agency=agency).packet}


def _order(*, world: Any, agency: Agency) -> SealTask:
    """An order that was taken up. Any agency may get one."""
    fields = ["ordered_on", "reference"]

    def freeze(far: User) -> OutboxPacket:
        permit = permit_of(far, agency, purpose="legal", fields=fields)
        return frozen(far, agency, permit, kind="relief_order", fields=fields)

    packet = came_to(world, agency, freeze)
    return SealTask.objects.create(
        agency=agency, packet=packet.pk, order=packet.packet, sender=packet.sender, reference="7K2M-9QXA"
    )


def answer(world: Any, agency: Agency) -> dict[str, Any]:
    return {**order(world, agency), "done": "sealed"}


def day(world: Any, agency: Agency) -> dict[str, Any]:
    entry(world, agency)
    return {"on": ON}


PLACES = {
    "diversion:alumnus_change": of_agency(ended, only=GIVING),
    "diversion:alumnus_list": no_object(),
    "diversion:check_in": of_agency(checked_in, only=GIVING),
    "diversion:contest_new": of_agency(matter, only=COURTS),
    "diversion:contest_settle": of_agency(contest, only=GIVING),
    "diversion:docket_add": of_agency(matter, only=COURTS),
    "diversion:docket_day": of_agency(day, only=COURTS),
    "diversion:docket_list": no_object(),
    "diversion:docket_outcome": of_agency(entry, only=COURTS),
    "diversion:docket_paper": of_agency(day, only=COURTS),
    "diversion:docket_reports": of_agency(day, only=COURTS),
    "diversion:enrollment_change": of_agency(active, only=GIVING),
    "diversion:enrollment_detail": of_agency(active, only=GIVING),
    "diversion:enrollment_find": no_object(),
    "diversion:enrollment_list": no_object(),
    "diversion:enrollment_move": of_agency(moved, only=GIVING),
    "diversion:enrollment_put_away": of_agency(active, only=GIVING),
    "diversion:exit_new": of_agency(active, only=GIVING),
    "diversion:fairness": of_agency(program, only=GIVING),
    "diversion:fairness_count": of_agency(asked, only=GIVING),
    "diversion:fairness_device": of_coalition(
        lambda world: {"token": Device(world.agencies["home"].pk, world.agencies["home"].pk).token()},
        closed="a participant answers here, and nobody who is signed in",
    ),
    "diversion:fairness_hand_over": of_agency(asked, only=GIVING),
    "diversion:fairness_sheet": of_agency(program, only=GIVING),
    "diversion:hearing_decide": of_agency(noticed, only=GIVING),
    "diversion:hearing_list": no_object(),
    "diversion:hearing_new": of_agency(active, only=GIVING),
    "diversion:mail_take_in": no_object(),
    "diversion:matter_change": of_agency(matter, only=COURTS),
    "diversion:matter_decide": of_agency(matter, only=COURTS),
    "diversion:matter_detail": of_agency(matter, only=COURTS),
    "diversion:matter_find": no_object(),
    "diversion:matter_list": no_object(),
    "diversion:matter_new": no_object(),
    "diversion:matter_put_away": of_agency(matter, only=COURTS),
    "diversion:matter_refer": of_agency(matter, only=COURTS),
    "diversion:matter_report": of_agency(matter, only=COURTS),
    "diversion:order_answer": of_agency(answer),
    "diversion:order_detail": of_agency(order),
    "diversion:order_list": no_object(),
    "diversion:order_take_up": of_agency(order),
    "diversion:peer_month": of_agency(active, only=GIVING),
    "diversion:permit_attach": of_agency(active, only=GIVING),
    "diversion:phase_change": of_agency(phase, only=GIVING),
    "diversion:program_detail": of_agency(program, only=GIVING),
    "diversion:program_measures": of_agency(program, only=GIVING),
    "diversion:program_list": no_object(),
    "diversion:program_new": no_object(),
    "diversion:progress_new": of_agency(active, only=GIVING),
    "diversion:put_away_list": no_object(),
    "diversion:referral_decide": of_agency(referral, only=GIVING),
    "diversion:referral_detail": of_agency(referral, only=GIVING),
    "diversion:referral_enroll": of_agency(referral, only=GIVING),
    "diversion:referral_list": no_object(),
    "diversion:referral_new": no_object(),
    "diversion:reminder_sheet": no_object(),
    "diversion:report_list": no_object(),
    "diversion:report_new": of_agency(active, only=GIVING),
    "diversion:response_new": of_agency(active, only=GIVING),
    "diversion:rights_sheet": of_coalition(lambda world: {"language": "en"}),
    "diversion:row_destroy": of_agency(put_away, only=GIVING),
    "diversion:rule_end": of_agency(rule, only=GIVING),
    "diversion:rule_new": of_agency(program, only=GIVING),
    "diversion:session_cancel": of_agency(session, only=GIVING),
    "diversion:session_detail": of_agency(session, only=GIVING),
    "diversion:session_list": no_object(),
    "diversion:session_new": no_object(),
}
