"""Reads of seats, of the posted rate, of time and what was paid for it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from waymark.accounts.models import Membership, User
from waymark.council.models import PaidTime, PostedRate, Seat, SeatHolder
from waymark.council.policies.seats import visible_holders, visible_times

State = PaidTime.State


def filled_seats(on: dt.date) -> list[Seat]:
    """The seats on which somebody sits that day, by code."""
    found = Seat.objects.filter(starts_on__lte=on, ends_on__gte=on).order_by("code")
    return [seat for seat in found if seat.is_filled(on)]


def rate_on(day: dt.date) -> PostedRate | None:
    """The rate posted for a day."""
    return PostedRate.objects.filter(starts_on__lte=day).order_by("-starts_on").first()


def posted_rates() -> QuerySet[PostedRate]:
    """Every rate that was posted, newest first."""
    return PostedRate.objects.order_by("-starts_on")


def who_could_sit(by: User) -> QuerySet[Membership]:
    """Members of one's own agency with the council's role."""
    if by.acting is None:
        return Membership.objects.none()
    found = Membership.objects.filter(agency_id=by.acting.agency_id, role="council", state=Membership.State.ACTIVE)
    return found.exclude(user_id=by.pk).select_related("user").order_by("user__display_name")


def holders_for(to: User, *, words: str = "") -> QuerySet[SeatHolder]:
    """Seats of one's own agency with what waits there, for who keeps them."""
    found = visible_holders(SeatHolder.objects.all(), to=to).select_related("seat", "membership__user")
    if words:
        found = found.filter(Q(seat__display_name__icontains=words) | Q(seat__code__icontains=words))
    return found.annotate(
        waiting=Count("times", filter=Q(times__state=State.ENTERED)),
        approved=Count("times", filter=Q(times__state=State.APPROVED)),
    ).order_by("-waiting", "-approved", "seat__code")


def holder_for(to: User, pk: uuid.UUID) -> SeatHolder | None:
    return holders_for(to).filter(pk=pk).first()


def times_of(holder: SeatHolder, *, to: User) -> QuerySet[PaidTime]:
    """The time of one seat, newest first."""
    return visible_times(PaidTime.objects.filter(holder=holder), to=to).order_by("-on", "-entered_at")


def time_for(to: User, pk: uuid.UUID) -> PaidTime | None:
    return visible_times(PaidTime.objects.select_related("holder__seat"), to=to).filter(pk=pk).first()


def paid_in_month(holder: SeatHolder, day: dt.date) -> Decimal:
    """What was paid to a seat in the calendar month of `day`."""
    paid = PaidTime.objects.filter(holder=holder, state=State.PAID, paid_on__year=day.year, paid_on__month=day.month)
    return sum((time.amount for time in paid), Decimal(0))


@dataclass(frozen=True)
class Quarter:
    """One quarter of a year in numbers: hours by what they were for, and money."""

    label: str
    minutes: int
    given: int
    waiting: Decimal
    approved: Decimal
    paid: Decimal

    @property
    def hours(self) -> Decimal:
        return Decimal(self.minutes) / 60

    @property
    def hours_given(self) -> Decimal:
        return Decimal(self.given) / 60


def quarter_of(day: dt.date) -> tuple[int, int]:
    return day.year, (day.month + 2) // 3


def by_quarter(times: Iterable[PaidTime]) -> list[Quarter]:
    """Totals of times by the quarter in which they were given, newest first."""
    found: dict[tuple[int, int], list[PaidTime]] = {}
    for time in times:
        found.setdefault(quarter_of(time.on), []).append(time)
    return [
        Quarter(
            f"{year}, quarter {number}",
            sum(time.minutes for time in inside),
            sum(time.minutes for time in inside if time.state == State.GIVEN),
            *(
                sum((time.amount for time in inside if time.state == state), Decimal(0))
                for state in (State.ENTERED, State.APPROVED, State.PAID)
            ),
        )
        for (year, number), inside in sorted(found.items(), reverse=True)
    ]


def all_times_for(to: User, *, year: int) -> list[PaidTime]:
    """The time of all seats in a year, for the totals of who pays."""
    return list(visible_times(PaidTime.objects.filter(on__year=year), to=to).order_by("on"))
