"""The council for tests: who holds it, who sits on it, and things that it has answered.

Invariants: at least two seats are filled, each by another person; what a seat says is said by whoever sits there, in their
signed context, because the database takes it from nobody else. Nothing here may be called inside another's context.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
import uuid

import psycopg
from django.db import connection, connections
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.disclosures import acting
from tests.plugins.database import OWNER

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind, User
from waymark.council.actions import request_review
from waymark.council.actions.reviews import answer_review
from waymark.council.models import Council, CouncilReview, Seat, SeatHolder
from waymark.council.models.gate import ReviewGate

NAMES = itertools.cycle(("Juniper", "Wren", "Sage", "Heron", "Willow"))
NUMBERS = itertools.count(1)
PROBE = """
CREATE TABLE council_probe (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), state text NOT NULL DEFAULT 'draft', body text NOT NULL, shelf text
);
"""
AGED = """
ALTER TABLE council_councilreview DISABLE TRIGGER a_rules;
UPDATE council_councilreview SET requested_at = requested_at - interval '11 days', due_at = now() - interval '1 day'
    WHERE id = '{}';
ALTER TABLE council_councilreview ENABLE TRIGGER a_rules;
"""


def council_at(agency: Agency | None = None) -> Agency:
    """The agency that holds the council: the one that does already, or `agency`, or a new shelter."""
    found = Council.objects.filter(pk=1).first()
    if found is not None:
        return found.held_by
    held_by = agency or AgencyFactory(kind=AgencyKind.VICTIM_SERVICES, name="Invented House of the Council")
    by = UserFactory(role=Role.COORDINATOR.value)
    Council.objects.create(held_by=held_by, named_by=by)
    return held_by


def seated(name: str = "", *, agency: Agency | None = None, days: int = 365) -> User:
    """Somebody who sits on the council, and acts for the agency that holds it."""
    held_by = council_at(agency)
    user: User = UserFactory(role=Role.COUNCIL.value, agency=held_by, display_name="An invented member")
    giver: User = UserFactory(role=Role.OFFICER.value, agency=held_by)
    seat_for(user, giver, name, days=days)
    return user


def seat_for(user: User, giver: User, name: str = "", *, days: int = 365) -> SeatHolder:
    """A seat for `user`, given by `giver`."""
    today = timezone.localdate()
    seat = Seat.objects.create(
        code=f"S{next(NUMBERS)}",
        display_name=name or next(NAMES),
        starts_on=today - dt.timedelta(days=30),
        ends_on=today + dt.timedelta(days=days),
    )
    with acting(giver):
        return SeatHolder.objects.create(
            agency_id=user.acting.agency_id,  # type: ignore[union-attr]
            seat=seat,
            membership=user.acting,
        )


def two_seated() -> tuple[User, User]:
    """The smallest council that may decide."""
    return seated("Juniper"), seated("Wren")


def asked(
    kind: str, thing: object, *, by: User, title: str = "An invented thing", path: str = "/council/"
) -> CouncilReview:
    """A review of a thing as it stands now."""
    with acting(by):
        return request_review(by=by, kind=kind, object_id=thing, title=title, path=path)


def spoken(review: CouncilReview, council: tuple[User, ...], *answers: str) -> CouncilReview:
    """What each member says, in turn; the review as it is afterwards."""
    for user, answer in zip(council, answers, strict=False):
        with acting(user):
            answer_review(
                review=review, answer=answer, reason="" if answer == "endorse" else f"{answer}: invented", by=user
            )
    return CouncilReview.objects.get(pk=review.pk)


def endorsed(kind: str, thing: object, *, by: User, council: tuple[User, ...] = (), **words: str) -> CouncilReview:
    """A thing that the council endorsed as it stands now, so that it may go public."""
    council = council or two_seated()
    return spoken(asked(kind, thing, by=by, **words), council, *["endorse"] * len(council))


def aged(review: CouncilReview) -> CouncilReview:
    """The council's days are over. Only the owner turns a clock back; the review must have been committed."""
    by_owner(AGED.format(review.pk))
    return CouncilReview.objects.get(pk=review.pk)


def by_owner(statement: str, parameters: tuple[object, ...] = ()) -> None:
    """SQL as the owner, in the database that the test is pointed at; it commits at once."""
    settings = connections["default"].settings_dict
    url = f"host={settings['HOST']} dbname={settings['NAME']} user={OWNER} password={settings['PASSWORD']}"
    with psycopg.connect(url, autocommit=True) as hand:
        hand.execute(statement, parameters or None)  # type: ignore[arg-type]


def gated_type() -> str:
    """A gated type that no app uses yet, with a table of its own in this database: council_probe."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code FROM council_gatedtype WHERE is_gated"
            " AND to_regprocedure('council_read_' || code || '(text)') IS NULL ORDER BY code"
        )
        free = [code for (code,) in cursor.fetchall()]
        cursor.execute(
            "SELECT prosrc FROM pg_proc WHERE starts_with(proname, 'council_read_') AND prosrc LIKE '%council_probe%'"
        )
        made = cursor.fetchone()
    if made is not None:
        return str(re.search(r"council_content_(\w+)", made[0])[1])  # type: ignore[index]
    by_owner(PROBE)
    for statement in probe_gate(free[0]).sql:
        by_owner(str(statement))
    return free[0]


def probe_gate(code: str) -> ReviewGate:
    return ReviewGate("council_probe", "r.state = 'public'", code, content=("body",))


def gated_thing(body: str = "As it was written", state: str = "draft") -> uuid.UUID:
    """A row of the tests' own gated table."""
    made = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO council_probe (id, body, state) VALUES (%s, %s, %s)", [made, body, state])
    return made
