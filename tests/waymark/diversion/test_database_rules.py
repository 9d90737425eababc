"""What the database refuses, whatever program writes: moves, terminations, enrollments, and a report before its hour."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from tests.factories.disclosures import acting
from tests.factories.diversion import Parties, a_matter, a_referral, agency_of, agree, an_enrollment, four_parties, say
from tests.waymark.diversion.moving import decide, hearing, move

from waymark.diversion.models import (
    Attendance,
    Enrollment,
    EnrollmentMove,
    Exit,
    GroupSession,
    Hearing,
    PartyDecision,
    Response,
)
from waymark.diversion.models.enrollments import EXITS, MOVES, Move, State
from waymark.law.models import Charge

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Parties:
    return four_parties()


@pytest.fixture
def enrolled(here: Parties) -> Enrollment:
    return an_enrollment(here)


def refused(words: str) -> Any:
    return pytest.raises(DatabaseError, match=words)


def arrive(enrollment: Enrollment, state: str, by: Any) -> None:
    """Bring somebody to a state by moves that are allowed."""
    if state == State.ON_LEAVE:
        move(enrollment, Move.LEAVE)
    elif state in {State.HEARING_NOTICED, State.TERMINATED}:
        held = hearing(enrollment, by)
        move(enrollment, Move.NOTICE_HEARING)
        decide(held, "terminate")
        if state == State.TERMINATED:
            move(enrollment, Move.TERMINATE)
    elif state in EXITS.values():
        move(enrollment, next(name for name, end in EXITS.items() if end == state))
    enrollment.refresh_from_db()
    assert enrollment.state == state


@pytest.mark.parametrize("state", State.values)
def test_every_move_in_every_state(here: Parties, enrolled: Enrollment, state: str) -> None:
    """The table of moves in Python is the one of the database: what stands in it is done, everything else is refused."""
    today = timezone.localdate()
    with acting(here.worker):
        arrive(enrolled, state, here.worker)
        for name in Move.values:
            wanted = MOVES.get((state, name))
            more = {"max_end_on": today + dt.timedelta(days=300)} if name == Move.RE_ENTER else {}
            with transaction.atomic():
                if name == Move.NOTICE_HEARING:
                    hearing(enrolled, here.worker)
                if wanted is None:
                    with refused("no such move|without a hearing|check|duplicate key"), transaction.atomic():
                        move(enrolled, name, **more)
                else:
                    move(enrolled, name, **more)
                after = Enrollment.objects.get()
                assert after.state == (wanted or state)
                assert after.entry == 1 + (name == Move.RE_ENTER and wanted is not None)
                transaction.set_rollback(True)


def test_the_states_and_moves_are_all_in_the_table() -> None:
    assert {state for state, _ in MOVES} == set(State.values) - {State.GRADUATED}
    assert {name for _, name in MOVES} == set(Move.values)
    assert set(MOVES.values()) <= set(State.values)
    assert len(list(itertools.product(State.values, Move.values))) == 88


def test_without_a_hearing_there_is_none(here: Parties, enrolled: Enrollment) -> None:
    with acting(here.worker):
        held = hearing(enrolled, here.worker)
        move(enrolled, Move.NOTICE_HEARING)
        with refused("without a hearing that was noticed"), transaction.atomic():
            move(enrolled, Move.TERMINATE, hearing=None)
        # Noticed, but not held: held, but not decided so.
        with refused("without a hearing that was noticed"), transaction.atomic():
            move(enrolled, Move.TERMINATE, hearing=held)
        decide(held, "continues")
        with refused("without a hearing that was noticed"), transaction.atomic():
            move(enrolled, Move.TERMINATE, hearing=held)


def test_a_hearing_is_noticed_before_its_day_to_both(here: Parties, enrolled: Enrollment) -> None:
    today = timezone.localdate()
    for late in ("noticed_on", "counsel_noticed_on"):
        told = {"noticed_on": today, "counsel_noticed_on": today} | {late: today + dt.timedelta(days=5)}
        with acting(here.worker), refused("noticed_before_its_day"), transaction.atomic():
            Hearing.objects.create(
                agency_id=enrolled.agency_id,
                enrollment=enrolled,
                set_for=today + dt.timedelta(days=5),
                written_by=here.worker,
                **told,
            )


def test_a_hearing_to_come_decides_nothing_and_one_that_was_decided_stays(here: Parties, enrolled: Enrollment) -> None:
    with acting(here.worker):
        to_come = hearing(enrolled, here.worker, days=9)
        with refused("has not come yet"), transaction.atomic():
            decide(to_come, "terminate")
        held = hearing(enrolled, here.worker)
        decide(held, "continues")
        with refused("decided once"), transaction.atomic():
            decide(held, "terminate")


def test_a_hearing_of_an_earlier_entry_ends_no_later_one(here: Parties, enrolled: Enrollment) -> None:
    with acting(here.worker):
        arrive(enrolled, State.TERMINATED, here.worker)
        old = Hearing.objects.get()
        move(enrolled, Move.RE_ENTER, max_end_on=timezone.localdate() + dt.timedelta(days=90))
        hearing(enrolled, here.worker)
        move(enrolled, Move.NOTICE_HEARING)
        with refused("without a hearing that was noticed"), transaction.atomic():
            move(enrolled, Move.TERMINATE, hearing=old)


def test_no_state_is_written_and_no_exit_taken_back(here: Parties, enrolled: Enrollment) -> None:
    with acting(here.worker):
        for change in ({"state": "terminated"}, {"entry": 2}, {"max_end_on": dt.date(2031, 1, 1)}):
            with refused("moves by a move alone"), transaction.atomic():
                Enrollment.objects.filter(pk=enrolled.pk).update(**change)
        with refused("leaves by an exit alone"), transaction.atomic():
            EnrollmentMove.objects.create(
                agency_id=enrolled.agency_id, enrollment=enrolled, move="end", on=timezone.localdate()
            )
        move(enrolled, Move.OPT_OUT)
        for row in (Exit.objects, EnrollmentMove.objects):
            with refused("stays"), transaction.atomic():
                row.all().delete()


class TestEnrolling:
    def test_all_three_must_have_agreed_and_the_last_word_counts(self, here: Parties) -> None:
        for party in ("program", "prosecution", "defense"):
            with acting(here.worker):
                referral = a_referral(here.program, here.worker)
            agree(referral, here, without=party)
            with refused("must all have agreed"), transaction.atomic():
                an_enrollment(here, referral=referral)
        with acting(here.worker):
            referral = a_referral(here.program, here.worker)
        agree(referral, here)
        with acting(here.worker):
            say(referral, "program", "not_now")
        with refused("must all have agreed"), transaction.atomic():
            an_enrollment(here, referral=referral)
        with acting(here.worker):
            say(referral, "program", "agrees")
        an_enrollment(here, referral=referral)

    def test_another_party_s_word_comes_in_its_packet(self, here: Parties) -> None:
        with acting(here.worker):
            referral = a_referral(here.program, here.worker)
            for party in ("prosecution", "defense"):
                with refused("comes in a packet"), transaction.atomic():
                    say(referral, party, "agrees")
        # Counsel's packet is no word of the prosecution.
        agree(referral, here, without="prosecution")
        with acting(here.worker):
            of_counsel = PartyDecision.objects.get(party="defense")
            with refused("packet of that party"), transaction.atomic():
                say(referral, "prosecution", "agrees", of_counsel.packet)

    def test_nobody_decides_for_another(self, here: Parties) -> None:
        provider = agency_of(here.worker)
        with acting(here.prosecutor):
            matter = a_matter(here.prosecutor, provider)
            for party in ("defense", "program"):
                with refused("decides for itself"), transaction.atomic():
                    PartyDecision.objects.create(
                        agency=matter.agency, matter=matter, party=party, verdict="agrees", decided_on=timezone.localdate()
                    )
            PartyDecision.objects.create(
                agency=matter.agency, matter=matter, party="prosecution", verdict="agrees", decided_on=timezone.localdate()
            )

    def test_nobody_who_was_under_18(self, here: Parties) -> None:
        with pytest.raises(IntegrityError, match="under_18"), transaction.atomic():
            an_enrollment(here, was_adult=False)

    @pytest.mark.parametrize("done", ["counsel_met_on", "immigration_advice_on", "counsel_asked_on", "rights_told_on"])
    def test_what_must_be_done_was_done_before(self, here: Parties, done: str) -> None:
        with pytest.raises(IntegrityError, match="done_before"), transaction.atomic():
            an_enrollment(here, **{done: timezone.localdate()})

    def test_the_court_s_own_authority_lasts_two_years(self, here: Parties) -> None:
        start = timezone.localdate() - dt.timedelta(days=200)
        with refused("24 months"), transaction.atomic():
            an_enrollment(here, authority="pc_1001_95", max_end_on=start + dt.timedelta(days=732))

    def test_a_charge_is_named_in_a_year_in_which_it_was_in_force(self, here: Parties) -> None:
        charge = Charge.objects.get(section="PC 653.22")
        with acting(here.worker):
            a_referral(here.program, here.worker, charge=charge, offense_year=2019)
            with refused("not in force"), transaction.atomic():
                a_referral(here.program, here.worker, charge=charge, offense_year=2024)


def test_only_a_court_sanctions(here: Parties, enrolled: Enrollment) -> None:
    today = timezone.localdate()
    row = {"agency_id": enrolled.agency_id, "enrollment": enrolled, "on": today, "written_by": here.worker}
    with acting(here.worker):
        for wrong in (
            {"kind": "sanction", "what": "written"},
            {"kind": "sanction", "what": "gift", "court_ordered_on": today},
            {"kind": "incentive", "what": "service"},
            {"kind": "adjustment", "what": "more_often"},
        ):
            with refused("only_a_court_sanctions"), transaction.atomic():
                Response.objects.create(**row, **wrong)
        Response.objects.create(**row, kind="sanction", what="written", court_ordered_on=today)
        Response.objects.create(**row, kind="incentive", what="gift")


def test_a_mark_is_of_somebody_at_a_session_of_the_program(here: Parties, enrolled: Enrollment) -> None:
    with acting(here.worker):
        held = GroupSession.objects.create(
            agency_id=enrolled.agency_id, program=here.program, starts_at=timezone.now(), minutes=90, made_by=here.worker
        )
        row = {"agency_id": enrolled.agency_id, "session": held, "enrollment": enrolled, "marked_by": here.worker}
        Attendance.objects.create(**row, mark="present")
        held.is_cancelled = True
        held.save()
        with refused("that was held"), transaction.atomic():
            Attendance.objects.filter(session=held).update(mark="late")
