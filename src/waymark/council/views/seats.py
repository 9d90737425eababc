"""The council itself: who sits, who holds it, and one's own seat."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.models import Agency
from waymark.accounts.policies.roles import COUNCIL_KINDS
from waymark.accounts.views.steps import ask_first
from waymark.council.actions import seats as actions
from waymark.council.forms.seats import HoldingForm, OwnSeatForm, PayForm, SeatForm
from waymark.council.models import GatedType
from waymark.council.models.seats import FEWEST_SEATS
from waymark.council.policies import holder_of
from waymark.council.policies import seats as policies
from waymark.council.selectors import report
from waymark.council.selectors import seats as selectors
from waymark.council.views.steps import elsewhere, form_step, posted, trail, without_seat
from waymark.pages.listing import Ask, Filter, Listing

YEARS = 5


@requires(Permission.COUNCIL_VIEW)
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    today = timezone.localdate()
    council = policies.the_council()
    seats = selectors.filled_seats(today)
    by = request.user
    context = {
        "title": "The survivor council",
        "council": council,
        "seats": seats,
        "too_few": len(seats) < FEWEST_SEATS,
        "rate": selectors.rate_on(today),
        "types": list(GatedType.objects.all()),
        "own": holder_of(by),
        "may_name_holder": policies.may_name_holder(by),
        "may_give_seats": policies.may_give_seats(by, council),
        "may_post_rate": policies.may_post_rate(by, council),
    }
    return render(request, "council/home.html", context)


@requires(Permission.COUNCIL_SEAT_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def name_holder(request: StaffRequest) -> HttpResponse:
    if not policies.may_name_holder(request.user):
        raise Http404
    agencies = list(Agency.objects.filter(kind__in=COUNCIL_KINDS, state=Agency.State.ACTIVE).order_by("name"))
    council = policies.the_council()
    form = HoldingForm(posted(request), agencies=agencies, initial={"agency": council.held_by_id} if council else {})

    def act() -> None:
        chosen = next(each for each in agencies if str(each.pk) == form.cleaned_data["agency"])
        actions.name_holding_agency(agency=chosen, by=request.user)

    return form_step(
        request,
        form,
        act,
        done="Saved. An officer of that agency gives the seats.",
        to=reverse("council:home"),
        title="Who holds the council",
        trail=trail(),
    )


@requires(Permission.COUNCIL_SEAT_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def seat_add(request: StaffRequest) -> HttpResponse:
    council = policies.the_council()
    if not policies.may_give_seats(request.user, council):
        return elsewhere(request, council, "Give a seat")
    candidates = list(selectors.who_could_sit(request.user))
    form = SeatForm(posted(request), candidates=candidates)

    def act() -> None:
        data = form.cleaned_data
        chosen = next(each for each in candidates if str(each.pk) == data["member"])
        actions.give_seat(
            membership=chosen,
            display_name=data["display_name"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            by=request.user,
        )

    return form_step(
        request,
        form,
        act,
        done="The seat is given.",
        to=reverse("council:desk"),
        title="Give a seat",
        lead="Invite the person to your agency with the role “council” first. They choose the name that others see.",
        trail=trail(("Seats and time", reverse("council:desk"))),
        button="Give the seat",
    )


@requires(Permission.COUNCIL_SEAT_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def seat_end(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    holder = selectors.holder_for(request.user, pk)
    if holder is None:
        raise Http404
    back = reverse("council:statement", args=[pk])
    return ask_first(
        request,
        title=f"End the term of {holder.seat.display_name}?",
        consequences=[
            "The seat speaks no more from today. What it said stays, and what it is owed is still paid.",
            "Their account stays open. To close it, end the membership under Members.",
        ],
        button="End the term",
        act=lambda: actions.end_seat(holder=holder, by=request.user),
        done="The term is over.",
        back=back,
        trail=trail(("Seats and time", reverse("council:desk")), (str(holder.seat), back)),
    )


@requires(Permission.COUNCIL_TIME_ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def my_seat(request: StaffRequest) -> HttpResponse:
    holder = holder_of(request.user)
    if holder is None:
        return without_seat(request, "Your seat")
    form = OwnSeatForm(
        posted(request),
        initial={"display_name": holder.seat.display_name, "support_person": holder.support_person},
    )
    return form_step(
        request,
        form,
        lambda: actions.change_own_seat(**form.cleaned_data, by=request.user),
        done="Saved.",
        to=reverse("council:home"),
        title="Your seat",
        lead="Nobody asks what you have lived through, and there is no field for it.",
        trail=trail(),
    )


@requires(Permission.COUNCIL_TIME_ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def my_pay(request: StaffRequest) -> HttpResponse:
    holder = holder_of(request.user)
    if holder is None:
        return without_seat(request, "How you are paid")
    form = PayForm(
        posted(request),
        initial={
            "pay_way": holder.pay_way,
            "gives_time": holder.gives_time,
            "monthly_cap": holder.monthly_cap,
            "told": holder.told_at is not None,
        },
    )

    def act() -> None:
        data = form.cleaned_data
        actions.choose_pay(
            way=data["pay_way"], gives_time=data["gives_time"], monthly_cap=data["monthly_cap"], by=request.user
        )

    return form_step(
        request,
        form,
        act,
        done="Saved. It holds for payments from now on.",
        to=reverse("council:my_time"),
        template="council/my_pay.html",
        title="How you are paid",
        rate=selectors.rate_on(timezone.localdate()),
        trail=trail(("Your time", reverse("council:my_time"))),
    )


@requires(Permission.COUNCIL_VIEW)
@require_safe
def year_report(request: StaffRequest) -> HttpResponse:
    known = report.years(timezone.localdate())
    wanted = Ask(request.GET, [Filter("year", "Year", [(str(year), str(year)) for year in known])]).answer("year")
    year = int(wanted) if wanted else known[0]
    context = {
        "title": f"The council in {year}",
        "trail": trail(),
        "report": report.report_of(year),
        "years": known[:YEARS],
        "year": year,
    }
    return render(request, "council/year_report.html", context)


@requires(Permission.COUNCIL_VIEW)
@require_safe
def correction_list(request: StaffRequest) -> HttpResponse:
    kinds = Filter("kind", "What", [(each.code, each.name) for each in GatedType.objects.filter(is_gated=True)])
    ask = Ask(request.GET, [kinds])
    context = {
        "title": "Corrected for safety",
        "lead": "What was changed in public without the council, because somebody's safety asked for it, and why.",
        "trail": trail(),
        "listing": Listing(ask, report.corrections_for(request.user, words=ask.words, kind=ask.answer("kind"))),
        "search_label": "Search in titles and reasons",
    }
    return render(request, "council/correction_list.html", context)
