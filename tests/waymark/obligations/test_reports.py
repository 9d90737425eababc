"""Reports that the law demands of one person: only theirs, told first, with their clock, and nothing of the case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.disclosures import acting, agency_with_member
from tests.factories.obligations import GROUND, a_report, reporting
from tests.factories.people import a_person, opened_case
from tests.plugins.histories import often
from tests.waymark.cases.desks import Desk, desk_of_colleague
from tests.waymark.obligations.test_processes import ledger, words_of

from waymark.audit.models import Event
from waymark.cases.actions.notes import write_note
from waymark.cases.actions.opening import tell_notices
from waymark.cases.models import Case
from waymark.law.policies.clocks import due_at
from waymark.obligations.models import MandatedReport
from waymark.obligations.policies.who import duties_of

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("America/Los_Angeles")
WORDS = {"receiver": "child_protection", "who": "A boy of 9 (invented)", "where": "", "happened": "He said he is hit."}
REPORT = {"duty": "child_abuse", "on": "today", "at": "midnight", "told": "told", **WORDS}


@pytest.fixture
def case(desk: Desk) -> Iterator[Case]:
    return opened_case(desk.person, name="Rosa Invented", asked_for="A bed tonight.")


def begun(desk: Desk, case: Case, **typed: str) -> str:
    reporting(desk.user)
    done = desk.client.send(f"/obligations/people/{case.person_id}/reports/new/", {**REPORT, **typed})
    assert done.status_code == 302, done.content.decode()
    return str(done["Location"])


def test_who_has_no_duty_has_no_form(desk: Desk, case: Case) -> None:
    new = f"/obligations/people/{case.person_id}/reports/new/"
    page = desk.get(new)
    assert "The law does not make you report this" in page
    assert 'name="happened"' not in page
    assert "A report that the law demands" not in desk.get(f"/obligations/people/{case.person_id}/")
    desk.client.send(new, REPORT, page="/obligations/door/")
    with desk.person.acting():
        assert not MandatedReport.objects.exists()
    assert ledger(desk) == []


def test_a_duty_binds_from_its_day_on_and_only_the_one_that_was_recorded(desk: Desk, case: Case) -> None:
    reporting(desk.user, timezone.localdate(), reports_injuries="yes", reports_child_abuse="no")
    assert duties_of(desk.user) == ["injuries"]
    page = desk.get(f"/obligations/people/{case.person_id}/reports/new/")
    assert "An injury from a weapon" in page
    assert "Abuse of a child" not in page
    wrong = desk.client.send(f"/obligations/people/{case.person_id}/reports/new/", REPORT)
    assert wrong.status_code == 422
    reporting(desk.user, timezone.localdate() + dt.timedelta(days=1))
    assert duties_of(desk.user) == []


def test_they_are_told_before_they_are_asked_or_it_says_why_not(desk: Desk, case: Case) -> None:
    new = f"/obligations/people/{case.person_id}/reports/new/"
    reporting(desk.user)
    assert "not written down that you told them" in desk.get(new)
    silent = desk.client.send(new, {**REPORT, "told": ""})
    assert silent.status_code == 422
    assert "He said he is hit." in silent.content.decode()
    with desk.person.acting():
        tell_notices(vault=desk.person.vault(), case=case, about=("duties",), language="English", by=desk.user)
    assert "You told them on" in desk.get(new)
    begun(desk, case)
    begun(desk, case, told="they_began")
    with desk.person.acting():
        told = [(row.told_at is not None, row.unsaid, row.basis) for row in MandatedReport.objects.order_by("made_at")]
    assert told == [(True, "", GROUND), (False, "they_began", GROUND)]


def test_what_is_said_and_sent_is_shown_first_and_holds_nothing_of_the_case(desk: Desk, case: Case) -> None:
    with desk.person.acting():
        vault, today = desk.person.vault(), timezone.localdate()
        write_note(vault=vault, case=case, kind="progress", happened_on=today, text="Her story.", by=desk.user)
    here = begun(desk, case)
    page = desk.get(here)
    assert "This is all that is said and sent" in page
    assert "He said he is hit." in page
    assert 'type="file"' not in page
    changed = desk.client.send(f"{here}change/", {**WORDS, "happened": "He said that he is hit at home."})
    assert changed.status_code == 302
    assert desk.client.send(f"{here}send/").status_code == 422, "the call comes before the paper"
    assert ledger(desk) == []
    assert desk.client.send(f"{here}phone/", {"reached": "Badge 12 (invented)"}).status_code == 302
    sent = desk.client.send(f"{here}send/")
    assert (sent.status_code, sent["Content-Type"]) == (200, "application/pdf")
    text = words_of(sent.content)
    assert "He said that he is hit at home." in text
    for kept in ("Rosa", "A bed tonight", "Her story", desk.user.display_name, GROUND):
        assert kept not in text, "neither the case nor the reporter's name is printed"
    lines = [(line.basis, line.method, line.outside, line.fields) for line in ledger(desk)]
    assert lines == [
        ("mandated", "spoken", "child_protection", ["report"]),
        ("mandated", "pdf", "child_protection", ["report"]),
    ]
    assert desk.client.send(f"{here}send/").status_code == 422
    assert desk.client.send(f"{here}phone/", {"reached": "Again"}).status_code == 422
    assert len(ledger(desk)) == 2
    with desk.person.acting():
        verbs = Event.objects.filter(verb__startswith="mandated_report.").order_by("id").values_list("verb", flat=True)
        assert [verb.partition(".")[2] for verb in verbs] == ["begun", "corrected", "phoned", "sent"]


def test_who_reported_is_known_to_the_reporter_alone(desk: Desk, case: Case) -> None:
    here = begun(desk, case)
    colleague = desk_of_colleague(desk)
    reporting(colleague.user)
    assert colleague.client.get(here).status_code == 404
    assert "You have made no report" in colleague.get("/obligations/reports/")
    assert here not in colleague.get(f"/obligations/people/{case.person_id}/")
    assert case.person.code in desk.get("/obligations/reports/")


def test_no_report_after_all_says_why_and_nothing_leaves(desk: Desk, case: Case) -> None:
    here = begun(desk, case)
    assert desk.client.send(f"{here}drop/", {"reason": ""}).status_code == 422
    assert desk.client.send(f"{here}drop/", {"reason": "It was twenty years ago; he is grown up."}).status_code == 302
    assert "No report was needed" in desk.get(here)
    assert desk.client.send(f"{here}phone/", {"reached": "Too late"}).status_code == 422
    assert ledger(desk) == []


# Hours around both changes of time of 2026, and around none.
MOMENTS = st.one_of(
    st.datetimes(dt.datetime(2026, 3, 6, 0), dt.datetime(2026, 3, 10, 0)),
    st.datetimes(dt.datetime(2026, 10, 30, 0), dt.datetime(2026, 11, 3, 0)),
    st.datetimes(dt.datetime(2026, 6, 1, 0), dt.datetime(2026, 6, 9, 0)),
)


@settings(
    max_examples=often(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(MOMENTS, st.booleans())
def test_the_clock_of_a_report_is_hours_over_any_change_of_time(db: None, wall: dt.datetime, is_second: bool) -> None:
    """What the program counts is what the database takes, on days of 23, 24 and 25 hours; and no minute more."""
    learned = wall.replace(tzinfo=HERE, fold=int(is_second)).astimezone(dt.UTC)
    due = due_at("child_abuse_report", learned.astimezone(HERE))
    assert due.astimezone(dt.UTC) - learned == dt.timedelta(hours=36)
    agency, user = agency_with_member()
    reporting(user)
    with acting(user):
        report = a_report(a_person(agency, user), user, learned_at=learned, due_at=due, told_at=learned)
        assert report.due_at - report.learned_at == dt.timedelta(hours=36)


def test_an_hour_that_comes_twice_is_taken_as_the_first(desk: Desk, case: Case) -> None:
    """On November 1, 2026 it is 1:30 twice: the clock that ends sooner counts."""
    begun(desk, case, on="11/1/2026", at="1:30 am")
    with desk.person.acting():
        assert MandatedReport.objects.get().learned_at == dt.datetime(2026, 11, 1, 8, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "typed",
    [{"on": "tomorrow"}, {"at": "25:00"}, {"duty": "invented"}, {"receiver": ""}, {"happened": "x" * 4001}, {"who": ""}],
)
def test_bad_input_is_told_beside_the_field_and_nothing_is_lost(desk: Desk, case: Case, typed: dict[str, str]) -> None:
    reporting(desk.user)
    answer = desk.client.send(f"/obligations/people/{case.person_id}/reports/new/", {**REPORT, **typed})
    assert answer.status_code == 422
    kept = "A boy of 9" if "happened" in typed else "He said he is hit."
    assert kept in answer.content.decode()
    with desk.person.acting():
        assert not MandatedReport.objects.exists()
