"""Where the addresses of record relief lead. Lawyers alone keep such cases, so that in this world one agency has any."""

from __future__ import annotations

from typing import Any

from tests.factories.relief import a_holder, a_relief
from tests.plugins.askers import LAWYERS
from tests.plugins.places import no_object, of_agency
from tests.waymark.people.places import person_in

from waymark.accounts.models import Agency
from waymark.relief.models import ReliefCase

KEEPING = frozenset({LAWYERS.value})


def case_in(world: Any, agency: Agency) -> ReliefCase:
    case: ReliefCase = world.once(a_relief, agency=agency, by=world.member_of(agency))
    return case


def case(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": case_in(world, agency).pk}


def person(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": person_in(world, agency).pk}


def step(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": case_in(world, agency).pk, "move": "withdraw"}


def paper(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": case_in(world, agency).pk, "form": "pdf"}


def holder(world: Any, agency: Agency) -> dict[str, Any]:
    where = case_in(world, agency)
    return {"pk": where.pk, "holder": world.once(a_holder, case=where).pk}


def sending(world: Any, agency: Agency) -> dict[str, Any]:
    return {**holder(world, agency), "what": "petition"}


PLACES = {
    "relief:answers_take_in": of_agency(case, only=KEEPING),
    "relief:ask": no_object(),
    "relief:counts": no_object(),
    "relief:detail": of_agency(case, only=KEEPING),
    "relief:draft": of_agency(case, only=KEEPING),
    "relief:find": no_object(),
    "relief:forget": of_agency(case, only=KEEPING),
    "relief:holder_confirm": of_agency(holder, only=KEEPING),
    "relief:holder_drop": of_agency(holder, only=KEEPING),
    "relief:holder_new": of_agency(case, only=KEEPING),
    "relief:holder_send": of_agency(sending, only=KEEPING),
    "relief:list": no_object(),
    "relief:new": of_agency(person, only=KEEPING),
    "relief:paper": of_agency(paper, only=KEEPING),
    "relief:quarter_give": no_object(),
    "relief:questions": of_agency(case, only=KEEPING),
    "relief:step": of_agency(step, only=KEEPING),
}
