"""Lists over a whole program: hearings, reports and alumni, by their state; and who finds whom by what is sealed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from tests.factories.disclosures import acting
from tests.factories.diversion import Parties, agency_of, an_enrollment, four_parties
from tests.plugins.staff import SiteClient
from tests.waymark.diversion.desks import ENROLL, Desks, enrolled, send

from waymark.audit.models import Event
from waymark.diversion.models import Alumnus, ComplianceReport, Enrollment, EnrollmentMove, Exit, Hearing, ReportContest
from waymark.diversion.selectors.overviews import check_in_due

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def here(db: None) -> Parties:
    return four_parties()


def codes(client: SiteClient, url: str) -> list[str]:
    answer = client.get(url)
    assert answer.status_code == 200
    return [line.row.enrollment.code for line in answer.context["lines"]]


def test_each_list_shows_its_rows_by_their_state_and_to_the_program_alone(here: Parties) -> None:
    one, other, today = an_enrollment(here), an_enrollment(here), timezone.localdate()
    of = {"agency_id": agency_of(here.worker).pk}
    numbers = dict.fromkeys(("phase", "sessions_attended", "sessions_required", "hours", "appointments"), 1)
    with acting(here.worker):
        told = {"noticed_on": today - 9 * DAY, "counsel_noticed_on": today - 8 * DAY, "set_for": today - DAY}
        for row, outcome in ((one, ""), (other, "continues")):
            held = Hearing.objects.create(**of, enrollment=row, written_by=here.worker, **told)
            EnrollmentMove.objects.create(**of, enrollment=row, move="notice_hearing", on=today)
            if outcome:
                held.outcome, held.held_on = outcome, held.set_for
                held.save(update_fields=["outcome", "held_on"])
        report = ComplianceReport.objects.create(
            **of, enrollment=one, for_day=today, is_enrolled=True, status="on_track", **numbers
        )
        ReportContest.objects.create(**of, report=report, field="hours", says=6, packet=report.pk, came_on=today)
        ComplianceReport.objects.create(
            **of, enrollment=other, for_day=today, is_enrolled=True, status="needs_attention", **numbers
        )
        Exit.objects.create(**of, enrollment=other, kind="opted_out", on=today)
        Alumnus.objects.create(**of, enrollment=other, opted_in_on=today - 100 * DAY)
        Alumnus.objects.create(**of, enrollment=one, opted_in_on=today, is_mentor=True)
    client = SiteClient("staff")
    client.force_login(here.worker)
    assert codes(client, "/diversion/hearings/") == [one.code, other.code]
    assert codes(client, "/diversion/hearings/?state=open") == [one.code]
    assert codes(client, "/diversion/hearings/?state=decided") == [other.code]
    assert set(codes(client, "/diversion/reports/")) == {one.code, other.code}
    assert codes(client, "/diversion/reports/?state=contested") == [one.code]
    assert codes(client, "/diversion/reports/?state=waiting") == []
    assert codes(client, "/diversion/alumni/") == [other.code, one.code]
    assert codes(client, "/diversion/alumni/?state=due") == [other.code]
    assert codes(client, "/diversion/alumni/?state=mentor") == [one.code]
    assert codes(client, f"/diversion/alumni/?q={one.code}") == [one.code]
    assert "Check-in after 3 months is due" in client.get("/diversion/alumni/").content.decode()
    with acting(here.worker):
        Alumnus.objects.filter(enrollment=other).update(opted_out_on=today)
        Enrollment.objects.filter(pk=one.pk).update(put_away_on=today)
    assert codes(client, "/diversion/alumni/") == [], "who has said so is gone, and who was put away"
    court = SiteClient("staff")
    court.force_login(here.judge)
    for name in ("hearings", "reports", "alumni"):
        assert court.get(f"/diversion/{name}/").status_code == 403


@pytest.mark.parametrize(
    ("days", "seen", "due"), [(90, {}, None), (91, {}, 3), (182, {3}, 6), (365, {3, 6}, 12), (400, {3, 6, 12}, None)]
)
def test_a_check_in_is_due_from_its_day_on_until_it_is_noted(days: int, seen: set[int], due: int | None) -> None:
    today = dt.date(2026, 11, 22)
    noted = {f"seen_at_{months}_on": today for months in seen}
    assert check_in_due(Alumnus(opted_in_on=today - days * DAY, **noted), on=today) == due


def test_somebody_is_found_by_what_is_sealed_in_the_own_agency_with_an_open_vault(four: Desks) -> None:
    enrollment = enrolled(four)
    for words in ("rosa", "ROSA inv", "R.K.", enrollment.code.lower()):
        shown = four.worker.client.send("/diversion/find/", {"words": words}).content.decode()
        assert f"/diversion/people/{enrollment.pk}/" in shown, words
    assert "Nobody fits" in four.worker.client.send("/diversion/find/", {"words": "rosalind"}).content.decode()
    shown = four.counsel.client.send("/diversion/matters/find/", {"words": "26mi004321"}).content.decode()
    assert "Case 26MI004321" in shown
    # Another agency finds nobody, and what stands open finds no name.
    assert "Nobody fits" in four.judge.client.send("/diversion/matters/find/", {"words": "26MI004321"}).content.decode()
    assert "Rosa" not in four.worker.client.send("/search/", {"q": "rosa"}).content.decode().split('id="main"')[1]
    with acting(four.worker.user):
        assert not Event.objects.filter(verb__contains="find").exists(), "words are written nowhere"
    send(four.worker, "/vault/lock/")
    assert str(enrollment.pk) not in four.worker.client.send("/diversion/find/", {"words": "rosa"}).content.decode()


def test_reminders_are_paper_for_who_asked_made_with_an_open_vault_and_say_nothing(four: Desks) -> None:
    """Neutral, opt-in, safe times, paper, from an unlocked session; no gateway carries one."""
    enrollment = enrolled(four)
    soon = timezone.localdate() + 3 * DAY

    def slips() -> str:
        return str(four.worker.client.send("/diversion/reminders/").content.decode().split('id="main"')[1])

    with acting(four.worker.user):
        Enrollment.objects.filter(pk=enrollment.pk).update(next_court_on=soon)
    assert not enrollment.wants_paper_reminders, "nobody is reminded who has not asked"
    assert "slip-name" not in slips()
    change = {name: ENROLL[name] for name in ("name", "initials", "safe_times")} | {"wants_paper_reminders": "on"}
    page = four.worker.client.get(f"/diversion/people/{enrollment.pk}/change/").content.decode()
    assert 'name="wants_paper_reminders"' in page
    assert not any(word in page.lower() for word in ('name="phone', 'type="tel"', 'type="email"')), "nothing to send to"
    send(four.worker, f"/diversion/people/{enrollment.pk}/change/", change | {"next_court_on": soon.isoformat()})
    shown = slips()
    assert "You have an appointment." in shown
    assert "Mornings" in shown, "when it is safe to hand it over"
    slip = shown.split("<p>You have an appointment.</p>")[1].split("</li>")[0].lower()
    for word in ("court", "program", "reset", "harbor", "diversion", "hearing", "rosa"):
        assert word not in slip, word
    with acting(four.worker.user):
        assert Event.objects.filter(verb="reminder.printed", object_id=str(enrollment.pk)).count() == 1
    send(four.worker, "/vault/lock/")
    assert "slip-name" not in slips(), "only from an unlocked session"
