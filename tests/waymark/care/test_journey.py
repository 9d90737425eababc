"""The plan on the screens: a need, a goal, steps with days; done, changed, dropped, opened again; parent and child."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.utils import timezone
from tests.factories.people import opened_case
from tests.waymark.cases.desks import Desk, desk_of_colleague

from waymark.audit.models import Event
from waymark.care.models import Goal, Need, Step
from waymark.care.policies import owner_of
from waymark.cases.models import Case
from waymark.people.models import Denial, Relation

pytestmark = pytest.mark.django_db


def case_of(desk: Desk, **answers: Any) -> str:
    return f"/cases/{opened_case(desk.person, **answers).pk}/"


def sent(desk: Desk, url: str, page: str = "", **data: Any) -> str:
    answer = desk.client.send(url, data, page=page or url)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return str(answer["Location"])


def a_plan(desk: Desk, here: str, whose: Any = "", text: str = "A room of her own") -> tuple[Need, Goal, Step]:
    """A need, a goal and a step, by the forms."""
    owner = whose or desk_person(desk, here)
    sent(desk, f"{here}needs/new/", whose=str(owner), domain="housing", text="No place after Friday")
    with desk.person.acting():
        need = Need.objects.latest("made_at")
    sent(desk, f"{here}needs/{need.pk}/goals/new/", text=text, due_on="tomorrow")
    with desk.person.acting():
        goal = Goal.objects.latest("made_at")
    sent(desk, f"{here}goals/{goal.pk}/steps/new/", text="Call about a room", who="worker", due_on="today")
    with desk.person.acting():
        return need, goal, Step.objects.latest("made_at")


def desk_person(desk: Desk, here: str) -> Any:
    with desk.person.acting():
        return Case.objects.get(pk=here.split("/")[2]).person_id


def test_from_a_need_to_a_goal_to_a_step_that_is_done(desk: Desk) -> None:
    here = case_of(desk, name="Rosa Invented")
    need, goal, step = a_plan(desk, here)
    page = desk.get(here)
    for said in ("A place to live", "No place after Friday", "A room of her own", "Call about a room", "(we)", "By today"):
        assert said in page, said
    # Neither a goal nor a need is met over what is still open below it.
    sent(desk, f"{here}plan/goal/{goal.pk}/met/", page=here)
    assert "1 step is below it still open" in desk.get(here)
    for kind, part in (("step", step), ("goal", goal), ("need", need)):
        sent(desk, f"{here}plan/{kind}/{part.pk}/met/", page=here)
    page = desk.get(here)
    assert "Nothing is planned yet" in page
    assert "Ended: 1 need" in page
    sent(desk, f"{here}plan/need/{need.pk}/reopen/", page=here)
    assert "No place after Friday" in desk.get(here)
    with desk.person.acting():
        told = list(
            Event.objects.filter(object_kind="person", object_id=str(need.person_id)).values_list("verb", flat=True)
        )
        assert sorted(told) == sorted(
            ["need.added", "goal.set", "step.added", *["plan_part.ended"] * 3, "plan_part.reopened"]
        )
        assert "room" not in str([event.__dict__ for event in Event.objects.all()])


def test_what_is_changed_keeps_its_way_and_what_is_dropped_its_reason(desk: Desk) -> None:
    here = case_of(desk)
    _, goal, step = a_plan(desk, here)
    sent(desk, f"{here}steps/{step.pk}/change/", text="Write about a room", who="together", due_on="")
    sent(desk, f"{here}goals/{goal.pk}/change/", text="A room with a lock", due_on="")
    page = desk.get(here)
    assert "A room with a lock" in page
    assert "Write about a room" in page
    assert "A room of her own" not in page
    with desk.person.acting():
        newer = Goal.objects.get(instead_of=goal)
        moved = Step.objects.get(instead_of=step)
        assert moved.goal_id == newer.pk
        assert {row.state for row in Goal.objects.all()} == {"open", "changed"}
    silent = desk.client.send(f"{here}plan/step/{moved.pk}/drop/", {"why_dropped": ""})
    assert silent.status_code == 422
    sent(desk, f"{here}plan/step/{moved.pk}/drop/", why_dropped="She found one herself.")
    assert "She found one herself." in desk.get(here)
    late = desk.client.send(f"{here}steps/{step.pk}/change/", {"text": "Again", "who": "person", "due_on": ""})
    assert "ended already" in late.content.decode()


def test_what_is_dropped_takes_along_what_was_to_lead_there(desk: Desk) -> None:
    here = case_of(desk)
    need, goal, step = a_plan(desk, here)
    sent(desk, f"{here}plan/need/{need.pk}/drop/", why_dropped="They found one.")
    with desk.person.acting():
        for part in (need, goal, step):
            part.refresh_from_db()
            assert part.state == "dropped"
    assert "in a plan of yours" not in desk.get("/")
    # Nothing is opened again under what has ended.
    desk.client.send(f"{here}plan/step/{step.pk}/reopen/", page=here)
    assert "Open that again first" in desk.get(here)


def family(desk: Desk, born: str = "5/3/2020") -> tuple[str, Relation]:
    here = case_of(desk, name="Rosa Invented")
    file = f"/people/{desk_person(desk, here)}/"
    sent(desk, f"{file}with/new/", kind="child", name="Leo Invented", born=born, lives_with="on")
    with desk.person.acting():
        return here, Relation.objects.get()


def test_a_child_has_goals_of_their_own_paired_with_the_parents(desk: Desk) -> None:
    here, relation = family(desk)
    _, goal, _ = a_plan(desk, here)
    sent(desk, f"{here}needs/new/", whose=str(relation.other_id), domain="school", text="He sleeps in class")
    with desk.person.acting():
        need = Need.objects.get(person=relation.other_id)
        assert need.owner == "child"
    form = desk.get(f"{here}needs/{need.pk}/goals/new/")
    assert "Rosa Invented: A room of her own" in form
    sent(desk, f"{here}needs/{need.pk}/goals/new/", text="He sleeps at night", due_on="", pair=str(goal.pk))
    page = desk.get(here)
    assert "Leo Invented" in page
    assert "Paired with “He sleeps at night”" in page
    assert "Paired with “A room of her own”" in page
    with desk.person.acting():
        theirs = Goal.objects.get(need=need)
        goal.refresh_from_db()
        assert (goal.pair_id, theirs.pair_id) == (theirs.pk, goal.pk)
    # One goal has one pair.
    taken = desk.get(f"{here}needs/{need.pk}/goals/new/")
    assert "A room of her own" not in taken.replace("He sleeps in class", "")


def test_a_child_who_is_18_leaves_the_parents_page(desk: Desk, time_machine: Any) -> None:
    birthday = timezone.localdate() + dt.timedelta(days=1)
    if (birthday.month, birthday.day) == (2, 29):  # there was none 18 years ago
        birthday += dt.timedelta(days=1)
    born = birthday.replace(year=birthday.year - 18)
    here, relation = family(desk, born=f"{born:%m/%d/%Y}")
    sent(desk, f"{here}needs/new/", whose=str(relation.other_id), domain="school", text="A class in the evening")
    assert "A class in the evening" in desk.get(here)
    with desk.person.acting():
        person = relation.other
    assert owner_of(person, born, on=timezone.localdate()) == "child"
    assert owner_of(person, born, on=birthday) == "adult"


def test_a_childs_plan_is_hidden_from_whom_the_child_is_denied(desk: Desk) -> None:
    here, relation = family(desk)
    sent(desk, f"{here}needs/new/", whose=str(relation.other_id), domain="school", text="He sleeps in class")
    with desk.person.acting():
        need = Need.objects.get()
    colleague = desk_of_colleague(desk)
    assert "He sleeps in class" in colleague.get(here)
    with desk.person.acting():
        Denial.objects.create(
            agency=desk.agency, person_id=relation.other_id, user=colleague.user, sealed=b"x", made_by=desk.user
        )
    page = colleague.get(here)
    assert "He sleeps in class" not in page
    assert "Leo" not in page
    for url in (f"{here}needs/{need.pk}/goals/new/", f"{here}plan/need/{need.pk}/drop/"):
        assert colleague.client.get(url).status_code == 404
    nobody = colleague.client.send(
        f"{here}needs/new/", {"whose": str(relation.other_id), "domain": "school", "text": "x", "due_on": ""}
    )
    assert nobody.status_code == 422


def test_a_part_of_another_case_is_as_if_it_were_not_there(desk: Desk) -> None:
    here, elsewhere = case_of(desk), case_of(desk)
    need, goal, step = a_plan(desk, here)
    for kind, part in (("need", need), ("goal", goal), ("step", step)):
        assert desk.client.get(f"{elsewhere}plan/{kind}/{part.pk}/drop/").status_code == 404
    assert desk.client.get(f"{here}plan/plan/{need.pk}/drop/").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("due_on", "yesterday", "This day is over"),
        ("due_on", "32 May", "Enter a day"),
        ("domain", "nonsense", "Choose one of the answers to"),
        ("whose", "11111111-1111-4111-8111-111111111111", "Choose one of the answers to"),
        ("text", "x" * 2001, "2000"),
    ],
)
def test_bad_input_is_said_beside_the_field_and_nothing_typed_is_lost(
    desk: Desk, field: str, value: str, said: str
) -> None:
    here = case_of(desk)
    good = {"whose": str(desk_person(desk, here)), "domain": "housing", "text": "A bed", "due_on": ""}
    answer = desk.client.send(f"{here}needs/new/", {**good, field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    if field != "text":
        assert re.search(r"A bed\s*</textarea>", page)


def test_a_locked_vault_shows_nothing_of_a_plan(desk: Desk) -> None:
    here = case_of(desk)
    _, goal, _ = a_plan(desk, here)
    desk.client.send("/vault/lock/", page=here)
    page = desk.get(here)
    assert "A room of her own" not in page
    assert "housing" not in page[page.index('id="main"') :].lower().replace("money and housing", "")
    kept = desk.client.send(f"{here}goals/{goal.pk}/change/", {"text": "Typed in vain?", "due_on": ""})
    assert kept.status_code == 422
    assert "Typed in vain?" in kept.content.decode()
