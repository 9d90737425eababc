"""Quarters of record relief: given once, small counts held back, also those that a reader could work out."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.diversion import four_parties
from tests.factories.people import a_person
from tests.factories.relief import a_relief
from tests.plugins.staff import SiteClient
from tests.waymark.cases.desks import Desk
from tests.waymark.relief.steps import drafted_relief, move

from waymark.diversion.models import ReliefTotal
from waymark.people.policies import Refused
from waymark.relief.actions.quarters import give_quarter
from waymark.relief.formats.quarters import FEWEST, Counted, told
from waymark.relief.selectors.counting import counted_of

quarters = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6)


@given(quarters)
def test_no_small_count_leaves_and_none_can_be_worked_out(counts: list[tuple[int, int]]) -> None:
    """However many quarters a reader puts side by side: what was filed and not granted is never a small number."""
    filed_so_far = granted_so_far = 0
    open_to_readers = True
    for filed, asked in counts:
        filed_so_far += filed
        granted = min(asked, filed_so_far - granted_so_far)
        granted_so_far += granted
        shown = told(Counted(filed, granted, filed_so_far, granted_so_far))
        assert all(number is None or number >= FEWEST for number in shown)
        assert shown[0] in {None, filed}
        assert shown[1] in {None, granted}
        open_to_readers &= None not in shown
        if open_to_readers:
            assert filed_so_far - granted_so_far >= FEWEST


@pytest.mark.parametrize(
    ("counted", "leaves"),
    [
        (Counted(30, 12, 30, 12), (30, 12)),
        (Counted(30, 10, 30, 10), (30, None)),
        (Counted(10, 12, 60, 30), (None, 12)),
        (Counted(30, 20, 30, 20), (30, None)),
        (Counted(30, 30, 30, 30), (30, None)),
        (Counted(0, 0, 0, 0), (None, None)),
    ],
)
def test_what_leaves_of_a_quarter(counted: Counted, leaves: tuple[int | None, int | None]) -> None:
    assert told(counted) == leaves


@pytest.mark.django_db
def test_an_office_gives_a_quarter_once_and_a_program_shows_it(desk: Desk) -> None:
    with desk.person.acting():
        person = a_person(desk.agency, desk.user)
        for number in range(26):
            a_relief(desk.agency, desk.user, person, filed_on=dt.date(2026, 4 + number % 3, 12))
    move(desk, drafted_relief(desk), "review", "serve", "file", "order")
    with desk.person.acting():
        assert counted_of(desk.agency.pk, 2026, 2) == Counted(26, 0, 26, 0)
        assert counted_of(desk.agency.pk, 2026, 4) == Counted(1, 1, 27, 1)
        with pytest.raises(Refused, match="30 days after"):
            give_quarter(year=2026, quarter=4, by=desk.user)
    page = desk.get("/relief/counts/give/")
    assert "April to June 2026" in page
    assert "October to December 2026" not in page
    assert desk.client.send("/relief/counts/give/", {"quarter": "2026-4"}).status_code == 422
    assert desk.client.send("/relief/counts/give/", {"quarter": "2026-2"}).status_code == 302
    total = ReliefTotal.objects.get()
    assert (total.filed, total.granted) == (26, None)
    with desk.person.acting(), pytest.raises(Refused, match="has given this quarter"):
        give_quarter(year=2026, quarter=2, by=desk.user)
    for change in ({"filed": 3}, {"granted": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReliefTotal.objects.filter(pk=total.pk).update(**change)
    shown = " ".join(desk.get("/relief/counts/").split())
    assert '<td data-label="Filed">26</td><td data-label="Granted">Held back</td>' in shown

    here = four_parties()
    client = SiteClient("staff")
    client.force_login(here.worker)
    page = " ".join(client.get(f"/diversion/programs/{here.program.pk}/measures/").content.decode().split())
    assert "2026, quarter 2" in page
    assert '<td data-label="Filed">26</td><td data-label="Granted">held back</td>' in page
    assert "those that a judge granted in it, whenever they were filed" in page
