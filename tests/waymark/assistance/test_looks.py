"""Whoever opens what money is for, or a stay, looks into the case; whoever only decides on an amount does not."""

from __future__ import annotations

import pytest
from tests.factories.people import opened_case
from tests.waymark.assistance.test_pages import HERE, a_full_fund, asked, sent
from tests.waymark.cases.desks import desk_in, desk_of_colleague, open_desk

from waymark.audit.models import Event

pytestmark = pytest.mark.django_db


def test_a_colleague_s_look_at_money_and_housing_is_one_into_the_case(cheap: None) -> None:
    desk = desk_in()
    officer, colleague = open_desk(desk.founder, desk.founder), desk_of_colleague(desk)
    case = opened_case(desk.person, name="Rosa Invented")
    a_full_fund(officer)
    request = asked(desk, case)
    sent(desk, f"{request}submit/")
    stay = sent(desk, f"{HERE}housing/new/{case.pk}/")

    def lookers() -> set[str]:
        with desk.person.acting():
            return set(Event.objects.filter(verb="case.read").values_list("actor", flat=True))

    for page in (request, stay):
        desk.get(page)
    officer.get(request)
    assert lookers() == set(), "one's own work, and one who sees no word of it"
    first, second = colleague, desk_of_colleague(desk, "Cy Invented")
    first.get(request)
    assert lookers() == {str(first.user.pk)}
    second.get(stay)
    assert lookers() == {str(first.user.pk), str(second.user.pk)}
