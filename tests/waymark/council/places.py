"""Where the council's addresses lead.

In the matrix the shelter of the askers holds the council. What one agency alone sees (its seats and their time) is made in
every agency that could hold it, by naming each in turn; reviews are the coalition's, asked by its office.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from tests.factories.accounts import UserFactory
from tests.factories.council import aged, asked, gated_thing, gated_type, seat_for, spoken
from tests.factories.disclosures import acting
from tests.plugins.places import no_object, of_agency, of_coalition

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind, User
from waymark.council.actions.reviews import ask_override
from waymark.council.models import Council, CouncilReview, PaidTime, Recommendation, Seat, SeatHolder

COULD_HOLD = frozenset({AgencyKind.OTHER_NON_PROFIT.value, AgencyKind.VICTIM_SERVICES.value})


def _council(agency: Agency) -> None:
    by = UserFactory(role=Role.COORDINATOR.value)
    Council.objects.update_or_create(pk=1, defaults={"held_by": agency, "named_by": by})


def _held(world: Any) -> None:
    """The askers' shelter holds the council."""
    world.once(_council, agency=world.agencies["home"])


def _asker(name: str) -> User:
    user: User = User.objects.get(display_name=f"Invented {name}")
    user.act_as(user.memberships.select_related("agency").get())
    return user


def _two_seats(*, world_home: Agency) -> tuple[User, User]:
    """The asker with the council's role, and somebody else."""
    council = _asker("council"), UserFactory(role=Role.COUNCIL.value, agency=world_home)
    for user, name in zip(council, ("Juniper", "Wren"), strict=True):
        seat_for(user, UserFactory(role=Role.OFFICER.value, agency=world_home), name)
    return council


def _seated(world: Any) -> tuple[User, User]:
    _held(world)
    made: tuple[User, User] = world.once(_two_seats, world_home=world.agencies["home"])
    return made


def _review(world: Any) -> CouncilReview:
    """A thing of the coalition's office, of which one seat has spoken."""
    council = _seated(world)
    code = world.once(gated_type)
    return spoken(asked(code, gated_thing(), by=world.member_of(world.agencies["common"])), council[1:], "object")


def review(world: Any) -> dict[str, Any]:
    return {"pk": _review(world).pk}


def over_its_days(world: Any) -> dict[str, Any]:
    return {"pk": aged(_review(world)).pk}


def override(world: Any) -> dict[str, Any]:
    found, coordinator = aged(_review(world)), _asker("coordinator")
    with acting(coordinator):
        ask_override(review=found, reason="An invented reason for everybody to read.", by=coordinator)
    return {"pk": found.pk}


def _holder_at(*, agency: Agency) -> SeatHolder:
    """Each agency holds the council for a moment, and gives one seat with some time."""
    before = Council.objects.filter(pk=1).first()
    _council(agency)
    user = UserFactory(role=Role.COUNCIL.value, agency=agency)
    today = timezone.localdate()
    seat = Seat.objects.create(
        code=f"P{Seat.objects.count()}", display_name="Sage", starts_on=today, ends_on=today + dt.timedelta(days=90)
    )
    made = SeatHolder.objects.create(agency=agency, seat=seat, membership=user.acting)
    _time(made)
    if before is not None:
        _council(before.held_by)
    return made


def _time(holder: SeatHolder) -> PaidTime:
    made: PaidTime = PaidTime.objects.create(
        agency_id=holder.agency_id,
        holder=holder,
        on=timezone.localdate(),
        activity=PaidTime.Activity.MEETING,
        minutes=90,
        hourly="40.00",
    )
    return made


def holder(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": world.once(_holder_at, agency=agency).pk}


def own_time(world: Any) -> dict[str, Any]:
    user, _ = _seated(world)
    with acting(user):
        return {"pk": _time(SeatHolder.objects.get(membership=user.acting)).pk}


def _recommendation(world: Any, **fields: Any) -> dict[str, Any]:
    _, other = _seated(world)
    with acting(other):
        seat = SeatHolder.objects.get(membership=other.acting).seat
    made = Recommendation.objects.create(
        text="Invented: pay interpreters.", said_by="Invented council", said_in="2026", written_by=seat, **fields
    )
    return {"pk": made.pk}


def said(world: Any) -> dict[str, Any]:
    seat, _ = Seat.objects.get_or_create(
        code="P-2", defaults={"display_name": "Heron", "starts_on": "2020-01-01", "ends_on": "2020-12-31"}
    )
    return _recommendation(world, supported_by=seat, shown_at=timezone.now(), owner=world.agencies["common"])


def written(world: Any) -> dict[str, Any]:
    return _recommendation(world)


NOT_THEIRS = dict.fromkeys(
    (Role.ADVOCATE, Role.MEMBER, Role.OFFICER), "another agency asked the council, and nobody asks for a second one"
)
PLACES = {
    "council:correction_list": no_object(),
    "council:desk": no_object(),
    "council:home": no_object(),
    "council:my_pay": no_object(),
    "council:my_seat": no_object(),
    "council:my_time": no_object(),
    "council:name_holder": no_object(hidden_from={Role.OFFICER: "the coordinator says which agency holds the council"}),
    "council:override_ask": of_coalition(over_its_days),
    "council:override_decide": of_coalition(override),
    "council:override_end": of_coalition(override),
    "council:rate_post": no_object(),
    "council:recommendation_add": no_object(),
    "council:recommendation_detail": of_coalition(said),
    "council:recommendation_list": no_object(),
    "council:recommendation_reply": of_coalition(said, hidden_from={Role.OFFICER: "another agency owns it"}),
    "council:recommendation_support": of_coalition(written),
    "council:review_answer": of_coalition(review),
    "council:review_conclude": of_coalition(over_its_days),
    "council:review_detail": of_coalition(review, hidden_from=NOT_THEIRS),
    "council:review_list": no_object(),
    "council:review_withdraw": of_coalition(review, hidden_from=NOT_THEIRS),
    "council:seat_add": no_object(),
    "council:seat_end": of_agency(holder, only=COULD_HOLD),
    "council:statement": of_agency(holder, only=COULD_HOLD),
    "council:time_add": no_object(),
    "council:time_approve": of_agency(holder, only=COULD_HOLD),
    "council:time_pay": of_agency(holder, only=COULD_HOLD),
    "council:time_remove": of_coalition(own_time),
    "council:year_report": no_object(),
}
