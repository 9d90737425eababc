"""Time and pay: one's own statement, and the desk of the agency that pays."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.policies import Refused
from waymark.council.actions import paid_time as actions
from waymark.council.forms.seats import ApproveForm, PaidForm, RateForm, TimeForm
from waymark.council.models import PaidTime, SeatHolder
from waymark.council.policies import holder_of
from waymark.council.policies import seats as policies
from waymark.council.selectors import seats as selectors
from waymark.council.views.steps import elsewhere, form_step, posted, trail, without_seat
from waymark.pages.listing import Ask, Filter, Listing

STATES = Filter("state", "State", PaidTime.State.choices)


@requires(Permission.COUNCIL_TIME_ENTER)
@require_safe
def my_time(request: StaffRequest) -> HttpResponse:
    holder = holder_of(request.user)
    if holder is None:
        return without_seat(request, "Your time")
    ask = Ask(request.GET, [STATES])
    return render(
        request,
        "council/statement.html",
        _statement(request, holder, ask)
        | {
            "title": "Your time",
            "lead": "Only you and whoever pays at the agency that holds the council see this.",
            "trail": trail(),
            "primary_url": reverse("council:time_add"),
            "primary_label": "Enter time",
            "is_own": True,
        },
    )


def _statement(request: StaffRequest, holder: SeatHolder, ask: Ask) -> dict[str, object]:
    times = list(selectors.times_of(holder, to=request.user))
    state = ask.answer("state")
    return {
        "holder": holder,
        "quarters": selectors.by_quarter(times),
        "listing": Listing(ask, [time for time in times if not state or time.state == state]),
    }


@requires(Permission.COUNCIL_TIME_ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def time_add(request: StaffRequest) -> HttpResponse:
    if holder_of(request.user) is None:
        return without_seat(request, "Enter time")
    form = TimeForm(posted(request))
    return form_step(
        request,
        form,
        lambda: actions.enter_time(
            on=form.cleaned_data["on"], activity=form.cleaned_data["activity"], minutes=form.length(), by=request.user
        ),
        done="Entered. Somebody else approves it.",
        to=reverse("council:my_time"),
        title="Enter time",
        trail=trail(("Your time", reverse("council:my_time"))),
        button="Enter it",
    )


@requires(Permission.COUNCIL_TIME_ENTER)
@require_POST
def time_remove(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    time = selectors.time_for(request.user, pk)
    if time is None:
        raise Http404
    try:
        actions.take_back_time(time=time, by=request.user)
        messages.success(request, "Taken back. You can enter it anew.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("council:my_time")


@requires(Permission.COUNCIL_TIME_APPROVE)
@require_safe
def desk(request: StaffRequest) -> HttpResponse:
    council = policies.the_council()
    ask = Ask(request.GET)
    year = timezone.localdate().year
    may_give = policies.may_give_seats(request.user, council)
    context = {
        "title": "Seats and time",
        "lead": "Who sits on the council, what waits for approval and what is to be paid. No other agency sees this page.",
        "trail": trail(),
        "listing": Listing(ask, list(selectors.holders_for(request.user, words=ask.words))),
        "search_label": "Search by seat or name",
        "primary_url": reverse("council:seat_add") if may_give else "",
        "primary_label": "Give a seat",
        "quarters": selectors.by_quarter(selectors.all_times_for(request.user, year=year)),
        "rates": list(selectors.posted_rates()[:5]),
        "may_post_rate": policies.may_post_rate(request.user, council),
        "council": council,
        "may_give_seats": may_give,
        "today": timezone.localdate(),
    }
    return render(request, "council/desk.html", context)


def _holder(request: StaffRequest, pk: uuid.UUID) -> SeatHolder:
    found = selectors.holder_for(request.user, pk)
    if found is None:
        raise Http404
    return found


def _desk_trail(holder: SeatHolder) -> list[tuple[str, str]]:
    return trail(
        ("Seats and time", reverse("council:desk")),
        (f"{holder.seat.code}, {holder.seat.display_name}", reverse("council:statement", args=[holder.pk])),
    )


@requires(Permission.COUNCIL_TIME_APPROVE)
@require_safe
def statement(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    holder = _holder(request, pk)
    ask = Ask(request.GET, [STATES])
    return render(
        request,
        "council/statement.html",
        _statement(request, holder, ask)
        | {
            "title": f"{holder.seat.code}, {holder.seat.display_name}",
            "lead": "The statement of one seat. It names nobody: who is paid where stands in your own payroll.",
            "trail": trail(("Seats and time", reverse("council:desk"))),
            "may_pay": policies.may_pay(request.user, holder),
            "is_sitting": holder.seat.is_filled(timezone.localdate()),
        },
    )


@requires(Permission.COUNCIL_TIME_APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def time_approve(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    holder = _holder(request, pk)
    times = list(selectors.times_of(holder, to=request.user).filter(state=PaidTime.State.ENTERED))
    form = ApproveForm(posted(request), times=times)
    return form_step(
        request,
        form,
        lambda: actions.approve_times(
            holder=holder, wanted=[uuid.UUID(each) for each in form.cleaned_data["times"]], by=request.user
        ),
        done="Approved.",
        to=reverse("council:statement", args=[pk]),
        template="council/time_approve.html",
        title="Approve this time?",
        holder=holder,
        times=times,
        total=sum(time.amount for time in times),
        trail=_desk_trail(holder),
        button="Approve all of it",
    )


@requires(Permission.COUNCIL_TIME_APPROVE, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def time_pay(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    holder = _holder(request, pk)
    times = list(selectors.times_of(holder, to=request.user).filter(state=PaidTime.State.APPROVED))
    form = PaidForm(posted(request))

    def act() -> None:
        _, left = actions.pay_times(holder=holder, paid_on=form.cleaned_data["paid_on"], by=request.user)
        if left:
            messages.warning(request, f"{left} of these entries would go over their own cap and wait for next month.")

    return form_step(
        request,
        form,
        act,
        done="The payment is written down.",
        to=reverse("council:statement", args=[pk]),
        template="council/time_pay.html",
        title="Write down a payment",
        holder=holder,
        times=times,
        total=sum(time.amount for time in times),
        paid=selectors.paid_in_month(holder, timezone.localdate()),
        trail=_desk_trail(holder),
        button="It was paid",
    )


@requires(Permission.COUNCIL_TIME_APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def rate_post(request: StaffRequest) -> HttpResponse:
    council = policies.the_council()
    if not policies.may_post_rate(request.user, council):
        return elsewhere(request, council, "Post a rate")
    form = RateForm(posted(request), initial={"starts_on": timezone.localdate()})
    return form_step(
        request,
        form,
        lambda: actions.post_rate(**form.cleaned_data, by=request.user),
        done="Posted. Everybody in the coalition sees it.",
        to=reverse("council:desk"),
        title="Post a rate",
        lead="A rate that was posted stays. Time that was entered keeps the rate of its day.",
        trail=trail(("Seats and time", reverse("council:desk"))),
        button="Post it",
    )
