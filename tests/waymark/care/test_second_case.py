"""Another case of a known person, and a child's own case: own key, own notices, own notes; one file."""

from __future__ import annotations

import re

import pytest
from tests.waymark.care.test_journey import a_plan, case_of, desk_person, family
from tests.waymark.cases.desks import Desk, desk_of_colleague

from waymark.cases.models import Case, NoticeTold
from waymark.people.models import Denial
from waymark.vault.models import RecordKey

pytestmark = pytest.mark.django_db


def opened_for(desk: Desk, person: object, **answers: object) -> str:
    form = f"/cases/new/for/{person}/"
    page = re.search(r'name="page" value="([^"]+)"', desk.client.get(form).content.decode())
    assert page is not None
    done = desk.client.send(form, {"page": page[1], "could_talk": "yes", **answers})
    again = desk.client.send(form, {"page": page[1], "could_talk": "yes", **answers})
    assert done.status_code == again.status_code == 302, done.content
    assert done["Location"] == again["Location"]
    return str(done["Location"])


def test_a_second_case_has_a_key_and_notices_of_its_own_and_the_same_plan(desk: Desk) -> None:
    first = case_of(desk, name="Rosa Invented", told=("limits",))
    person = desk_person(desk, first)
    _, goal, _ = a_plan(desk, first)
    assert first.split("/")[2] in desk.get(f"/cases/new/for/{person}/")
    second = opened_for(desk, person, asked_for="A lawyer this time", language="Spanish")
    page = desk.get(second)
    assert "A lawyer this time" in page
    assert "Rosa Invented" in page
    assert "A room of her own" in page
    assert "Nothing was told yet" in page
    refused = desk.client.send(f"{second}notes/new/", {"kind": "privileged", "happened_on": "today", "text": "x"})
    assert refused.status_code == 422
    assert desk.client.get(f"{second}goals/{goal.pk}/change/").status_code == 200
    with desk.person.acting():
        assert Case.objects.filter(person_id=person).count() == 2
        assert RecordKey.objects.filter(kind="case").count() == 2
        assert NoticeTold.objects.count() == 1


def test_a_childs_case_shows_the_child_alone(desk: Desk) -> None:
    here, relation = family(desk)
    a_plan(desk, here)
    assert f"/cases/new/for/{relation.other_id}/" in desk.get(here)
    theirs = opened_for(desk, relation.other_id)
    page = desk.get(theirs)
    assert "Leo Invented" in page
    for of_the_parent in ("Rosa Invented", "A room of her own", "Call about a room"):
        assert of_the_parent not in page


def test_no_case_is_opened_for_somebody_hidden(desk: Desk) -> None:
    _, relation = family(desk)
    colleague = desk_of_colleague(desk)
    with desk.person.acting():
        Denial.objects.create(
            agency=desk.agency, person_id=relation.other_id, user=colleague.user, sealed=b"x", made_by=desk.user
        )
    assert colleague.client.get(f"/cases/new/for/{relation.other_id}/").status_code == 404
    assert colleague.client.get("/cases/new/for/11111111-1111-4111-8111-111111111111/").status_code == 404


def test_the_first_question_is_asked_again(desk: Desk) -> None:
    person = desk_person(desk, case_of(desk))
    answer = desk.client.send(f"/cases/new/for/{person}/", {"asked_for": "A bed", "due_on": "yesterday"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This day is over" in page
    assert re.search(r"A bed\s*</textarea>", page)
