"""Where the addresses of papers, reports and incidents lead. Nobody in the matrix has an open vault: that comes after."""

from __future__ import annotations

import uuid
from typing import Any

from tests.factories.obligations import (
    a_person_reached,
    a_process,
    a_report,
    a_request,
    a_statement,
    an_incident,
    an_order,
    reporting,
)
from tests.factories.people import a_person
from tests.plugins.places import no_object, of_agency, of_member
from tests.waymark.people.places import SERVING, person, person_in

from waymark.accounts.models import Agency, Side, User
from waymark.obligations.models import Incident, LegalProcess


def process_in(world: Any, agency: Agency) -> LegalProcess:
    by = world.member_of(agency)
    found: LegalProcess = world.once(a_process, person=person_in(world, agency), by=by)
    return found


def process(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": process_in(world, agency).pk}


def move(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": process_in(world, agency).pk, "move": "contest"}


def order(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": world.once(an_order, person=person_in(world, agency), by=world.member_of(agency)).pk}


def request(world: Any, agency: Agency) -> dict[str, Any]:
    paper = world.once(an_order, person=person_in(world, agency), by=world.member_of(agency))
    return {"pk": paper.pk, "release": a_request(paper).pk}


def report(world: Any, user: User) -> dict[str, Any]:
    """A report of the asker's own; who can have no people, or is out, has none."""
    place = user.memberships.select_related("agency").first()
    if place is None or place.state != place.State.ACTIVE or place.agency.side == Side.JUSTICE:
        return {"pk": uuid.uuid4()}
    return {"pk": a_report(a_person(place.agency, user), reporting(user)).pk}


def incident_in(world: Any, agency: Agency) -> Incident:
    found: Incident = world.once(an_incident, agency=agency, by=world.member_of(agency))
    return found


def incident(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": incident_in(world, agency).pk}


def incident_move(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": incident_in(world, agency).pk, "move": "contain"}


def reached(world: Any, agency: Agency) -> dict[str, Any]:
    where, who = incident_in(world, agency), person_in(world, agency)
    return {
        "pk": where.pk,
        "reached": world.once(a_person_reached, incident=where, person=who, by=world.member_of(agency)).pk,
    }


def statement(world: Any, agency: Agency) -> dict[str, Any]:
    who = person_in(world, agency)
    return {"pk": who.pk, "statement": a_statement(who, world.member_of(agency)).pk}


PLACES = {
    "obligations:copy": of_agency(person, only=SERVING),
    "obligations:counsel": no_object(),
    "obligations:door": no_object(),
    "obligations:incident_change": of_agency(incident),
    "obligations:incident_detail": of_agency(incident),
    "obligations:incident_list": no_object(),
    "obligations:incident_move": of_agency(incident_move),
    "obligations:incident_new": no_object(),
    "obligations:person": of_agency(person, only=SERVING),
    "obligations:process_detail": of_agency(process, only=SERVING),
    "obligations:process_list": no_object(),
    "obligations:process_move": of_agency(move, only=SERVING),
    "obligations:process_new": of_agency(person, only=SERVING),
    "obligations:process_privilege": of_agency(process, only=SERVING),
    "obligations:process_telling": of_agency(process, only=SERVING),
    "obligations:reached_new": of_agency(incident, only=SERVING),
    "obligations:reached_told": of_agency(reached, only=SERVING),
    "obligations:release_answer": of_agency(request, only=SERVING),
    "obligations:release_ask": of_agency(order, only=SERVING),
    "obligations:release_hand_over": of_agency(request, only=SERVING),
    "obligations:report_change": of_member(report),
    "obligations:report_detail": of_member(report),
    "obligations:report_drop": of_member(report),
    "obligations:report_list": no_object(),
    "obligations:report_new": of_agency(person, only=SERVING),
    "obligations:report_phone": of_member(report),
    "obligations:report_send": of_member(report),
    "obligations:seen": of_agency(person, only=SERVING),
    "obligations:seen_print": of_agency(person, only=SERVING),
    "obligations:statement_back": of_agency(statement, only=SERVING),
    "obligations:statement_new": of_agency(person, only=SERVING),
}
