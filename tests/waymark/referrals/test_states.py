"""The state machine, whatever program drives it: every event in every state of every way, and random sequences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.disclosures import acting
from tests.plugins.histories import often
from tests.waymark.referrals.pairs import Pair, a_pair, a_referral, carried_out, own_row, path_to

from waymark.people.policies import Refused
from waymark.referrals.formats.fhir import STATUS_OF, TASK_STATUSES, state_of, task_status
from waymark.referrals.models import (
    ENDED,
    MOVES,
    REASONS,
    Event,
    ReceivedReferral,
    Referral,
    ReferralMove,
    Side,
    State,
    Way,
    events_from,
)

pytestmark = pytest.mark.django_db
Owner = Callable[..., list[tuple[Any, ...]]]


def test_the_database_and_the_program_know_the_same_moves_and_reasons() -> None:
    """All ways, states, events and sides: 4 × 12 × 13 × 3 of them."""
    asked = [(way, state, event, side) for way in Way for state in State for event in Event for side in Side]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w, s, e, d, referrals.next_state(w, s, e, d) FROM unnest(%s::text[]) w, unnest(%s::text[]) s,"
            " unnest(%s::text[]) e, unnest(%s::text[]) d",
            [Way.values, State.values, Event.values, Side.values],
        )
        known = {(way, state, event, side): there for way, state, event, side, there in cursor.fetchall()}
        assert len(known) == len(asked)
        cursor.execute("SELECT e, referrals.reasons(e) FROM unnest(%s::text[]) e", [Event.values])
        reasons = {event: found for event, found in cursor.fetchall() if found is not None}
    for way, state, event, side in asked:
        expected = MOVES.get((way, state, event), ("", ""))
        assert known[way, state, event, side] == (expected[1] if expected[0] == side else None), (way, state, event, side)
    assert reasons == {event: list(found) for event, found in REASONS.items()}


# A package moves as a referral without a name does, by the same lines of the table; driving it takes as long again.
WALKED = [Way.QUESTION, Way.OPAQUE, Way.CARRIED, pytest.param(Way.CONSENTED, marks=pytest.mark.nightly)]


@pytest.mark.parametrize("way", WALKED)
def test_every_event_in_every_state(way: str) -> None:
    """What the table does not list is refused to both sides and changes nothing; what it lists moves both rows alike."""
    pair = a_pair()
    for state in State.values:
        path = path_to(way, state)
        if path is None:
            continue
        referral = a_referral(pair, way)
        for event, side in path:
            carried_out(pair, referral, event, side)
        for event in Event.values:
            side, there = MOVES.get((way, state, event), ("", ""))
            for asks in (Side.SENDER, Side.RECIPIENT):
                if asks == side or event == Event.ARRIVE:
                    continue
                with pytest.raises((Refused, ReceivedReferral.DoesNotExist)):
                    carried_out(pair, referral, event, asks)
            with acting(pair.worker):
                assert Referral.objects.get(pk=referral.pk).state == state
            if side in {"", Side.CLOCK}:
                continue
            fresh = a_referral(pair, way)
            for each, whose in path:
                carried_out(pair, fresh, each, whose)
            assert carried_out(pair, fresh, event, side) == there
            assert_alike(pair, fresh, there)


def assert_alike(pair: Pair, referral: Referral, state: str) -> None:
    """Both sides tell the same story, or the recipient has none because nobody there had opened it."""
    with acting(pair.worker):
        mine = Referral.objects.get(pk=referral.pk)
        moves = list(ReferralMove.objects.filter(referral=referral.pk).values_list("event", "to_state").order_by("at"))
    with acting(pair.receiver):
        theirs = ReceivedReferral.objects.filter(referral=referral.pk).first()
        told = list(ReferralMove.objects.filter(referral=referral.pk).values_list("event", "to_state").order_by("at"))
    assert mine.state == state
    assert (mine.ended_at is not None) == (state in ENDED)
    assert moves[-1][1] == state
    if theirs is None:
        assert state in {State.WITHDRAWN, State.VOIDED} or mine.way == Way.CARRIED
        return
    assert (theirs.state, theirs.outcome, theirs.reason, theirs.answer) == (
        mine.state, mine.outcome, mine.reason, mine.answer,
    )  # fmt: skip
    assert told == moves


EVENTS = st.lists(st.tuples(st.sampled_from(Event.values), st.sampled_from([Side.SENDER, Side.RECIPIENT])), max_size=9)


@pytest.fixture
def pair(db: None) -> Pair:
    return a_pair()


@settings(
    max_examples=often(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(way=st.sampled_from(Way.values), events=EVENTS)
def test_random_sequences_end_where_the_table_says(pair: Pair, way: str, events: list[tuple[str, str]]) -> None:
    with transaction.atomic():
        _random_sequence(pair, way, events)
        transaction.set_rollback(True)


def _random_sequence(pair: Pair, way: str, events: list[tuple[str, str]]) -> None:
    referral = a_referral(pair, way)
    state: str = State.REQUESTED
    count = 0
    for event, side in events:
        whose, there = MOVES.get((way, state, event), ("", ""))
        if whose == side:
            assert carried_out(pair, referral, event, side) == there
            state, count = there, count + 1
        elif event != Event.ARRIVE:
            with pytest.raises((Refused, ReceivedReferral.DoesNotExist)):
                carried_out(pair, referral, event, side)
    with acting(pair.worker):
        assert Referral.objects.get(pk=referral.pk).state == state
        assert ReferralMove.objects.filter(referral=referral.pk).count() == count
    if count:
        assert_alike(pair, referral, state)


def test_a_reason_is_due_where_the_list_says_and_comes_from_the_list() -> None:
    from waymark.referrals.actions import crossing

    pair = a_pair()
    referral = a_referral(pair)
    row = own_row(pair, referral)
    with acting(pair.receiver):
        for event, reason in (("decline", ""), ("decline", "a name"), ("decline", "did_not_come"), ("accept", "no_room")):
            with pytest.raises(Refused, match="Choose one of the reasons"):
                crossing.move(row.pk, event, reason=reason)
        assert crossing.move(row.pk, "decline", reason="no_room")[0] == State.DECLINED


def test_what_a_side_can_do_is_what_the_buttons_offer() -> None:
    assert events_from(Way.OPAQUE, State.REQUESTED, Side.RECIPIENT) == [Event.ACCEPT, Event.DECLINE]
    assert events_from(Way.OPAQUE, State.REQUESTED, Side.SENDER) == [Event.WITHDRAW, Event.VOID]
    assert events_from(Way.QUESTION, State.LAPSED, Side.SENDER) == []
    assert events_from(Way.OPAQUE, State.CLOSED, Side.SENDER) == [Event.REOPEN, Event.VOID]


def test_every_state_has_a_status_of_the_health_field_and_comes_back_from_it() -> None:
    assert STATUS_OF.keys() == set(State.values)
    assert set(STATUS_OF.values()) <= TASK_STATUSES
    for state in State.values:
        assert state_of(*task_status(state)) == state
    assert task_status(State.CLOSED, State.NOT_CONNECTED) == ("failed", "closed")
    assert state_of("failed", "closed") == State.CLOSED
    for pair in (("completed", "requested"), ("failed", "connected"), ("draft", "draft")):
        with pytest.raises(ValueError, match="no state"):
            state_of(*pair)
