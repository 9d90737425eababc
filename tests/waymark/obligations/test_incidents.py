"""Incidents: clocks from the hour they were found, people told by their safe ways, drills, and who may keep one."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.disclosures import acting, agency_with_member
from tests.factories.obligations import an_incident
from tests.factories.people import opened_case
from tests.plugins.histories import often
from tests.plugins.staff import SiteClient
from tests.waymark.cases.desks import Desk, desk_in, open_desk
from tests.waymark.obligations.test_reports import MOMENTS

from waymark.access.permissions import Role
from waymark.audit.models import Event
from waymark.law.policies.clocks import due_at
from waymark.notices.models import Notice
from waymark.obligations.models import Incident, PersonReached

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("America/Los_Angeles")
FOUND = {"on": "today", "at": "midnight", "kind": "lost_paper", "reach": "open", "about_people": "2"}


def opened(client: Any, **typed: str) -> str:
    done = client.send("/obligations/incidents/new/", {**FOUND, **typed})
    assert done.status_code == 302, done.content.decode()
    return str(done["Location"])


def test_from_the_hour_it_was_found_to_the_day_it_is_closed(desk: Desk) -> None:
    every_day = [str(day) for day in range(7)]
    case = opened_case(desk.person, contact={"channel": "call", "value": "916-555-0142", "days": every_day})
    here = opened(desk.client, words="A folder was left on the bus.")
    officer = desk.founder.user
    with desk.founder.acting():
        notice = Notice.objects.get(to=officer.acting)
        assert (notice.kind, notice.path) == ("task.waits", here)
    page = desk.get(here)
    assert "A folder was left on the bus." in page
    assert "Treat it as read" in page
    assert desk.client.send(f"{here}people/new/", {"code": case.person.code}).status_code == 302
    twice = desk.client.send(f"{here}people/new/", {"code": case.person.code})
    assert "on the list already" in twice.content.decode()
    assert desk.client.send(f"{here}move/contain/", {"reason": "The driver has it locked away."}).status_code == 302
    early = desk.client.send(f"{here}move/close/", {"reason": ""})
    assert "whether the grant office was told" in early.content.decode()
    known = {"reach": "open", "about_people": "1", "justice": "told"}
    assert desk.client.send(f"{here}change/", known).status_code == 302
    early = desk.client.send(f"{here}move/close/", {"reason": ""})
    assert "not told yet" in early.content.decode()
    with desk.person.acting():
        reached = PersonReached.objects.get()
    tell = f"{here}people/{reached.pk}/"
    assert "Call" in desk.get(tell)
    assert desk.client.send(tell, {"way": "here", "words": "Told, and she has a new lock."}).status_code == 302
    assert desk.client.send(f"{here}move/close/", {"reason": ""}).status_code == 302
    assert "Closed" in desk.get("/obligations/incidents/")
    with desk.person.acting():
        verbs = Event.objects.filter(verb__startswith="incident.").order_by("id").values_list("verb", flat=True)
        said = [verb.partition(".")[2] for verb in verbs]
        assert said == ["opened", "person_added", "moved", "corrected", "person_told", "moved"]
        closed = Incident.objects.get()
        assert closed.justice_due_at - closed.found_at == dt.timedelta(hours=24)
    late = desk.client.send(f"{here}change/", {**known, "justice": ""})
    assert "It is closed" in late.content.decode()


def test_nobody_is_told_by_a_way_that_they_did_not_agree_to_for_this_hour(desk: Desk) -> None:
    yesterday = [str((timezone.localtime().weekday() - 1) % 7)]
    way = {"channel": "call", "value": "916-555-0142", "days": yesterday, "starts": "09:00", "ends": "10:00"}
    case = opened_case(desk.person, contact=way)
    here = opened(desk.client)
    desk.client.send(f"{here}people/new/", {"code": case.person.code})
    with desk.person.acting():
        reached = PersonReached.objects.get()
    tell = f"{here}people/{reached.pk}/"
    assert ">Call<" not in desk.get(tell)
    silent = desk.client.send(tell, {"way": "", "words": ""})
    assert "why nobody can tell them safely" in silent.content.decode()
    assert desk.client.send(tell, {"way": "", "words": "No safe way is known."}).status_code == 302
    assert "Nobody can tell them safely" in desk.get(here)


def test_a_drill_runs_the_clocks_and_tells_nobody(desk: Desk) -> None:
    case = opened_case(desk.person)
    here = opened(desk.client, is_drill="on")
    page = desk.get(here)
    assert "Drill: nobody is told" in page
    assert "Add somebody whom it concerns" not in page
    refused = desk.client.send(f"{here}people/new/", {"code": case.person.code})
    assert "A drill is about nobody" in refused.content.decode()
    for move in ("contain", "close", "reopen", "spread"):
        assert desk.client.send(f"{here}move/{move}/", {"reason": "Practice"}).status_code == 302
    assert "Drill" in desk.get("/obligations/incidents/?drill=only")
    assert here not in desk.get("/obligations/incidents/?drill=no")


def test_an_administrator_keeps_one_without_a_vault_and_sees_nobody_s_file(desk: Desk, staff_of: Any) -> None:
    """Closed lists are enough; there is no field for words, and no person can be added."""
    client: SiteClient = staff_of(Role.ADMINISTRATOR)
    page = client.get("/obligations/incidents/new/").content.decode()
    assert 'name="words"' not in page
    here = opened(client, kind="copy_taken", reach="sealed", words="Smuggled in")
    answer = client.get(here)
    assert "Smuggled in" not in answer.content.decode()
    assert "Add somebody" not in answer.content.decode()
    assert client.get(f"{here}people/new/").status_code == 403
    assert client.send(f"{here}move/contain/", {"reason": ""}).status_code == 302
    words = client.send(f"{here}move/close/", {"reason": "In words"})
    assert "Words are kept sealed" in words.content.decode()
    assert desk.client.get(here).status_code == 404, "another agency's incident is answered as absent"


def test_words_of_an_incident_are_sealed_and_another_agency_finds_none(desk: Desk) -> None:
    here = opened(desk.client, words="A folder was left on the bus.")
    desk.client.send("/vault/lock/", page=here)
    page = desk.get(here)
    assert "folder" not in page
    assert "Sealed" in page
    stranger = desk_in("Other House (invented)", "Eve Invented")
    assert stranger.client.get(here).status_code == 404
    officer = open_desk(desk.founder, desk.founder)
    assert "A folder was left on the bus." in officer.get(here)


@settings(
    max_examples=often(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(MOMENTS, st.booleans())
def test_the_clocks_of_an_incident_over_any_change_of_time(db: None, wall: dt.datetime, is_second: bool) -> None:
    """24 hours are hours; 30 days end with the day on the wall, whatever the change of time does to it."""
    found = wall.replace(tzinfo=HERE, fold=int(is_second)).astimezone(dt.UTC)
    here = found.astimezone(HERE)
    justice, people = due_at("doj_breach", here), due_at("civil_code_breach", here)
    assert justice.astimezone(dt.UTC) - found == dt.timedelta(hours=24)
    last = people.astimezone(HERE)
    assert (last.date() - here.date(), last.time()) == (dt.timedelta(days=30), dt.time(23, 59, 59))
    agency, user = agency_with_member()
    with acting(user):
        an_incident(agency, user, found_at=found, justice_due_at=justice, people_due_at=people)


@pytest.mark.parametrize(
    "typed", [{"on": "tomorrow"}, {"kind": ""}, {"reach": "x"}, {"about_people": "-1"}, {"at": "late"}]
)
def test_bad_input_is_told_and_nothing_is_lost(desk: Desk, typed: dict[str, str]) -> None:
    answer = desk.client.send("/obligations/incidents/new/", {**FOUND, "words": "Kept on the page", **typed})
    assert answer.status_code == 422
    assert "Kept on the page" in answer.content.decode()
    with desk.person.acting():
        assert not Incident.objects.exists()
