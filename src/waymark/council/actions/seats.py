"""Which agency holds the council, who sits on it, and what a member says about their own seat."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import Agency, Membership, User
from waymark.accounts.policies.roles import COUNCIL_KINDS
from waymark.audit.actions import record
from waymark.council.models import Council, Seat, SeatHolder
from waymark.council.policies import Refused, seats
from waymark.council.policies.seats import ONE
from waymark.council.selectors.seats import filled_seats


@transaction.atomic
def name_holding_agency(*, agency: Agency, by: User) -> Council:
    """Say which agency holds the council. While somebody sits, it stays where it is."""
    seats.must_name_holder(by)
    if agency.kind not in COUNCIL_KINDS or agency.state != Agency.State.ACTIVE:
        raise Refused(
            "A non-profit or victim-services agency holds the council: a public one would have to show its names."
        )
    council = Council.objects.select_for_update().filter(pk=ONE).first()
    if council is not None and council.held_by_id != agency.pk and filled_seats(timezone.localdate()):
        raise Refused("Somebody sits on the council now. End the terms first; then another agency can hold it.")
    made, _ = Council.objects.update_or_create(pk=ONE, defaults={"held_by": agency, "named_by": by})
    record(verb="council.held_by", by=by, kind="agency", about=agency.pk)
    return made


@transaction.atomic
def give_seat(*, membership: Membership, display_name: str, starts_on: dt.date, ends_on: dt.date, by: User) -> SeatHolder:
    """Let a member with the council's role sit. The name is what the person wants to be called, here and in public."""
    giver = seats.must_give_seats(by, seats.the_council())
    if membership.agency_id != giver.agency_id or membership.user_id == by.pk:
        raise Refused("A seat is given to another member of your agency.")
    if membership.role != "council" or membership.state != Membership.State.ACTIVE:
        raise Refused("A seat is for a member with the council's role.")
    taken = SeatHolder.objects.filter(agency_id=giver.agency_id, membership__user_id=membership.user_id)
    if any(not (starts_on > _over(each.seat) or ends_on < each.seat.starts_on) for each in taken.select_related("seat")):
        raise Refused("This person has a seat for some of these days already. One person is one voice.")
    seat = Seat.objects.create(
        code=f"S{Seat.objects.count() + 1}", display_name=display_name, starts_on=starts_on, ends_on=ends_on
    )
    holder = SeatHolder.objects.create(agency_id=giver.agency_id, seat=seat, membership=membership)
    record(verb="seat.given", by=by, kind="seat", about=seat.pk)
    return holder


def _over(seat: Seat) -> dt.date:
    """The last day on which somebody sits or would sit there."""
    return min(seat.ends_on, seat.left_on - dt.timedelta(days=1)) if seat.left_on else seat.ends_on


@transaction.atomic
def end_seat(*, holder: SeatHolder, by: User) -> None:
    """End a term today. What the seat said, and what it is owed, stays."""
    seats.must_end_seat(by, holder)
    today = timezone.localdate()
    if _over(holder.seat) < today:
        raise Refused("This term is over already.")
    holder.seat.left_on = max(today, holder.seat.starts_on)
    holder.seat.save(update_fields=["left_on"])
    record(verb="seat.ended", by=by, kind="seat", about=holder.seat_id)


@transaction.atomic
def change_own_seat(*, display_name: str, support_person: str, by: User) -> SeatHolder:
    """How one wants to be called, and who comes along."""
    holder = seats.must_sit(by)
    holder.support_person = support_person
    holder.save(update_fields=["support_person"])
    holder.seat.display_name = display_name
    holder.seat.save(update_fields=["display_name"])
    record(verb="seat.changed", by=by, kind="seat", about=holder.seat_id, fields=["display_name", "support_person"])
    return holder


@transaction.atomic
def choose_pay(*, way: str, gives_time: bool, monthly_cap: Decimal | None, by: User) -> SeatHolder:
    """How one wants to be paid, after reading what pay can do to taxes and benefits. It can be chosen anew at any time."""
    holder = seats.must_sit(by)
    holder.pay_way, holder.gives_time, holder.monthly_cap = way, gives_time, monthly_cap
    holder.told_at = timezone.now()
    holder.save(update_fields=["pay_way", "gives_time", "monthly_cap", "told_at"])
    record(verb="pay.chosen", by=by, kind="seat", about=holder.seat_id)
    return holder
