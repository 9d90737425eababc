"""What diversion says on a home page: each line leads to the rows that it counts, and is gone when the thing is done."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from tests.factories.accounts import UserFactory
from tests.factories.disclosures import acting
from tests.factories.diversion import Parties, a_matter, a_referral, agency_of, agree, an_enrollment, four_parties, say
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.accounts.models import User
from waymark.diversion.models import (
    ComplianceReport,
    DocketEntry,
    Enrollment,
    EnrollmentMove,
    Hearing,
    PartyDecision,
    ReportContest,
)
from waymark.pages.lines import HomeLine
from waymark.vault.models import RecordKey

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def here(db: None) -> Parties:
    return four_parties()


def client_of(user: User) -> SiteClient:
    client = SiteClient("staff")
    client.force_login(user)
    return client


def lines(client: SiteClient, part: str = "waiting") -> dict[str, HomeLine]:
    parts = {each.key: each for each, _, _ in client.get("/").context["parts"]}
    ours = [line for line in parts[part].lines if line.kind in {"Court day", "Diversion", "Hearing"}]
    return {f"{line.number or ''} {line.text}".strip(): line for line in ours}


def follow(client: SiteClient, line: HomeLine) -> int:
    answer = client.get(line.url)
    assert answer.status_code == 200
    return int(answer.context["listing"].count)


def test_a_worker_sees_reports_hearings_contests_and_referrals(here: Parties) -> None:
    client, today = client_of(here.worker), timezone.localdate()
    due, noticed = an_enrollment(here), an_enrollment(here)
    with acting(here.worker):
        waits, agreed = (a_referral(here.program, here.worker) for _ in range(2))
    agree(agreed, here)
    with acting(here.worker):
        Enrollment.objects.filter(pk=due.pk).update(next_court_on=today + 3 * DAY)
        of = {"agency_id": due.agency_id}
        told = {"noticed_on": today - 9 * DAY, "counsel_noticed_on": today - 9 * DAY, "set_for": today - DAY}
        Hearing.objects.create(**of, enrollment=noticed, written_by=here.worker, **told)
        EnrollmentMove.objects.create(**of, enrollment=noticed, move="notice_hearing", on=today)
    seen = lines(client)
    for text in (
        "1 report to a court is due within a week",
        "1 referral waits for what your program says",
        "1 referral has everybody’s agreement: enroll or say why not",
    ):
        assert follow(client, seen[text]) == 1, text
    hearing = seen[f"Hearing of {noticed.code}: write down what was decided"]
    assert hearing.is_late()
    assert str(noticed.pk) in hearing.url
    with acting(here.worker):
        say(waits, "program", "not_now")
        say(agreed, "program", "not_now")
        report = a_report(due, today + 3 * DAY)
        ReportContest.objects.create(**of, report=report, field="hours", says=6, packet=report.pk, came_on=today)
        Hearing.objects.update(outcome="taken_back")
    assert set(lines(client)) == {f"Counsel contests a number in a report on {due.code}"}


def a_report(enrollment: Enrollment, for_day: dt.date) -> ComplianceReport:
    numbers = dict.fromkeys(("phase", "sessions_attended", "sessions_required", "hours", "appointments"), 1)
    return ComplianceReport.objects.create(
        agency_id=enrollment.agency_id,
        enrollment=enrollment,
        for_day=for_day,
        is_enrolled=True,
        status="on_track",
        **numbers,
    )


def test_a_court_sees_its_days_and_hearings_that_need_a_notice(here: Parties) -> None:
    client, today = client_of(here.judge), timezone.localdate()
    court = agency_of(here.judge)
    with acting(here.judge):
        first, second, third = (a_matter(here.judge, agency_of(here.worker)) for _ in range(3))
        for matter in (first, second):
            DocketEntry.objects.create(agency=court, matter=matter, on=today)
        DocketEntry.objects.create(agency=court, matter=third, on=today + 5 * DAY, kind="termination")
        DocketEntry.objects.create(agency=court, matter=first, on=today + 40 * DAY)
    seen = lines(client)
    assert set(seen) == {
        "Docket: 2 matters without an outcome",
        f"Hearing on termination of {third.code}: was notice given?",
    }
    assert seen["Docket: 2 matters without an outcome"].url == f"/diversion/docket/{today}/"
    coming = lines(client, "next")
    assert coming["Docket: 1 matter"].url == f"/diversion/docket/{today + 5 * DAY}/"
    with acting(here.judge):
        DocketEntry.objects.filter(on=today).update(outcome="continues", entered_at=timezone.now(), entered_by=here.judge)
    assert "Docket: 2 matters without an outcome" not in lines(client)


def test_counsel_and_prosecution_see_matters_without_their_word(here: Parties) -> None:
    for user, party in ((here.counsel, "defense"), (here.prosecutor, "prosecution")):
        client = client_of(user)
        with acting(user):
            matter = a_matter(user, agency_of(here.worker))
        text = "1 diversion matter waits for your office’s word"
        assert follow(client, lines(client)[text]) == 1
        with acting(user):
            PartyDecision.objects.create(
                agency=matter.agency, matter=matter, party=party, verdict="agrees", decided_on=timezone.localdate()
            )
        assert text not in lines(client)


def test_an_officer_sees_what_an_order_has_put_away(here: Parties) -> None:
    officer = UserFactory(role=Role.OFFICER.value, agency=agency_of(here.worker))
    with acting(here.worker):
        row = a_referral(here.program, here.worker, put_away_on=timezone.localdate())
        RecordKey.objects.create(agency_id=row.agency_id, kind="diversion.referral", record=row.pk)
    client = client_of(officer)
    line = lines(client)[f"{row.code} was put away after an order: destroy it"]
    assert row.code in client.get(line.url).content.decode()
    assert lines(client_of(here.worker)) == {}, "a worker learns nothing of it"
