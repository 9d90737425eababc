"""What the database says of cases, whatever program writes: moves, notices before privileged notes, final notes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import Error, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.disclosures import acting, agency_with_member
from tests.factories.people import a_case, a_note, a_notice, a_person, agreed_to_destroy
from tests.plugins.histories import often

from waymark.accounts.models import Agency, AgencyKind, User
from waymark.cases.models import BY_TWO, MOVES, WITH_REASON, Case, CaseMove, Move, Note, State

pytestmark = pytest.mark.django_db
Owner = Callable[..., list[tuple[Any, ...]]]


def refused(act: Callable[[], object], match: str = "") -> None:
    with pytest.raises(IntegrityError, match=match or None), transaction.atomic():
        act()


def put_into(case: Case, state: str) -> None:
    """The shortest way of moves to a state."""
    paths: dict[str, list[str]] = {State.INQUIRY: []}
    waiting = [State.INQUIRY.value]
    while waiting:
        here = waiting.pop(0)
        for (start, move), there in MOVES.items():
            if start == here and there not in paths:
                paths[there] = [*paths[here], move]
                waiting.append(there)
    for move in paths[state]:
        moved(case, move)


def moved(case: Case, move: str) -> None:
    CaseMove.objects.create(
        agency_id=case.agency_id, case=case, move=move, reason=b"sealed" if move in WITH_REASON else None
    )


@pytest.mark.parametrize("state", State.values)
def test_every_move_in_every_state(state: str) -> None:
    """All ten moves in all nine states: the database's table is the program's."""
    agency, user = agency_with_member()
    for move in Move.values:
        with acting(user):
            case = a_case(agency, user)
            put_into(case, State.ARCHIVED if state == State.SHREDDED else state)
        if state in {State.ARCHIVED, State.SHREDDED}:
            agreed_to_destroy(case)
        with acting(user):
            if state == State.SHREDDED:
                moved(case, Move.SHRED)
            expected = MOVES.get((state, move))  # type: ignore[call-overload]
            if expected is None:
                refused(lambda case=case, move=move: moved(case, move), "no such move")  # type: ignore[misc]
                continue
            moved(case, move)
            case.refresh_from_db()
            assert case.state == expected
            told = CaseMove.objects.filter(case=case).latest("at")
            assert (told.from_state, told.to_state, told.by_id) == (state, expected, user.pk)


@pytest.fixture
def office(db: None) -> tuple[Agency, User]:
    return agency_with_member()


@settings(
    max_examples=often(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.sampled_from(Move.values), max_size=12))
def test_random_moves_end_where_the_table_says(office: tuple[Agency, User], moves: list[str]) -> None:
    agency, user = office
    with acting(user), transaction.atomic():
        case, state = a_case(agency, user), State.INQUIRY.value
        for move in moves:
            there = MOVES.get((state, move))  # type: ignore[call-overload]
            if there is None or move in BY_TWO:
                refused(lambda move=move: moved(case, move))  # type: ignore[misc]
            else:
                moved(case, move)
                state = there
        case.refresh_from_db()
        assert case.state == state
        assert CaseMove.objects.filter(case=case).count() <= len(moves)
        transaction.set_rollback(True)


def test_a_case_moves_by_a_move_alone_and_a_move_is_final() -> None:
    agency, user = agency_with_member()
    with acting(user):
        case = a_case(agency, user)
        refused(lambda: Case.objects.filter(pk=case.pk).update(state="closed"), "by a move alone")
        refused(lambda: a_case(agency, user, state="active"), "begins as an inquiry")
        moved(case, "begin_intake")
        refused(lambda: CaseMove.objects.filter(case=case).update(move="close"), "stays")
        refused(lambda: CaseMove.objects.filter(case=case).delete(), "stays")
        refused(lambda: CaseMove.objects.create(agency=agency, case=case, move="begin_closing"), "reason")
        refused(lambda: Case.objects.filter(pk=case.pk).update(code="other-11"), "keeps its person")


def test_a_privileged_note_waits_for_the_notice_whatever_writes_it() -> None:
    agency, user = agency_with_member()
    with acting(user):
        case = a_case(agency, user)
        refused(lambda: a_note(case, "privileged"), "where confidentiality ends")
        a_notice(case, user, "rights")
        refused(lambda: a_note(case, "privileged"), "where confidentiality ends")
        note = a_note(case)
        refused(lambda: Note.objects.filter(pk=note.pk).update(kind="privileged"), "where confidentiality ends")
        a_notice(case, user)
        privileged = a_note(case, "privileged")
        refused(lambda: Note.objects.filter(pk=privileged.pk).update(kind="progress"), "its privilege")


def test_a_notice_of_another_case_does_not_count() -> None:
    agency, user = agency_with_member()
    with acting(user):
        a_notice(a_case(agency, user), user)
        refused(lambda: a_note(a_case(agency, user), "privileged"), "where confidentiality ends")


@pytest.mark.parametrize("kind", [AgencyKind.LAW_ENFORCEMENT, AgencyKind.PROSECUTION, AgencyKind.COURT])
def test_the_justice_side_can_have_no_person(kind: str) -> None:
    agency, user = agency_with_member(kind, "member")
    with acting(user):
        refused(lambda: a_person(agency, user), "keeps no people")


def test_nobody_writes_in_the_name_of_another() -> None:
    agency, user = agency_with_member()
    other = UserFactory(role="advocate", agency=agency)
    with acting(user):
        refused(lambda: a_person(agency, other), "in the name of another")
        person = a_person(agency, user)
        refused(lambda: a_case(agency, user, person, made_by=other), "in the name of another")
        note = a_note(a_case(agency, user, person))
        assert note.author_id == user.pk


def _other() -> tuple[Agency, User]:
    agency = AgencyFactory(kind=AgencyKind.VICTIM_SERVICES)
    return agency, UserFactory(role="advocate", agency=agency)


def test_rows_of_another_agency_are_neither_seen_nor_pointed_to() -> None:
    (agency, user), (there, stranger) = _other(), _other()
    with acting(user):
        case = a_case(agency, user)
    with acting(stranger):
        assert Case.objects.count() == 0
        with pytest.raises(Error):
            _point_to(there, stranger, case)


def _point_to(agency: Agency, user: User, hidden: Case) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        a_case(agency, user, hidden.person)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
