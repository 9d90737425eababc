"""Legal relief in a case: the clock of the law for each kind, sealed words, and the day on which the case comes up."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from tests.factories.people import opened_case
from tests.waymark.cases.desks import Desk

from waymark.audit.models import Event
from waymark.cases.actions.legal import keep_legal
from waymark.cases.formats.legal import KINDS, KINDS_ES, STATUSES, STATUSES_ES, Legal
from waymark.cases.models import Case, LegalRelief
from waymark.consent.formats.scopes import Asked, collector_of
from waymark.people.policies import Refused

pytestmark = pytest.mark.django_db
# A Friday: fifteen business days later is a Friday again.
FRIDAY = "2026-05-01"


@pytest.mark.parametrize(
    ("legal", "due", "source"),
    [
        (Legal("endorsement", "asked", FRIDAY), dt.date(2026, 5, 22), "Penal Code 236.5"),
        (Legal("certification", "asked", FRIDAY), dt.date(2026, 5, 31), "679.10 and 679.11"),
        (Legal("certification", "asked", FRIDAY, in_removal=True), dt.date(2026, 5, 8), "679.10 and 679.11"),
        (Legal("compensation", "planned", FRIDAY), dt.date(2033, 4, 29), "Government Code 13953"),
    ],
)
def test_a_clock_of_the_law_runs_from_the_day_on_which_it_was_asked(legal: Legal, due: dt.date, source: str) -> None:
    clock = legal.clock()
    assert clock is not None
    assert source in clock.source
    assert legal.due_on() == due


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", STATUSES)
def test_no_clock_is_guessed_and_ones_own_day_is_kept(kind: str, status: str) -> None:
    legal = Legal(kind, status, FRIDAY)
    assert (legal.due_on() is None) == (legal.clock() is None)
    assert (legal.clock() is None) == (
        (kind, status) not in {("endorsement", "asked"), ("certification", "asked"), ("compensation", "planned")}
    )
    assert Legal(kind, status, own_day="2026-01-02").due_on() == dt.date(2026, 1, 2)
    assert Legal(kind, status, FRIDAY, own_day="2026-01-02").due_on() == dt.date(2026, 1, 2), "the earlier of two days"


def form(**more: Any) -> dict[str, Any]:
    return {"kind": "certification", "status": "asked", "since": "today", "asked_of": "Invented Police", **more}


def test_what_is_asked_for_stands_in_the_case_and_brings_it_up_in_time(desk: Desk) -> None:
    case = opened_case(desk.person, name="Rosa Invented", due_on=timezone.localdate() + dt.timedelta(days=200))
    here = f"/cases/{case.pk}/"
    assert "Nothing is asked for yet" in desk.get(here)
    assert desk.client.send(f"{here}legal/new/", form(since="")).status_code == 422
    assert desk.client.send(f"{here}legal/new/", form(since="tomorrow")).status_code == 422
    assert desk.client.send(f"{here}legal/new/", form(kind="pardon")).status_code == 422
    assert desk.client.send(f"{here}legal/new/", form(in_removal="on")).status_code == 302
    page = desk.get(here)
    for words in ("Certification for a U or T visa", "Invented Police", "7 days: Cal. Penal Code 679.10", "Ask counsel"):
        assert words in page
    assert case.code in desk.get("/cases/?due=week"), "seven days"
    with desk.person.acting():
        row = LegalRelief.objects.get()
    assert desk.client.send(f"{here}legal/{row.pk}/", form(kind="t_visa")).status_code == 422
    assert desk.client.send(f"{here}legal/{row.pk}/", form(status="granted")).status_code == 302
    page = desk.get(here)
    assert "Granted" in page
    assert "asked for, no answer yet until" in page
    assert "No clock runs" in page
    with desk.person.acting():
        assert (
            list(Event.objects.filter(verb="legal_relief.kept").values_list("object_id", flat=True)) == [str(case.pk)] * 2
        )


def test_kind_and_state_are_sealed_and_a_closed_case_takes_nothing(desk: Desk) -> None:
    case = opened_case(desk.person)
    with desk.person.acting():
        vault = desk.person.vault()
        legal = Legal("t_visa", "asked", FRIDAY, reference="EAC-INVENTED", note="Her own lawyer helps.")
        keep_legal(vault=vault, case=case, legal=legal, row=None, by=desk.user)
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM cases_legalrelief")
            stored = repr([bytes(each) if isinstance(each, memoryview) else each for each in cursor.fetchone()])
        assert "t_visa" not in stored
        assert "INVENTED" not in stored
        collect = collector_of("relief.legal")
        assert collect is not None
        told = collect(Asked(person=case.person, vault=vault, by=desk.user, on=timezone.localdate()))
        assert told == "T visa: asked for, no answer yet, since 2026-05-01"
    desk.client.send(f"/cases/{case.pk}/move/begin_closing/", {"reason": "x"})
    desk.client.send(f"/cases/{case.pk}/move/close/", {"reason": "x"})
    with desk.person.acting(), pytest.raises(Refused, match="Reopen it first"):
        keep_legal(vault=vault, case=Case.objects.select_related("person").get(), legal=legal, row=None, by=desk.user)


def test_a_person_who_reads_spanish_hears_every_kind_and_where_it_stands() -> None:
    assert KINDS.keys() == KINDS_ES.keys()
    assert STATUSES.keys() == STATUSES_ES.keys()
    assert all([*KINDS_ES.values(), *STATUSES_ES.values()])
