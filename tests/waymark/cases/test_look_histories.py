"""Random looks by whoever works on a case and by colleagues, at every page under a case, beside a plain model.

Each look of a colleague has its event, one's own work has none, and the chain is whole from its genesis on.
"""

from __future__ import annotations

import datetime as dt
import random
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from tests.factories.people import opened_case
from tests.plugins.histories import NIGHT
from tests.waymark.care.test_journey import a_plan
from tests.waymark.cases.desks import Desk, desk_in, desk_of_colleague
from tests.waymark.cases.test_files import a_paper

from waymark.access.sites import URLCONFS, Site
from waymark.audit.models import Event
from waymark.audit.policies import HOURLY
from waymark.audit.selectors import problems_of, readings
from waymark.care.models import Assessment, SafetyPlan, Service
from waymark.cases import urls
from waymark.cases.actions.moves import plan_case
from waymark.cases.models import Case, CaseFile, LegalRelief, Note
from waymark.consent import urls as sharing
from waymark.people import urls as people
from waymark.referrals import urls as asking

WORDS = {"move": "begin_intake", "kind": "need"}


@dataclass
class World:
    """Three colleagues at browsers with open vaults, and two cases with something on every page."""

    desks: list[Desk] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    pages: dict[uuid.UUID, list[str]] = field(default_factory=dict)

    @classmethod
    def made(cls, *, with_a_file: bool) -> World:
        first = desk_in()
        world = cls([first, desk_of_colleague(first), desk_of_colleague(first, "Cy Invented")])
        for number in range(2):
            case = opened_case(first.person, name="Rosa Invented", asked_for="A bed tonight.")
            world.cases.append(case)
            parts = parts_of(case, first, with_a_file=with_a_file) if number == 0 else {}
            world.pages[case.pk] = pages_under(case, parts)
        return world


def parts_of(case: Case, desk: Desk, *, with_a_file: bool) -> dict[str, Any]:
    """Something on every page, written by the forms. Taking a file in costs more than all the rest."""
    here = f"/cases/{case.pk}/"
    need, goal, step = a_plan(desk, here)
    forms: list[tuple[str, dict[str, Any]]] = [
        ("notes/new/", {"kind": "progress", "happened_on": "today", "text": "A talk."}),
        ("services/new/", {"code": "case_work", "state": "provided", "on": "today", "units": "1", "household": "1"}),
        ("safety-plan/new/", {"review_on": "tomorrow", "after": "", "signs": "He is quiet."}),
        ("legal/new/", {"kind": "certification", "status": "asked", "since": "today", "asked_of": "Invented Police"}),
        ("instruments/new/", {"instrument": "gad7-2006", "language": "en"}),
    ]
    if with_a_file:
        forms.append(("files/new/", {"called": "Lease", "file": SimpleUploadedFile("lease.pdf", a_paper())}))
    for form, typed in forms:
        assert desk.client.send(here + form, typed).status_code == 302, form
    with desk.person.acting():
        found: dict[str, Any] = {
            "service": Service.objects.get(),
            "legal": LegalRelief.objects.get(),
            "note": Note.objects.get(),
            "version": SafetyPlan.objects.get(),
            "answers": Assessment.objects.get(),
            "need": need,
            "goal": goal,
            "step": step,
            "part": need,
        }
        if with_a_file:
            found["file"] = CaseFile.objects.get()
    return {name: row.pk for name, row in found.items()}


def pages_under(case: Case, parts: dict[str, Any]) -> list[str]:
    """The address of every page under a case; a new one is among them as soon as it has an address."""
    found = []
    for app, patterns in (("cases", urls.urlpatterns), ("referrals", asking.urlpatterns)):
        own = "pk" if app == "cases" else "case"
        for pattern in patterns:
            if (
                not str(pattern.pattern).startswith(("<uuid:pk>/", "for/<uuid:case>/"))
                or own not in pattern.pattern.converters
            ):
                continue
            row = parts.get("legal" if pattern.name == "legal_change" else "answers")
            known = {**WORDS, **parts, own: case.pk} | ({"row": row} if row is not None else {})
            values = {name: known.get(name, uuid.uuid4()) for name in pattern.pattern.converters}
            found.append(reverse(f"{app}:{pattern.name}", kwargs=values, urlconf=URLCONFS[Site.STAFF]))
    return found


def live(world: World, looks: int, seed: int) -> None:
    """So many looks; in the end the chain is computed from its genesis."""
    print(f"{looks} looks from seed {seed}")
    chance, seen = random.Random(seed), set[str]()
    worker = {case.pk: 0 for case in world.cases}
    told = 0
    for number in range(looks):
        case, who = chance.choice(world.cases), chance.randrange(3)
        desk = world.desks[who]
        if chance.random() < 0.05:
            worker[case.pk] = chance.randrange(3)
            by, to = world.desks[0], world.desks[worker[case.pk]]
            with by.person.acting():
                plan_case(case=case, worker=to.user.pk, due_on=None, by=by.user)
        page = chance.choice(world.pages[case.pk])
        answer = desk.client.get(page)
        about = f"{page}: {answer.status_code}, look {number} of seed {seed}"
        assert answer.status_code in {200, 302, 403, 404, 405}, about
        with desk.person.acting():
            mine = Event.objects.filter(verb="case.read", actor=str(desk.user.pk), object_id=str(case.pk)).count()
            everybody = Event.objects.filter(verb="case.read").count()
        new, told = everybody - told, everybody
        assert new in {0, 1}, about
        assert new <= mine, about
        if worker[case.pk] == who:
            assert new == 0, f"{about}: one's own case is one's work"
        elif answer.status_code == 200:
            assert new == 1, f"{about}: nobody was told"
            seen.add(page)
    assert list(problems_of(world.desks[0].agency.pk)) == []
    assert len(seen) > min(looks // 10, 25)


@pytest.fixture
def every_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look is one of its own, and nobody looks too often."""
    monkeypatch.setattr(readings, "ONE_LOOK", dt.timedelta(0))
    for verb in ("case.read", "person.read"):
        monkeypatch.setitem(HOURLY, verb, 10**9)


def test_every_look_of_a_colleague_is_told_whatever_the_page(committed_db: str, every_look: None) -> None:
    live(World.made(with_a_file=False), looks=60, seed=1)


@pytest.mark.nightly
def test_ten_thousand_looks(committed_db: str, every_look: None) -> None:
    live(World.made(with_a_file=True), looks=NIGHT, seed=time.time_ns())


@pytest.mark.django_db
def test_what_is_turned_within_a_minute_is_one_look() -> None:
    """Of one colleague into one case; another's look and one into another case are looks of their own."""
    first = desk_in()
    case, other = (opened_case(first.person) for _ in range(2))
    colleague, third = desk_of_colleague(first), desk_of_colleague(first, "Cy Invented")

    def looks() -> int:
        with first.person.acting():
            return Event.objects.filter(verb="case.read").count()

    for page in ("", "services/", "safety-plan/"):
        colleague.get(f"/cases/{case.pk}/{page}")
    assert looks() == 1
    third.get(f"/cases/{case.pk}/services/")
    assert looks() == 2
    colleague.get(f"/cases/{other.pk}/services/")
    assert looks() == 3
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=61)):
        colleague.get(f"/cases/{case.pk}/services/")
    assert looks() == 4


@pytest.mark.django_db
def test_a_colleague_s_look_at_a_person_is_told_whatever_the_page(every_look: None) -> None:
    first = desk_in()
    case, colleague = opened_case(first.person, name="Rosa Invented"), desk_of_colleague(first)
    pages = [
        reverse(f"{app}:{pattern.name}", args=[case.person_id], urlconf=URLCONFS[Site.STAFF])
        for app, patterns in (("people", people.urlpatterns), ("consent", sharing.urlpatterns))
        for pattern in patterns
        if str(pattern.pattern).startswith("<uuid:pk>/" if app == "people" else "people/<uuid:pk>/")
        and list(pattern.pattern.converters) == ["pk"]
    ]

    def told_by(desk: Desk) -> int:
        with first.person.acting():
            return Event.objects.filter(verb="person.read", actor=str(desk.user.pk), object_id=str(case.person_id)).count()

    shown = [page for page in pages if colleague.client.get(page).status_code == 200]
    assert len(shown) >= 5
    assert told_by(colleague) == len(shown)
    for page in pages:
        first.client.get(page)
    assert told_by(first) == 0, "one's own work"
