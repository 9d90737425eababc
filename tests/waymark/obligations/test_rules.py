"""What the database says of papers, reports and incidents, whatever program writes."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.accounts import UserFactory
from tests.factories.disclosures import acting, agency_with_member
from tests.factories.obligations import (
    a_person_reached,
    a_process,
    a_report,
    a_request,
    a_statement,
    an_incident,
    an_order,
    answering,
    reporting,
    stepped,
)
from tests.factories.people import a_case, a_note, a_notice, a_person
from tests.plugins.histories import often
from tests.waymark.cases.test_rules import refused

from waymark.accounts.models import Agency, User
from waymark.consent.models import Disclosure
from waymark.obligations.models import (
    JUDGED,
    MOVES,
    CompelledRelease,
    Incident,
    IncidentState,
    LegalProcess,
    MandatedReport,
    Move,
    PersonReached,
    ProcessState,
    ReportState,
    Statement,
    Step,
)

pytestmark = pytest.mark.django_db
STATES = {"process": ProcessState.values, "report": ReportState.values, "incident": IncidentState.values}
FIRST = {"process": "received", "report": "begun", "incident": "open"}


def fresh(machine: str, agency: Agency, user: User, kind: str = "court_order") -> Any:
    if machine == "incident":
        return an_incident(agency, user, justice="") if kind == "court_order" else an_incident(agency, user)
    person = a_person(agency, user)
    return a_process(person, user, kind) if machine == "process" else a_report(person, user)


def ways_to(machine: str) -> dict[str, list[str]]:
    """The shortest way of moves to each state."""
    ways: dict[str, list[str]] = {FIRST[machine]: []}
    waiting = [FIRST[machine]]
    while waiting:
        here = waiting.pop(0)
        for (which, start, move), there in MOVES.items():
            if which == machine and start == here and there not in ways:
                ways[there] = [*ways[here], move]
                waiting.append(there)
    return ways


def may_close(subject: Any) -> Any:
    """An incident closes after the grant office was answered."""
    if isinstance(subject, Incident):
        Incident.objects.filter(pk=subject.pk).update(justice="not_bound", justice_at=timezone.now())
    return subject


@pytest.mark.parametrize("machine", sorted(STATES))
def test_every_step_in_every_state(machine: str) -> None:
    """All steps in all states of the three machines: the database's table is the program's."""
    agency, user = agency_with_member()
    reporting(user)
    ways = ways_to(machine)
    assert set(ways) == set(STATES[machine])
    with acting(user):
        for state in STATES[machine]:
            for move in Move.values:
                subject = stepped(may_close(fresh(machine, agency, user)), *ways[state])
                assert subject.state == state
                expected = MOVES.get((machine, state, move))
                if expected is None:
                    refused(lambda s=subject, m=move: stepped(s, m), "no such step")  # type: ignore[misc]
                    continue
                assert stepped(subject, move).state == expected
                told = Step.objects.filter(**{machine: subject}).latest("at")
                assert (told.from_state, told.to_state, told.by_id) == (state, expected, user.pk)


@pytest.fixture
def office(db: None) -> tuple[Agency, User]:
    return agency_with_member()


@settings(
    max_examples=often(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.sampled_from(LegalProcess.Kind.values), st.lists(st.sampled_from(Move.values), max_size=8))
def test_random_steps_of_any_paper_end_where_the_table_says(
    office: tuple[Agency, User], kind: str, moves: list[str]
) -> None:
    """And a paper behind which no judge stands is never ordered, whatever is tried."""
    agency, user = office
    with acting(user), transaction.atomic():
        process, state = a_process(a_person(agency, user), user, kind), "received"
        for move in moves:
            there = MOVES.get(("process", state, move))
            if there is None or (move == "order" and kind not in JUDGED):
                refused(lambda m=move: stepped(process, m))  # type: ignore[misc]
            else:
                state = stepped(process, move).state
                assert state == there
        assert state != "ordered" or kind in JUDGED
        transaction.set_rollback(True)


@pytest.mark.parametrize("kind", sorted(set(LegalProcess.Kind.values) - set(JUDGED)))
def test_an_officer_s_warrant_and_a_records_request_release_nothing_ever(kind: str) -> None:
    agency, user = agency_with_member()
    with acting(user):
        process = a_process(a_person(agency, user), user, kind)
        refused(lambda: stepped(process, "order"), "No judge stands behind")
        refused(lambda: LegalProcess.objects.filter(pk=process.pk).update(state="ordered"))
        refused(lambda: a_request(process), "without a judge's order")


@pytest.mark.parametrize(
    "moves", [[], ["contest"], ["quash"], ["withdraw"], ["decline"], ["order", "quash"], ["order", "close"]]
)
def test_a_subpoena_is_not_an_order(moves: list[str]) -> None:
    """Nothing can be asked for while no judge's order stands."""
    agency, user = agency_with_member()
    with acting(user):
        process = stepped(a_process(a_person(agency, user), user), *moves)
        refused(lambda: a_request(process), "without a judge's order")


def a_line(person: Any, basis: str, process: Any, fields: list[str]) -> Disclosure:
    return Disclosure.objects.create(
        agency_id=person.agency_id,
        person=person,
        outside="court",
        basis=basis,
        method="pdf",
        fields=fields,
        content_hash=os.urandom(32),
        process=process,
    )


def test_who_asks_never_approves_and_only_who_answers_courts_does() -> None:
    agency, asker = agency_with_member()
    other = UserFactory(role="advocate", agency=agency)
    answering(asker)
    with acting(asker):
        process = an_order(a_person(agency, asker), asker)
        request = a_request(process)
        mine = CompelledRelease.objects.filter(pk=request.pk)
        refused(lambda: mine.update(answer="approved"), "asked for themselves")
        refused(lambda: mine.update(answer="approved", answered_by=other), "asked for themselves")
        refused(lambda: mine.update(fields=["person.name", "person.born"]), "Ask anew")
        refused(lambda: a_request(process, fields=[]), "an_order_names")
        refused(lambda: a_line(process.person, "compelled", request.pk, ["person.name"]), "and an approval")
    for since in (None, timezone.localdate() + dt.timedelta(days=2)):
        answering(other, since)
        with acting(other):
            refused(lambda: mine.update(answer="approved"), "named to answer courts")
    answering(other)
    with acting(other):
        mine.update(answer="approved")
        refused(lambda: mine.update(answer="refused"), "An answer stays")
        request.refresh_from_db()
    assert (request.answer, request.answered_by_id) == ("approved", other.pk)


def test_the_ledger_comes_before_the_paper_and_names_no_more_than_the_order() -> None:
    agency, asker = agency_with_member()
    other = answering(UserFactory(role="advocate", agency=agency))
    with acting(asker):
        person = a_person(agency, asker)
        process = an_order(person, asker)
        request = a_request(process)
    mine = CompelledRelease.objects.filter(pk=request.pk)
    with acting(other):
        mine.update(answer="approved")
    with acting(asker):
        refused(lambda: mine.update(handed_at=timezone.now()), "ledger comes before")
        refused(lambda: a_line(person, "compelled", request.pk, ["person.name", "person.born"]), "without a judge")
        refused(lambda: a_line(person, "compelled", process.pk, ["person.name"]), "without a judge")
        refused(lambda: a_line(a_person(agency, asker), "compelled", request.pk, ["person.name"]), "without a judge")
        a_line(person, "compelled", request.pk, ["person.name"])
        mine.update(handed_at=timezone.now())
        refused(lambda: a_line(person, "compelled", request.pk, ["person.name"]), "without a judge")
        refused(lambda: mine.update(handed_at=timezone.now()), "An answer stays")
        refused(lambda: CompelledRelease.objects.all().delete(), "stays")


def test_no_line_without_an_answer_to_the_federal_rule_on_substance_use() -> None:
    """Sealed for every request alike; in an agency that is such a program the finding is asked for by the database too."""
    agency, asker = agency_with_member()
    other = answering(UserFactory(role="advocate", agency=agency))
    with acting(asker):
        person = a_person(agency, asker)
        process = an_order(person, asker)
        unanswered, answered = a_request(process, part_two=None), a_request(process, has_finding=True)
        assert not answered.has_finding, "of a single file the open columns say nothing"
    with acting(other):
        mine = CompelledRelease.objects.filter(pk=answered.pk)
        refused(lambda: mine.update(answer="approved", part_two=b"other"), "Ask anew")
        CompelledRelease.objects.all().update(answer="approved")
    with acting(asker):
        refused(lambda: a_line(person, "compelled", unanswered.pk, ["person.name"]), "was not answered")
        Agency.objects.filter(pk=agency.pk).update(is_part_two=True)
        refused(lambda: a_line(person, "compelled", answered.pk, ["person.name"]), "was not answered")
        found = a_request(process, has_finding=True)
    with acting(other):
        CompelledRelease.objects.filter(pk=found.pk).update(answer="approved")
    with acting(asker):
        a_line(person, "compelled", found.pk, ["person.name"])


def test_an_order_that_is_quashed_stops_what_was_approved() -> None:
    agency, asker = agency_with_member()
    other = answering(UserFactory(role="advocate", agency=agency))
    with acting(asker):
        process = an_order(a_person(agency, asker), asker)
        request = a_request(process)
    with acting(other):
        CompelledRelease.objects.filter(pk=request.pk).update(answer="approved")
        stepped(process, "quash")
        refused(lambda: a_line(process.person, "compelled", request.pk, ["person.name"]), "without a judge")


def test_a_privileged_note_is_given_only_after_a_judge_has_read_it_alone() -> None:
    agency, user = agency_with_member()
    with acting(user):
        case = a_case(agency, user)
        a_notice(case, user)
        note = a_note(case, "privileged")
        process = an_order(case.person, user)
        here = LegalProcess.objects.filter(pk=process.pk)
        refused(lambda: a_request(process, fields=[], notes=[note.pk]), "read it alone")
        refused(lambda: here.update(chambers="to_give", privilege_claimed_on=timezone.localdate()), "was asked")
        refused(lambda: here.update(chambers="asked"), "chambers_come_after_the_claim")
        here.update(chambers="asked", privilege_claimed_on=timezone.localdate())
        refused(lambda: a_request(process, fields=[], notes=[note.pk]), "read it alone")
        here.update(chambers="protected")
        refused(lambda: a_request(process, fields=[], notes=[note.pk]), "read it alone")
        here.update(chambers="asked")
        here.update(chambers="to_give")
        a_request(process, fields=[], notes=[note.pk])
        # A note about somebody else is given under no order about this person.
        stranger = a_note(a_case(agency, user))
        refused(lambda: a_request(process, fields=[], notes=[stranger.pk]), "read it alone")


def test_what_was_served_stays_and_a_paper_moves_by_a_step_alone() -> None:
    agency, user = agency_with_member()
    with acting(user):
        process = a_process(a_person(agency, user), user)
        here = LegalProcess.objects.filter(pk=process.pk)
        refused(lambda: here.update(state="ordered"), "by a step alone")
        refused(lambda: here.update(kind="court_order"), "as it was served")
        refused(lambda: here.delete(), "stays")
        stepped(process, "contest")
        refused(lambda: Step.objects.filter(process=process).update(move="order"), "stays")
        refused(lambda: Step.objects.create(agency=agency, process=process, move="decline"), "a_grave_step")


def test_only_who_has_the_duty_reports_and_only_the_reporter_goes_on() -> None:
    agency, user = agency_with_member()
    colleague = UserFactory(role="advocate", agency=agency)
    with acting(user):
        person = a_person(agency, user)
        refused(lambda: a_report(person, user), "does not make this person report")
    for since, duties in (
        (None, {"reports_child_abuse": "yes"}),
        (timezone.localdate() + dt.timedelta(days=2), {"reports_child_abuse": "yes"}),
        (dt.date(2020, 1, 1), {"reports_child_abuse": "no", "reports_injuries": "yes"}),
        (dt.date(2020, 1, 1), {"reports_child_abuse": ""}),
    ):
        reporting(user, since, **duties)
        with acting(user):
            refused(lambda: a_report(person, user), "does not make this person report")
    reporting(user)
    with acting(user):
        refused(lambda: a_report(person, user, basis="another ground"), "does not make this person report")
        refused(lambda: a_report(person, user, told_at=None), "they_were_told")
        refused(lambda: a_report(person, user, due_at=timezone.now() + dt.timedelta(hours=40)), "Thirty-six hours")
        report = a_report(person, user)
    reporting(colleague)
    with acting(colleague):
        refused(lambda: stepped(report, "phone"), "reporter's alone")
        refused(lambda: a_line(person, "mandated", report.pk, ["report"]), "Only who has the duty")
        refused(lambda: MandatedReport.objects.filter(pk=report.pk).update(sealed=b"other"), "reporter's alone")
    with acting(user):
        a_line(person, "mandated", report.pk, ["report"])
        stepped(report, "phone", "send")
        refused(lambda: a_line(person, "mandated", report.pk, ["report"]), "Only who has the duty")
        refused(lambda: MandatedReport.objects.filter(pk=report.pk).update(sealed=b"other"), "What was sent stays")


def test_an_incident_keeps_its_clocks_and_closes_when_everybody_was_told() -> None:
    agency, user = agency_with_member()
    with acting(user):
        refused(lambda: an_incident(agency, user, justice_due_at=timezone.now() + dt.timedelta(days=3)), "Twenty-four")
        incident = an_incident(agency, user, reach="unknown")
        here = Incident.objects.filter(pk=incident.pk)
        refused(lambda: here.update(found_at=timezone.now()), "its hour")
        refused(lambda: here.update(is_drill=True), "its hour")
        reached = a_person_reached(incident, a_person(agency, user), user)
        stepped(incident, "contain")
        refused(lambda: stepped(incident, "close"), "not told yet")
        PersonReached.objects.filter(pk=reached.pk).update(told_at=timezone.now())
        refused(lambda: stepped(incident, "close"), "justice_was_answered|what_was_reached")
        here.update(justice="told", justice_at=timezone.now())
        refused(lambda: stepped(incident, "close"), "what_was_reached")
        here.update(reach="open")
        stepped(incident, "close")
        refused(lambda: here.update(justice="", justice_at=None), "Who was told")
        refused(lambda: PersonReached.objects.filter(pk=reached.pk).update(told_at=None), "Who was told")


def test_a_drill_is_about_nobody_and_closes_without_telling() -> None:
    agency, user = agency_with_member()
    with acting(user):
        drill = an_incident(agency, user, is_drill=True)
        refused(lambda: a_person_reached(drill, a_person(agency, user), user), "about nobody")
        stepped(drill, "contain", "close")


def test_a_statement_stays_as_it_was_said_and_is_about_their_own_note() -> None:
    agency, user = agency_with_member()
    with acting(user):
        case = a_case(agency, user)
        note = a_note(case)
        refused(lambda: a_statement(a_person(agency, user), user, about="note", note=note.pk), "not about this person")
        statement = a_statement(case.person, user, about="note", note=note.pk)
        here = Statement.objects.filter(pk=statement.pk)
        refused(lambda: here.update(sealed=b"other"), "as it was said")
        here.update(taken_back_at=timezone.now())
        refused(lambda: here.update(taken_back_at=None), "as it was said")
        refused(lambda: here.delete(), "stays")
