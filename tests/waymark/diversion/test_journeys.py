"""From a referral to a court day, at four desks: each party its own rows, packets between, and what the court may read."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from tests.factories.disclosures import acting
from tests.waymark.diversion.desks import (
    MATTER,
    Desks,
    attach,
    enrolled,
    permit_for,
    refer_and_agree,
    reference_of,
    report,
    send,
)

from waymark.access.sites import staff_page
from waymark.audit.models import Event
from waymark.disclosures.actions import close_permit, deliver_packet
from waymark.disclosures.models import InboxPacket, LedgerLine
from waymark.disclosures.policies import Refused
from waymark.diversion.actions.reports import send_waiting_reports
from waymark.diversion.models import (
    Attendance,
    ComplianceReport,
    DocketEntry,
    Enrollment,
    GroupSession,
    Matter,
    PartyDecision,
    Referral,
    ReportContest,
    ReportPacket,
)

pytestmark = pytest.mark.django_db
SOON = dt.timedelta(days=5)
# Where something sealed is corrected (tests/architecture/test_corrections.py): with a locked vault there is no form of it.
CORRECTIONS = ("diversion:enrollment_change", "diversion:matter_change")
FORM = '<form method="post" novalidate'


def court_matter(four: Desks) -> Matter:
    """The court opens its own matter with the reference that counsel gave it."""
    data = MATTER | {"program_agency": str(four.worker.agency.pk), "reference": reference_of(four)}
    send(four.judge, "/diversion/matters/new/", data)
    with acting(four.judge.user):
        return Matter.objects.get()


def verbs(four: Desks, desk: object) -> list[str]:
    user = getattr(desk, "user")  # noqa: B009
    with acting(user):
        return list(Event.objects.filter(chain=user.acting.agency_id).order_by("id").values_list("verb", flat=True))


def test_a_referral_is_decided_by_three_in_rows_of_their_own(four: Desks) -> None:
    referral = refer_and_agree(four)
    page = four.worker.get(f"/diversion/referrals/{referral.pk}/")
    assert page.count("Agrees") == 3
    assert "All rules in force today are met" in page
    # Each party has its own row and no other's; nobody has a name.
    for desk, parties in (
        (four.worker, {"program", "prosecution", "defense"}),
        (four.prosecutor, {"prosecution"}),
        (four.counsel, {"defense"}),
        (four.judge, set()),
    ):
        with acting(desk.user):
            assert set(PartyDecision.objects.values_list("party", flat=True)) == parties
            assert Enrollment.objects.count() == 0
            assert Referral.objects.count() == (desk is four.worker)
            assert LedgerLine.objects.exclude(kind__in=("court_referral", "party_decision")).count() == 0
    with acting(four.judge.user):
        assert InboxPacket.objects.count() == 0, "the court learns of no referral"


def test_not_now_is_told_to_the_program_alone_and_may_change(four: Desks) -> None:
    referral = refer_and_agree(four)
    with acting(four.prosecutor.user):
        matter = Matter.objects.get()
    send(four.prosecutor, f"/diversion/matters/{matter.pk}/decide/", {"verdict": "not_now", "reason": "full"})
    send(four.worker, "/diversion/mail/")
    page = four.worker.get(f"/diversion/referrals/{referral.pk}/")
    assert "Not now: No place now" in page
    assert f"/diversion/referrals/{referral.pk}/enroll/" not in page
    with acting(four.counsel.user):
        assert InboxPacket.objects.count() == 0
    send(four.prosecutor, f"/diversion/matters/{matter.pk}/decide/", {"verdict": "agrees"})
    send(four.worker, "/diversion/mail/")
    assert f"/diversion/referrals/{referral.pk}/enroll/" in four.worker.get(f"/diversion/referrals/{referral.pk}/")


def test_names_are_open_to_the_program_alone_and_to_nobody_without_its_vault(four: Desks) -> None:
    enrollment = enrolled(four)
    assert "Rosa Invented" in four.worker.get("/diversion/")
    send(four.worker, "/vault/lock/")
    assert "Rosa Invented" not in four.worker.get("/diversion/")
    with acting(four.worker.user):
        row = Enrollment.objects.get(pk=enrollment.pk)
        assert b"Rosa" not in bytes(row.sealed)
        assert b"R.K." not in bytes(row.sealed)
    for desk in (four.judge, four.prosecutor, four.counsel):
        assert desk.client.get(f"/diversion/people/{enrollment.pk}/").status_code in {403, 404}
        with acting(desk.user):
            assert Enrollment.objects.count() == 0


def test_what_is_corrected_is_read_first(four: Desks) -> None:
    """A form that stood empty, because the vault was locked, would empty what it corrects."""
    enrollment, matter = enrolled(four), court_matter(four)
    pages = zip(CORRECTIONS, ((four.worker, enrollment), (four.judge, matter)), strict=True)
    for name, (desk, row) in pages:
        here = staff_page(name, row.pk)
        assert FORM in desk.get(here), name
        send(desk, "/vault/lock/")
        page = desk.get(here)
        assert (FORM in page, "Unlock your vault" in page) == (False, True), name


def test_attendance_becomes_a_report_that_the_court_reads_until_the_permit_ends(four: Desks) -> None:
    """The provider's day and the court's: counsel outside had the paper a day ago, so the court may have it now."""
    enrollment = enrolled(four, with_counsel=False)
    matter = court_matter(four)
    day = timezone.localdate() + SOON
    send(four.judge, f"/diversion/matters/{matter.pk}/docket/", {"on": day.isoformat(), "kind": "review"})
    assert "No report" in four.judge.get(f"/diversion/docket/{day}/")

    data = {
        "program": str(four.program.pk),
        "kind": "life_skills",
        "on": "November 20 2026",
        "at": "6 pm",
        "minutes": "120",
    }
    send(four.worker, "/diversion/sessions/new/", data)
    with acting(four.worker.user):
        session = GroupSession.objects.get()
    send(four.worker, f"/diversion/sessions/{session.pk}/", {str(enrollment.pk): "late"})
    with acting(four.worker.user):
        assert Attendance.objects.get().mark == "late"

    permit = permit_for(four.people, four.judge.agency)
    attach(four, enrollment, permit)
    yesterday = timezone.localtime() - dt.timedelta(hours=25)
    paper = {"counsel_on": f"{yesterday:%B %-d %Y}", "counsel_at": f"{yesterday:%H:%M}"}
    report(four, enrollment, day, **paper)
    assert send_waiting_reports(agency_id=four.worker.agency.pk) == 1
    send(four.judge, "/diversion/mail/")
    assert "Here" in four.judge.get(f"/diversion/docket/{day}/")
    shown = four.judge.client.send(f"/diversion/docket/{day}/reports/", {}).content.decode()
    for words in ("R.K., case 26MI004321", "1 of 20", "On track", "Destroy after the court day", "Printed by Jo Invented"):
        assert words in " ".join(shown.split())
    for words in ("Rosa", "Harbor House", "Program (invented)", "life", "Mornings"):
        assert words not in shown, "no name, no program, no content"
    assert {"report.opened", "report.printed"} <= set(verbs(four, four.judge))
    with acting(four.worker.user):
        assert ComplianceReport.objects.get().packets.get().packet.state == "read", "the program learns that it was opened"

    with acting(four.worker.user):
        close_permit(permit=permit, by=four.worker.user)
    assert "No report" in four.judge.get(f"/diversion/docket/{day}/")
    shown = four.judge.client.send(f"/diversion/docket/{day}/reports/", {}).content.decode()
    assert "No report." in shown
    assert "26MI004321" in shown
    # The next one does not go, and nobody is told why.
    refused = four.worker.client.send(
        f"/diversion/people/{enrollment.pk}/report/",
        {"page": "0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b", "for_day": day.isoformat(), "status": "on_track"},
    )
    assert refused.status_code == 422
    assert "No permit for a report is live" in refused.content.decode()
    with acting(four.worker.user):
        assert ComplianceReport.objects.count() == 1


def test_counsel_reads_first_and_contests_a_number(four: Desks) -> None:
    enrollment = enrolled(four)
    day = timezone.localdate() + SOON
    matter = court_matter(four)
    for recipient in (four.counsel.agency, four.judge.agency):
        attach(four, enrollment, permit_for(four.people, recipient))
    report(four, enrollment, day)
    assert send_waiting_reports(agency_id=four.worker.agency.pk) == 0, "counsel had it for no day yet"
    with acting(four.worker.user):
        too_early = ReportPacket.objects.get(reader="court").packet_id
        with pytest.raises(Refused, match="counsel") as refused:
            deliver_packet(packet=too_early, by=four.worker.user)
        assert refused.value.code == "report.counsel_first", "whatever program asks, the database waits for the day"
    with acting(four.judge.user):
        assert InboxPacket.objects.count() == 0
    assert "Report here" not in four.counsel.get("/diversion/matters/")
    send(four.counsel, "/diversion/mail/")
    assert "Report here" in four.counsel.get("/diversion/matters/")
    with acting(four.counsel.user):
        own = Matter.objects.get()
    shown = four.counsel.client.send(f"/diversion/matters/{own.pk}/report/", {}).content.decode()
    assert "0 of 20" in " ".join(shown.split())
    contest = {"number": "sessions_attended", "says": "2", "court": str(four.judge.agency.pk)}
    send(four.counsel, f"/diversion/matters/{own.pk}/contest/", contest)
    send(four.worker, "/diversion/mail/")
    with acting(four.worker.user):
        row = ReportContest.objects.get()
    assert (row.field, row.says) == ("sessions_attended", 2)
    assert "counsel has 2" in four.worker.get(f"/diversion/people/{enrollment.pk}/")
    send(four.worker, f"/diversion/contests/{row.pk}/", {"corrected": "yes"})
    with acting(four.worker.user):
        assert ReportContest.objects.get().is_corrected
    send(four.judge, "/diversion/mail/")
    assert "Counsel contests 1 number" in four.judge.get(f"/diversion/matters/{matter.pk}/")


def test_a_court_day_from_list_to_next_dates(four: Desks) -> None:
    enrollment = enrolled(four)
    matter = court_matter(four)
    day = timezone.localdate() + SOON
    later = day + dt.timedelta(days=28)
    send(four.judge, f"/diversion/matters/{matter.pk}/docket/", {"on": day.isoformat(), "kind": "review"})
    with acting(four.judge.user):
        entry = DocketEntry.objects.get()
    outcome = {"outcome": "continues", "next_on": later.isoformat(), "next_kind": "review", "tells_program": "on"}
    send(four.judge, f"/diversion/docket/entries/{entry.pk}/", outcome)
    assert "Diversion continues" in four.judge.get(f"/diversion/docket/{day}/")
    assert "R.K." in four.judge.get(f"/diversion/docket/{later}/")
    send(four.worker, "/diversion/mail/")
    with acting(four.worker.user):
        assert Enrollment.objects.get(pk=enrollment.pk).next_court_on == later
    # Termination is not to be had but at a noticed hearing.
    refused = four.judge.client.send(f"/diversion/docket/entries/{entry.pk}/", {"outcome": "terminated"})
    assert refused.status_code == 422
    assert "noticed hearing" in refused.content.decode()


def test_a_termination_takes_a_notice_a_hearing_and_its_outcome(four: Desks) -> None:
    enrollment = enrolled(four)
    here = f"/diversion/people/{enrollment.pk}"
    assert four.worker.client.send(f"{here}/end/", {"kind": "terminated", "on": "today"}).status_code == 422
    told = {"set_for": "November 20 2026", "noticed_on": "November 9 2026", "counsel_noticed_on": "November 9 2026"}
    late = four.worker.client.send(f"{here}/hearing/", told | {"noticed_on": "November 20 2026"})
    assert late.status_code == 422
    assert "told before the day" in late.content.decode()
    send(four.worker, f"{here}/hearing/", told)
    send(four.worker, f"{here}/hearing/decide/", {"outcome": "terminate", "held_on": "November 20 2026"})
    assert "Terminated after a hearing" in four.worker.get(f"{here}/")
    send(four.worker, f"{here}/moves/re_enter/", {"on": "today", "max_end_on": "May 1 2028"})
    assert "Time 2 in the program" in four.worker.get(f"{here}/")
