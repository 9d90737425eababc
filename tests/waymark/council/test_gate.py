"""The gate: whatever program writes, a row of a gated table becomes public only after the council.

A table of the tests' own stands under the gate of a type that no app uses yet, with one thing for every state of a review.
Each is tried as a new row and as a change, by the application's role and by the owner's own hand.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, connections, transaction
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.council import aged, asked, by_owner, endorsed, gated_thing, gated_type, probe_gate, spoken, two_seated
from tests.factories.disclosures import acting
from tests.plugins.database import OWNER, TestCluster, pointed_at

from waymark.access.permissions import Role
from waymark.accounts.models import User
from waymark.council.actions import correct_for_safety, request_review, withdraw_review
from waymark.council.actions.reviews import answer_review, ask_override, confirm_override
from waymark.council.formats.gated_types import GATED, TYPES
from waymark.council.models import CouncilReview, GatedType, SafetyCorrection
from waymark.council.models.gate import ReviewGate
from waymark.council.policies import Refused
from waymark.council.selectors.reviews import is_cleared

State = CouncilReview.State
PASSING = {State.ENDORSED, State.RESOLVED, State.OVERRIDDEN}
REFUSED = "council has not cleared"


@dataclass
class World:
    """A gated table, people, and a thing for every state."""

    code: str
    author: User
    coordinator: User
    second: User
    council: tuple[User, ...]
    things: dict[str, uuid.UUID] = field(default_factory=dict)


@pytest.fixture(scope="module")
def world(test_cluster: TestCluster, django_db_setup: None) -> Iterator[World]:
    """Committed in a database of its own: the owner's hand sees only what was committed."""
    name = test_cluster.clone()

    with pointed_at(test_cluster, name):
        agency = AgencyFactory(name="Invented newsroom")
        here = World(
            gated_type(),
            UserFactory(role=Role.MEMBER.value, agency=agency),
            UserFactory(role=Role.COORDINATOR.value),
            UserFactory(role=Role.OFFICER.value, agency=AgencyFactory(name="Invented second agency")),
            two_seated(),
        )
        for state in State:
            here.things[state] = gated_thing()
            assert brought_to(here, here.things[state], state).state == state
        here.things["never asked"] = gated_thing()
        yield here
    test_cluster.drop(name)


def brought_to(world: World, thing: uuid.UUID, state: str) -> CouncilReview:
    """A review of `thing` in that state, by the ways that people have."""
    review = asked(world.code, thing, by=world.author)
    if state == State.IN_REVIEW:
        return spoken(review, world.council, "endorse")
    if state == State.WITHDRAWN:
        with acting(world.author):
            withdraw_review(review=review, by=world.author)
    elif state == State.OVERRIDDEN:
        review = aged(spoken(review, world.council, "endorse", "object"))
        overridden(world, review)
    elif state == State.RESOLVED:
        spoken(review, world.council, "endorse", "object")
        return spoken(review, world.council, "endorse", "endorse")
    elif state != State.REQUESTED:
        last = {State.ENDORSED: "endorse", State.CHANGES_ASKED: "changes", State.OBJECTION: "object"}[State(state)]
        return spoken(review, world.council, "endorse", last)
    return CouncilReview.objects.get(pk=review.pk)


def overridden(world: World, review: CouncilReview) -> None:
    with acting(world.coordinator):
        ask_override(review=review, reason="An invented reason that everybody may read.", by=world.coordinator)
    with acting(world.second):
        confirm_override(review=review, by=world.second)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def written(world: World, statement: str, parameters: list[Any], *, as_owner: bool) -> str:
    """What the database says to a statement; nothing when it does it. Afterwards it has not happened."""
    if as_owner:
        settings = connections["default"].settings_dict
        url = f"host={settings['HOST']} dbname={settings['NAME']} user={OWNER} password={settings['PASSWORD']}"
        with psycopg.connect(url) as hand:
            try:
                hand.execute(statement, parameters)  # type: ignore[arg-type]
            except psycopg.IntegrityError as error:
                return str(error)
            finally:
                hand.rollback()
        return ""
    with undone():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, parameters)
        except IntegrityError as error:
            return str(error)
    return ""


@pytest.mark.parametrize("as_owner", [False, True], ids=["application", "owner"])
@pytest.mark.parametrize("state", [*State, "never asked"])
def test_a_row_becomes_public_only_after_the_council(world: World, state: str, as_owner: bool) -> None:
    """Update and insert, the application's role and the owner: endorsed, resolved and overridden pass, nothing else."""
    thing = world.things[state]
    changed = written(world, "UPDATE council_probe SET state = 'public' WHERE id = %s", [thing], as_owner=as_owner)
    inserted = _inserted(world, thing, as_owner=as_owner)
    if state in PASSING:
        assert (changed, inserted) == ("", "")
        assert is_cleared(world.code, thing)
    else:
        assert REFUSED in changed
        assert REFUSED in inserted
        assert not is_cleared(world.code, thing)


def _inserted(world: World, thing: uuid.UUID, *, as_owner: bool) -> str:
    """The row put in as public from the first, as a restore or a script would."""
    statement = (
        "DO $$ BEGIN DELETE FROM council_probe WHERE id = '{0}';"
        " INSERT INTO council_probe (id, body, state) VALUES ('{0}', 'As it was written', 'public'); END $$"
    )
    return written(world, statement.format(thing), [], as_owner=as_owner)


@pytest.mark.parametrize("as_owner", [False, True], ids=["application", "owner"])
def test_other_words_than_the_council_read_do_not_pass(world: World, as_owner: bool) -> None:
    thing = world.things[State.ENDORSED]
    other = "UPDATE council_probe SET state = 'public', body = 'Other words' WHERE id = %s"
    assert REFUSED in written(world, other, [thing], as_owner=as_owner)
    # Whatever readers do not see may change.
    shelf = "UPDATE council_probe SET state = 'public', shelf = 'B' WHERE id = %s"
    assert written(world, shelf, [thing], as_owner=as_owner) == ""
    # An endorsement is of one thing: another with the same words is not endorsed by it.
    twin = "INSERT INTO council_probe (body, state) VALUES ('As it was written', 'public')"
    assert REFUSED in written(world, twin, [], as_owner=as_owner)


def test_public_words_stay_until_they_were_read_anew_and_taking_back_always_passes(world: World) -> None:
    thing = gated_thing("First words")
    endorsed(world.code, thing, by=world.author, council=world.council)
    with undone(), connection.cursor() as cursor:
        cursor.execute("UPDATE council_probe SET state = 'public' WHERE id = %s", [thing])
        with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
            cursor.execute("UPDATE council_probe SET body = 'Second words' WHERE id = %s", [thing])
        cursor.execute("UPDATE council_probe SET shelf = 'C' WHERE id = %s", [thing])
        # Withdrawn with whatever words, and back with those that were endorsed.
        cursor.execute("UPDATE council_probe SET state = 'withdrawn', body = 'Second words' WHERE id = %s", [thing])
        with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
            cursor.execute("UPDATE council_probe SET state = 'public' WHERE id = %s", [thing])
        cursor.execute("UPDATE council_probe SET state = 'public', body = 'First words' WHERE id = %s", [thing])
        cursor.execute("DELETE FROM council_probe WHERE id = %s", [thing])


def test_a_safety_correction_passes_at_once_with_its_reason_and_only_there_and_then(world: World) -> None:
    thing, other = (gated_thing(f"Words {number}") for number in range(2))
    for each in (thing, other):
        endorsed(world.code, each, by=world.author, council=world.council)
    change = "UPDATE council_probe SET body = 'Without the street' WHERE id = %s"

    def correct(wanted: uuid.UUID) -> SafetyCorrection:
        return correct_for_safety(
            by=world.author,
            kind=world.code,
            object_id=wanted,
            title="Invented",
            path="/council/",
            reason="The street can be found.",
        )

    with connection.cursor() as cursor:
        cursor.execute("UPDATE council_probe SET state = 'public' WHERE id = ANY(%s)", [[thing, other]])
        with pytest.raises(Refused), acting(world.author):
            correct_for_safety(by=world.author, kind=world.code, object_id=thing, title="", path="/", reason="Typo")
        with acting(world.author):
            correct(thing)
            cursor.execute(change, [thing])
            with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
                cursor.execute(change, [other])
        # The transaction is over, and the reason with it.
        with pytest.raises(IntegrityError, match=REFUSED):
            cursor.execute("UPDATE council_probe SET body = 'And more' WHERE id = %s", [thing])
        # What was not public is no correction, whatever somebody calls it.
        draft = gated_thing("A draft")
        with acting(world.author):
            correct(draft)
            with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
                cursor.execute("UPDATE council_probe SET state = 'public' WHERE id = %s", [draft])
    with pytest.raises(IntegrityError, match="stays"):
        SafetyCorrection.objects.filter(object_id=str(thing)).update(reason="Nothing")


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE council_councilreview SET state = 'endorsed' WHERE id = '{review}'",
        "UPDATE council_councilreview SET state = 'resolved' WHERE id = '{review}'",
        "UPDATE council_councilreview SET state = 'overridden', override_reason = 'Because we say so, publicly',"
        " override_asked_by_id = '{one}', override_confirmed_by_id = '{two}', override_confirmed_for_id = '{agency}'"
        " WHERE id = '{review}'",
        "UPDATE council_councilreview SET due_at = now() - interval '1 day' WHERE id = '{review}'",
        "UPDATE council_councilreview SET digest = 'x' WHERE id = '{review}'",
        "UPDATE council_councilreview SET object_id = '{other}' WHERE id = '{review}'",
        "DELETE FROM council_councilreview WHERE id = '{review}'",
        "INSERT INTO council_voice (id, review_id, round, seat_id, answer, reason, at)"
        " SELECT gen_random_uuid(), '{review}', 1, s.id, 'endorse', '', now() FROM council_seat s",
        "INSERT INTO council_councilreview (id, kind_id, object_id, title, path, digest, round, state, requested_by_id,"
        " requested_for_id, requested_at, due_at, override_reason) VALUES (gen_random_uuid(), '{code}', '{never}', 'x',"
        " '/', '', 1, 'endorsed', '{one}', '{agency}', now(), now(), '')",
    ],
)
@pytest.mark.parametrize("as_owner", [False, True], ids=["application", "owner"])
def test_no_answer_of_the_council_is_forged(world: World, forgery: str, as_owner: bool) -> None:
    """Not by somebody who reaches the database, and not by its owner, short of taking the rules away."""
    review = CouncilReview.objects.get(object_id=str(world.things[State.OBJECTION]))
    statement = forgery.format(
        review=review.pk,
        one=world.coordinator.pk,
        two=world.second.pk,
        agency=review.requested_for_id,
        other=world.things["never asked"],
        never=world.things["never asked"],
        code=world.code,
    )
    assert written(world, statement, [], as_owner=as_owner) != ""


def test_the_types_of_the_house_are_data_that_nobody_changes(world: World) -> None:
    assert {each.code: each.is_gated for each in GatedType.objects.all()} == {each.code: each.is_gated for each in TYPES}
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        GatedType.objects.filter(code="press_item").update(is_gated=False)


@pytest.mark.parametrize("code", sorted({each.code for each in TYPES} - GATED))
def test_what_is_never_gated_is_never_held_up(world: World, code: str) -> None:
    """Nobody can put the gate on help lines or listings, and nobody can ask the council about them."""
    with pytest.raises(ValueError, match="not a gated type"):
        ReviewGate("council_probe", "true", code, content=("body",))
    with acting(world.author), pytest.raises(Refused, match="do not wait"):
        request_review(by=world.author, kind=code, object_id=uuid.uuid4(), title="", path="/")


def test_no_gate_stands_before_the_directory(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE t.tgname = 'council_gate' AND c.relname LIKE 'directory\\_%%'"
        )
        assert cursor.fetchall() == []


@pytest.mark.parametrize(
    ("table", "public", "content"),
    [
        ("council_probe; DROP TABLE x", "true", ("body",)),
        ("council_probe", "r.starts_at <= now()", ("body",)),
        ("council_probe", "r.day <= CURRENT_DATE", ("body",)),
        ("council_probe", "true", ()),
        ("council_probe", "true", ("body, secret",)),
    ],
)
def test_a_gate_that_would_not_hold_is_not_built(table: str, public: str, content: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"\."):
        ReviewGate(table, public, "press_item", content=content)


def test_a_gate_can_be_taken_away_whole(world: World) -> None:
    gate = probe_gate(world.code)
    by_owner("BEGIN; " + "; ".join(gate.reverse_sql) + "; ROLLBACK")
    assert gate.deconstruct()[2]["content"] == ("body",)


def test_a_seat_speaks_only_by_who_sits_there(world: World) -> None:
    review = CouncilReview.objects.get(object_id=str(world.things[State.IN_REVIEW]))
    for user in (world.author, world.coordinator, world.second):
        with acting(user), pytest.raises(Refused):
            answer_review(review=review, answer="endorse", reason="", by=user)
