"""What waits for whom at the council, who finds what of it, and lists that stay cheap at five thousand rows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.council import aged, asked, council_at, gated_thing, gated_type, seated, spoken
from tests.factories.disclosures import acting
from tests.plugins.database import TestCluster, pointed_at
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.access.sites import URLCONFS, Site
from waymark.accounts.models import User
from waymark.council.actions import recommendations
from waymark.council.actions.paid_time import enter_time
from waymark.council.actions.reviews import ask_override, confirm_override
from waymark.council.models import CouncilReview, PaidTime, PostedRate, Recommendation, SafetyCorrection, SeatHolder
from waymark.council.selectors.home import search_for, waiting_for
from waymark.pages.lines import HomeCount, HomeRows

MANY = 5_000
MOST_QUERIES = 12
REASON = "An invented reason that everybody may read."


@dataclass(frozen=True)
class World:
    """Who asks and their officer, two seats, one with the role and no seat, who pays, the coordinator, another agency."""

    code: str
    author: User
    officer: User
    ana: User
    ben: User
    unseated: User
    payer: User
    chair: User
    second: User


@pytest.fixture(scope="module")
def world(test_cluster: TestCluster, django_db_setup: None) -> Iterator[World]:
    """Committed in a database of its own: the tests' gated table is the owner's to make."""
    name = test_cluster.clone()
    with pointed_at(test_cluster, name):
        agency = AgencyFactory(name="Invented newsroom")
        yield World(
            gated_type(),
            UserFactory(role=Role.MEMBER.value, agency=agency),
            UserFactory(role=Role.OFFICER.value, agency=agency),
            seated("Juniper"),
            seated("Wren"),
            UserFactory(role=Role.COUNCIL.value, agency=council_at()),
            UserFactory(role=Role.OFFICER.value, agency=council_at()),
            UserFactory(role=Role.COORDINATOR.value),
            UserFactory(role=Role.OFFICER.value, agency=AgencyFactory(name="Invented second agency")),
        )
    test_cluster.drop(name)


def waits(user: User) -> list[str]:
    """The lines of somebody's home page that the council has for them, in words."""
    said = []
    with acting(user), override_settings(ROOT_URLCONF=URLCONFS[Site.STAFF]):
        for line in waiting_for(user, timezone.now()):
            if isinstance(line, HomeCount) and line.rows.count():
                said.append(f"{line.rows.count()} {line.one if line.rows.count() == 1 else line.many}")
            elif isinstance(line, HomeRows):
                said += [line.says(getattr(row, str(line.name)) if line.name else "") for row in line.rows]
    return said


def finds(user: User, *words: str) -> list[str]:
    with acting(user):
        return [str(getattr(row, str(found.label))) for found in search_for(user, words) for row in found.rows]


def test_a_review_waits_for_whoever_is_next(world: World) -> None:
    review = asked(world.code, gated_thing(), by=world.author, title="Numbers of the year")
    to_read = "Read “Numbers of the year”, and say what your seat says"
    doubted = "The council does not endorse “Numbers of the year” yet"
    decide = "Decide for your agency: go past the council on “Numbers of the year”?"
    council = (world.ana, world.ben)
    everybody = (*council, world.unseated, world.author, world.officer, world.chair, world.second)

    def waiting() -> dict[str, set[str]]:
        return {line: {user.pk for user in everybody if line in waits(user)} for line in (to_read, doubted, decide)}

    def whose(*users: User) -> set[Any]:
        return {user.pk for user in users}

    assert waiting() == {to_read: whose(*council), doubted: set(), decide: set()}
    spoken(review, council[:1], "endorse")
    assert waiting() == {to_read: whose(world.ben), doubted: set(), decide: set()}
    spoken(review, council[1:], "object")
    agency = whose(world.author, world.officer)
    assert waiting() == {to_read: set(), doubted: agency, decide: set()}
    aged(review)
    with acting(world.chair):
        ask_override(review=review, reason=REASON, by=world.chair)
    assert waiting() == {to_read: set(), doubted: agency, decide: whose(world.second)}
    assert decide in waits(world.payer), "any other agency may decide"
    with acting(world.second):
        confirm_override(review=review, by=world.second)
    assert waiting() == {to_read: set(), doubted: set(), decide: set()}
    assert decide not in waits(world.payer)


def test_time_and_recommendations_wait_for_their_second_person(world: World) -> None:
    day = timezone.localdate()
    with acting(world.payer):
        PostedRate.objects.create(starts_on=day - dt.timedelta(days=20), hourly=40, posted_by=world.payer)
    to_approve = "1 seat of the council has time to approve"
    assert to_approve not in waits(world.payer)
    with acting(world.ana):
        enter_time(on=day, activity="meeting", minutes=60, by=world.ana)
        said = recommendations.write_recommendation(text="Ask us before, not after.", by=world.ana)
    assert to_approve in waits(world.payer)
    assert to_approve not in waits(world.officer), "another agency's officer learns nothing of it"

    support = "A recommendation needs a second seat"
    assert [support in waits(user) for user in (world.ana, world.ben, world.unseated)] == [False, True, False]
    assert [finds(user, "before", "ASK") for user in (world.ana, world.chair, world.unseated)] == [[said.text], [], []]
    owed = "1 recommendation of the council has no answer from your agency"
    with acting(world.ben):
        recommendations.support_recommendation(recommendation=said, by=world.ben)
    with acting(world.chair):
        recommendations.reply_to_recommendation(
            recommendation=said,
            owner=world.officer.acting.agency,  # type: ignore[union-attr]
            status="new",
            reply="",
            by=world.chair,
        )
    assert support not in waits(world.ben)
    assert [owed in waits(user) for user in (world.officer, world.second)] == [True, False]
    for user in (world.chair, world.unseated, world.second, world.author):
        assert finds(user, "before", "ask") == [said.text]
    with acting(world.officer):
        recommendations.reply_to_recommendation(
            recommendation=said, owner=None, status="accepted", reply="We will.", by=world.officer
        )
    assert owed not in waits(world.officer)


def test_a_review_is_found_by_those_who_may_see_it(world: World) -> None:
    asked(world.code, gated_thing(), by=world.author, title="Lighthouse keepers of the county")
    able = {user.pk: finds(user, "COUNTY", "lighthouse") for user in (world.ana, world.ben, world.chair, world.author)}
    assert set(map(tuple, able.values())) == {("Lighthouse keepers of the county",)}
    for user in (world.unseated, world.second, world.payer):
        assert finds(user, "lighthouse") == []
    assert finds(world.ana, "lighthouse", "harbor") == []
    with acting(world.ana):
        nobody: User = UserFactory(role=None)
        assert search_for(nobody, ["lighthouse"]) == waiting_for(nobody, timezone.now()) == []


def _fill(world: World) -> None:
    """Five thousand rows behind each list."""
    now = timezone.now()
    agency = world.author.acting.agency_id  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO council_probe (body) SELECT 'Invented ' || n FROM generate_series(1, %s) n RETURNING id", [MANY]
        )
        things: list[uuid.UUID] = [thing for (thing,) in cursor.fetchall()]
    CouncilReview.objects.bulk_create(
        CouncilReview(
            kind_id=world.code, object_id=str(thing), title=f"Invented thing {number}", path="/",
            requested_by=world.author, requested_for_id=agency, requested_at=now, due_at=now,
        )
        for number, thing in enumerate(things)
    )  # fmt: skip
    SafetyCorrection.objects.bulk_create(
        SafetyCorrection(
            kind_id=world.code, object_id=str(thing), title="Invented thing", path="/", reason="The street can be found.",
            made_by=world.author, made_for_id=agency, made_at=now,
        )
        for thing in things
    )  # fmt: skip
    Recommendation.objects.bulk_create(
        Recommendation(text=f"Invented words {number}", said_by="Invented", said_in="2026", shown_at=now)
        for number in range(MANY)
    )
    with acting(world.ana):
        holder = SeatHolder.objects.get(membership=world.ana.acting)
        PaidTime.objects.bulk_create(
            PaidTime(agency_id=holder.agency_id, holder=holder, on=now.date(), activity="meeting", minutes=30, hourly=40)
            for _ in range(MANY)
        )


def test_lists_cost_the_same_for_five_thousand_rows(world: World) -> None:
    _fill(world)
    with acting(world.payer):
        statement = f"/council/seats/{SeatHolder.objects.get(membership=world.ana.acting).pk}/"
    lists = {
        world.ana: (
            "/council/reviews/?state=open&q=thing&page=3",
            "/council/recommendations/?q=invented&page=2",
            "/council/corrections/?page=4",
            "/council/mine/time/?page=2",
        ),
        world.chair: ("/council/reviews/?q=invented", "/council/reviews/?state=over"),
        world.officer: ("/council/reviews/", "/council/recommendations/?status=new"),
        world.payer: ("/council/seats/", statement),
    }
    for user, urls in lists.items():
        client = SiteClient("staff")
        client.force_login(user)
        client.get(urls[0])
        for url in urls:
            with CaptureQueriesContext(connection) as work:
                answer = client.get(url)
            assert answer.status_code == 200
            # Beginning and ending the transaction reads nothing.
            questions = [query["sql"] for query in work if query["sql"] not in {"BEGIN", "COMMIT"}]
            assert len(questions) <= MOST_QUERIES, (url, [sql[:90] for sql in questions])
            assert len(answer.content) < 150_000, url
