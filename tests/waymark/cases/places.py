"""Where the addresses of cases lead. Nobody in the matrix has an open vault: that comes after."""

from __future__ import annotations

from typing import Any

from tests.factories.care import a_goal, a_need, a_safety_plan, a_service, a_step, an_assessment
from tests.factories.disclosures import frozen, permit_of
from tests.factories.people import a_case, a_denial, a_file, a_hold, a_legal_relief, a_note, a_request_to_destroy
from tests.plugins.places import no_object, of_agency
from tests.waymark.disclosures.places import came_to
from tests.waymark.people.places import SERVING, person_in

from waymark.access.permissions import Role
from waymark.accounts.models import Agency
from waymark.cases.models import Case


def case_in(world: Any, agency: Agency) -> Case:
    case: Case = world.once(a_case, agency=agency, by=world.member_of(agency))
    return case


def case(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": case_in(world, agency).pk}


def known_person(world: Any, agency: Agency) -> dict[str, Any]:
    return {"person": person_in(world, agency).pk}


def note(world: Any, agency: Agency) -> dict[str, Any]:
    where = case_in(world, agency)
    return {"pk": where.pk, "note": a_note(where).pk}


def move(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": case_in(world, agency).pk, "move": "begin_intake"}


def denial(world: Any, agency: Agency) -> dict[str, Any]:
    where, by = case_in(world, agency), world.member_of(agency)
    return {"pk": where.pk, "denial": a_denial(where.person, world.member_of(agency, Role.OFFICER), by).pk}


def waiting(world: Any, agency: Agency) -> dict[str, Any]:
    """A request that waits; the world's case was never put away, so nobody can grant it."""
    where, by = case_in(world, agency), world.member_of(agency)
    return {"waiting": world.once(a_request_to_destroy, case=where, by=by).pk}


def file(world: Any, agency: Agency) -> dict[str, Any]:
    where = case_in(world, agency)
    return {"pk": where.pk, "file": world.once(a_file, case=where, by=world.member_of(agency)).pk}


def hold(world: Any, agency: Agency) -> dict[str, Any]:
    return {"hold": world.once(a_hold, agency=agency, by=world.member_of(agency)).pk}


def need(world: Any, agency: Agency) -> dict[str, Any]:
    where = case_in(world, agency)
    return {"pk": where.pk, "need": a_need(where, world.member_of(agency)).pk}


def goal(world: Any, agency: Agency) -> dict[str, Any]:
    where = case_in(world, agency)
    return {"pk": where.pk, "goal": a_goal(where, world.member_of(agency)).pk}


def step(world: Any, agency: Agency) -> dict[str, Any]:
    where = case_in(world, agency)
    return {"pk": where.pk, "step": a_step(where, world.member_of(agency)).pk}


def part(world: Any, agency: Agency) -> dict[str, Any]:
    where = case_in(world, agency)
    return {"pk": where.pk, "kind": "step", "part": a_step(where, world.member_of(agency)).pk}


def service(world: Any, agency: Agency) -> dict[str, Any]:
    where = case_in(world, agency)
    return {"pk": where.pk, "service": a_service(where, world.member_of(agency)).pk}


def assessment(world: Any, agency: Agency) -> dict[str, Any]:
    where = case_in(world, agency)
    return {"pk": where.pk, "row": an_assessment(where, world.member_of(agency)).pk}


def safety_plan_in(world: Any, agency: Agency) -> Any:
    return world.once(a_safety_plan, case=case_in(world, agency), by=world.member_of(agency))


def safety(world: Any, agency: Agency) -> dict[str, Any]:
    safety_plan_in(world, agency)
    return case(world, agency)


def version(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": case_in(world, agency).pk, "version": safety_plan_in(world, agency).pk}


def legal(world: Any, agency: Agency) -> dict[str, Any]:
    where = case_in(world, agency)
    return {"pk": where.pk, "row": a_legal_relief(where, world.member_of(agency)).pk}


def packet(world: Any, agency: Agency) -> dict[str, Any]:
    """A packet about a person that came in; nobody has opened it."""
    return {"packet": came_to(world, agency, lambda far: frozen(far, agency, permit_of(far, agency))).pk}


PLACES = {
    "cases:destroy_ask": of_agency(case, only=SERVING),
    "cases:destroy_decide": of_agency(waiting, only=SERVING),
    "cases:destroy_refuse": of_agency(waiting, only=SERVING),
    "cases:destroy_take_back": of_agency(case, only=SERVING),
    "cases:file_detail": of_agency(file, only=SERVING),
    "cases:file_list": of_agency(case, only=SERVING),
    "cases:file_new": of_agency(case, only=SERVING),
    "cases:file_page": of_agency(file, only=SERVING),
    "cases:file_remove": of_agency(file, only=SERVING),
    "cases:file_take": of_agency(file, only=SERVING),
    "cases:hold_lift": of_agency(hold),
    "cases:hold_new": of_agency(case, only=SERVING),
    "cases:keeping": of_agency(case, only=SERVING),
    "cases:keeping_list": no_object(),
    "cases:retention": no_object(),
    "cases:sheets_print": no_object(),
    "cases:access": of_agency(case, only=SERVING),
    "cases:addendum_new": of_agency(note, only=SERVING),
    "cases:denial_lift": of_agency(denial, only=SERVING),
    "cases:denial_new": of_agency(case, only=SERVING),
    "cases:assessment": of_agency(assessment, only=SERVING),
    "cases:assessment_go_on": of_agency(assessment, only=SERVING),
    "cases:assessment_new": of_agency(case, only=SERVING),
    "cases:assessment_void": of_agency(assessment, only=SERVING),
    "cases:assessments": of_agency(case, only=SERVING),
    "cases:detail": of_agency(case, only=SERVING),
    "cases:goal_change": of_agency(goal, only=SERVING),
    "cases:goal_new": of_agency(need, only=SERVING),
    "cases:legal_change": of_agency(legal, only=SERVING),
    "cases:legal_new": of_agency(case, only=SERVING),
    "cases:list": no_object(),
    "cases:move": of_agency(move, only=SERVING),
    "cases:need_new": of_agency(case, only=SERVING),
    "cases:new": no_object(),
    "cases:new_for": of_agency(known_person, only=SERVING),
    "cases:new_from": of_agency(packet, only=SERVING),
    "cases:note_change": of_agency(note, only=SERVING),
    "cases:note_new": of_agency(case, only=SERVING),
    "cases:notice_tell": of_agency(case, only=SERVING),
    "cases:part_drop": of_agency(part, only=SERVING),
    "cases:part_met": of_agency(part, only=SERVING),
    "cases:part_reopen": of_agency(part, only=SERVING),
    "cases:plan": of_agency(case, only=SERVING),
    "cases:release": of_agency(case, only=SERVING),
    "cases:restrict": of_agency(case, only=SERVING),
    "cases:safety_plan": of_agency(case, only=SERVING),
    "cases:safety_plan_copy": of_agency(safety, only=SERVING),
    "cases:safety_plan_print": of_agency(safety, only=SERVING),
    "cases:safety_plan_review": of_agency(safety, only=SERVING),
    "cases:safety_plan_version": of_agency(version, only=SERVING),
    "cases:safety_plan_write": of_agency(case, only=SERVING),
    "cases:service_correct": of_agency(service, only=SERVING),
    "cases:service_new": of_agency(case, only=SERVING),
    "cases:service_void": of_agency(service, only=SERVING),
    "cases:services": of_agency(case, only=SERVING),
    "cases:step_change": of_agency(step, only=SERVING),
    "cases:step_new": of_agency(goal, only=SERVING),
    "cases:team": no_object(),
}
