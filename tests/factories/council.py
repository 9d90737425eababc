"""The council for tests: who holds it, who sits on it, and things that it has answered.

Invariants: at least two seats are filled, each by another person; what a seat says is said by whoever sits there, in their
signed context, because the database takes it from nobody else. Nothing here may be called inside another's context.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable

from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.disclosures import acting

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind, User
from waymark.council.actions import request_review
from waymark.council.actions.reviews import answer_review
from waymark.council.models import Council, CouncilReview, Seat, SeatHolder

NAMES = itertools.cycle(("Juniper", "Wren", "Sage", "Heron", "Willow"))
NUMBERS = itertools.count(1)
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


def aged(review: CouncilReview, owner: Callable[..., object]) -> CouncilReview:
    """The council's days are over. Only the owner turns a clock back; the review must have been committed."""
    owner(AGED.format(review.pk))
    return CouncilReview.objects.get(pk=review.pk)
