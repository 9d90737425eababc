"""The demo's council: Lantern House holds it, two people sit under chosen names, an hour has its price, time was entered.

What the demo asks the council is asked by the app whose things they are (newsroom.actions.demo), and answered here, by the
seats: in the demo too the database takes a voice only from whoever sits there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.models import Membership, User
from waymark.council.actions.paid_time import enter_time, post_rate
from waymark.council.actions.reviews import answer_review
from waymark.council.actions.seats import choose_pay, give_seat, name_holding_agency
from waymark.council.models import Council, CouncilReview

HOLDER = "Lantern House"
HOURLY = Decimal(45)
SAT = dt.timedelta(days=90)
TERM = dt.timedelta(days=275)


@transaction.atomic
def load_demo_council(*, today: dt.date) -> list[User]:
    """Seat the demo's council unless the demo has one already. Gives who sits there; nobody where no demo people are."""
    held_by = Membership.objects.filter(agency__short_name=HOLDER)
    members = _acting(held_by.filter(role=Role.COUNCIL.value))
    officer = next(iter(_acting(held_by.filter(role=Role.OFFICER.value))), None)
    office = Membership.objects.filter(agency__is_host=True, role=Role.COORDINATOR.value)
    chair = next(iter(_acting(office)), None)
    if chair is None or officer is None or chair.acting is None or officer.acting is None:
        return []
    if Council.objects.exists():
        return members
    with acting_for(chair.acting.agency_id, chair.pk):
        name_holding_agency(agency=officer.acting.agency, by=chair)
    with acting_for(officer.acting.agency_id, officer.pk):
        post_rate(hourly=HOURLY, starts_on=today, by=officer)
        for member in members:
            if member.acting is not None:
                give_seat(
                    membership=member.acting,
                    display_name=member.display_name,
                    starts_on=today - SAT,
                    ends_on=today + TERM,
                    by=officer,
                )
    for member in members[:1]:
        _one_s_time(member, today)
    return members


def _one_s_time(member: User, today: dt.date) -> None:
    """One of them has chosen how to be paid, and has given time that somebody has to approve."""
    if member.acting is not None:
        with acting_for(member.acting.agency_id, member.pk):
            choose_pay(way="check", gives_time=False, monthly_cap=None, by=member)
            enter_time(on=today, activity="preparation", minutes=45, by=member)
            enter_time(on=today, activity="meeting", minutes=90, by=member)


def answer_as_demo_council(*, review: CouncilReview, members: Sequence[User], answers: Sequence[tuple[str, str]]) -> None:
    """What each seat of the demo says to one review, with its reason."""
    for member, (answer, reason) in zip(members, answers, strict=False):
        if member.acting is not None:
            with acting_for(member.acting.agency_id, member.pk):
                answer_review(review=review, answer=answer, reason=reason, by=member)


def _acting(places: QuerySet[Membership]) -> list[User]:
    """Who holds these places, each acting there, by address."""
    found = places.filter(state=Membership.State.ACTIVE).select_related("user", "agency").order_by("user__email")
    users = []
    for place in found:
        place.user.act_as(place)
        users.append(place.user)
    return users
