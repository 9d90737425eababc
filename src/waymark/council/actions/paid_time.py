"""Time for the council: entered by its holder, approved by another person, paid as the holder chose. No surprise."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.council.actions.noticing import notice_time_changed
from waymark.council.models import PaidTime, PostedRate, SeatHolder
from waymark.council.policies import Refused, seats
from waymark.council.selectors.seats import paid_in_month, rate_on

State = PaidTime.State
# Time is entered while it is remembered, and before the books of its year are closed.
OLDEST = dt.timedelta(days=120)


@transaction.atomic
def post_rate(*, hourly: Decimal, starts_on: dt.date, by: User) -> PostedRate:
    """Post what an hour is paid from a day on. Time that was entered keeps the rate of its day."""
    seats.must_post_rate(by, seats.the_council())
    if starts_on < timezone.localdate():
        raise Refused("A rate begins today or later: what was posted for the past stays.")
    if PostedRate.objects.filter(starts_on=starts_on).exists():
        raise Refused("A rate is posted for this day already. It stays; choose another day.")
    made = PostedRate.objects.create(hourly=hourly, starts_on=starts_on, posted_by=by)
    record(verb="rate.posted", by=by, kind="rate", about=made.pk)
    return made


@transaction.atomic
def enter_time(*, on: dt.date, activity: str, minutes: int, by: User) -> PaidTime:
    """Write down one's own time. Its rate is the one that was posted for that day."""
    holder = seats.must_sit(by)
    today = timezone.localdate()
    if on > today or on < max(holder.seat.starts_on, today - OLDEST):
        raise Refused("Enter a day of your term, not one to come, and no older than four months.")
    rate = rate_on(on)
    if rate is None:
        raise Refused("No rate is posted for that day yet. Ask the agency that holds the council to post one.")
    made = PaidTime.objects.create(
        agency_id=holder.agency_id, holder=holder, on=on, activity=activity, minutes=minutes, hourly=rate.hourly
    )
    record(verb="time.entered", by=by, kind="time", about=made.pk)
    return made


@transaction.atomic
def take_back_time(*, time: PaidTime, by: User) -> None:
    """Take back one's own time that nobody has approved yet."""
    holder = seats.must_sit(by)
    if time.holder_id != holder.pk or time.state != State.ENTERED:
        raise Refused("Only your own time that nobody has approved yet can be taken back.")
    record(verb="time.taken_back", by=by, kind="time", about=time.pk)
    time.delete()


@transaction.atomic
def approve_times(*, holder: SeatHolder, wanted: Collection[uuid.UUID], by: User) -> int:
    """Approve the time that was shown; what was entered meanwhile waits. Who gives the time is paid nothing for it."""
    seats.must_pay(by, holder)
    # As it is now: the person may have chosen to give the time while this page was read.
    holder = SeatHolder.objects.select_for_update().get(pk=holder.pk)
    found = list(_locked(holder, State.ENTERED).filter(pk__in=wanted))
    if not found:
        raise Refused("Nothing of this waits for approval any more.")
    for time in found:
        time.state = State.GIVEN if holder.gives_time else State.APPROVED
        time.approved_by, time.approved_at = by, timezone.now()
        time.save(update_fields=["state", "approved_by", "approved_at"])
    record(verb="time.approved", by=by, kind="seat", about=holder.seat_id)
    notice_time_changed(holder)
    return len(found)


@transaction.atomic
def pay_times(*, holder: SeatHolder, paid_on: dt.date, by: User) -> tuple[Decimal, int]:
    """Write down that approved time was paid, oldest first, up to the holder's own cap for the month.

    Returns what was paid, and how many entries wait for another month.
    """
    seats.must_pay(by, holder)
    # Two who pay at once: the second finds what the first has paid, and what the person has chosen since.
    holder = SeatHolder.objects.select_for_update().get(pk=holder.pk)
    if holder.told_at is None or not holder.pay_way:
        raise Refused(
            "This person has not yet read what pay can do to taxes and benefits, and chosen a way. Ask them first."
        )
    if paid_on > timezone.localdate():
        raise Refused("Write down a payment when it has been made.")
    waiting = list(_locked(holder, State.APPROVED).order_by("on", "entered_at"))
    if not waiting:
        raise Refused("Nothing is approved and not paid.")
    room = None if holder.monthly_cap is None else holder.monthly_cap - paid_in_month(holder, paid_on)
    total, left = Decimal(0), 0
    for time in waiting:
        if left or (room is not None and total + time.amount > room):
            left += 1
            continue
        time.state, time.paid_on, time.paid_by, time.way = State.PAID, paid_on, by, holder.pay_way
        time.save(update_fields=["state", "paid_on", "paid_by", "way"])
        total += time.amount
    if not total:
        raise Refused("This person wants no more than their cap in a month, and this month it is reached. Pay next month.")
    record(verb="time.paid", by=by, kind="seat", about=holder.seat_id)
    notice_time_changed(holder)
    return total, left


def _locked(holder: SeatHolder, state: str) -> QuerySet[PaidTime]:
    return PaidTime.objects.select_for_update().filter(agency_id=holder.agency_id, holder=holder, state=state)
