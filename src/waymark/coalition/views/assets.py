"""The asset board: what agencies can lend each other, and asking for it."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.coalition.actions import assets as actions
from waymark.coalition.forms.assets import AskForm, OfferForm
from waymark.coalition.forms.groups import AnswerForm
from waymark.coalition.models import Offer, OfferRequest
from waymark.coalition.policies import assets as policies
from waymark.coalition.selectors import assets as selectors
from waymark.coalition.views.groups import Step, asked_first
from waymark.coalition.views.steps import fill, sent
from waymark.pages.listing import Ask, Filter, Listing

KINDS = Filter("kind", "Kind", Offer.Kind.choices)
STATES = Filter("state", "State", [("stale", "Not confirmed for six months"), ("withdrawn", "Not offered now")])
WHOSE = Filter("whose", "Whose", [("mine", "My agency's")])
REQUEST_STATES = Filter("state", "State", OfferRequest.State.choices)
REQUEST_WHOSE = Filter("whose", "Whose", [("ours", "Others ask us"), ("mine", "We ask others")])


def _offer(pk: uuid.UUID, *, keeper: User | None = None) -> Offer:
    """The offer, and for `keeper` only if their agency offers it and they keep it."""
    found = selectors.offer_for(pk)
    if found is None or (keeper is not None and not policies.may_keep_offer(keeper, found)):
        raise Http404
    return found


def _url(offer: Offer) -> str:
    return reverse("coalition:offer_detail", args=[offer.pk])


def _trail(offer: Offer | None = None) -> list[tuple[str, str]]:
    trail = [("Asset board", reverse("coalition:offer_list"))]
    return [*trail, (offer.title, _url(offer))] if offer else trail


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def offer_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [KINDS, WHOSE, STATES])
    today = timezone.localdate()
    found = selectors.offers_listed(
        request.user,
        on=today,
        words=ask.words,
        kind=ask.answer("kind"),
        whose=ask.answer("whose"),
        state=ask.answer("state"),
    )
    keeps = policies.keeps_offers(request.user)
    context = {
        "title": "Asset board",
        "lead": "What agencies can lend each other, in general. It never says how full a place is or where it is: whoever "
        "looks for somebody would read that too.",
        "listing": Listing(ask, found),
        "stale_before": today - selectors.STALE_AFTER,
        "search_label": "Search by word, language or agency",
        "primary_url": reverse("coalition:offer_add") if keeps else "",
        "primary_label": "Offer something",
        "keeps": keeps,
    }
    return render(request, "coalition/offer_list.html", context)


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def offer_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    offer, user = _offer(pk), request.user
    may_keep = policies.may_keep_offer(user, offer)
    context = {
        "title": offer.title,
        "trail": _trail(),
        "offer": offer,
        "is_stale": selectors.is_stale(offer, timezone.localdate()),
        "is_bed": offer.kind == Offer.Kind.BED,
        "may_keep": may_keep,
        "may_ask": policies.may_ask_for(user, offer),
        "requests": selectors.requests_for(user).filter(offer=offer)[:50],
    }
    return render(request, "coalition/offer_detail.html", context)


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def offer_add(request: StaffRequest) -> HttpResponse:
    if not policies.keeps_offers(request.user):
        raise Http404
    form = OfferForm(sent(request))
    return fill(
        request,
        form,
        act=lambda: actions.make_offer(values=form.cleaned_data, by=request.user),
        done="It is on the board.",
        to=_url,
        back=reverse("coalition:offer_list"),
        title="Offer something",
        trail=_trail(),
        button="Put it on the board",
    )


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def offer_change(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    offer = _offer(pk, keeper=request.user)
    form = OfferForm(sent(request), initial={name: getattr(offer, name) for name in actions.OFFER_FIELDS})
    return fill(
        request,
        form,
        act=lambda: actions.change_offer(offer=offer, values=form.cleaned_data, by=request.user),
        done="Saved, and confirmed today.",
        to=_url(offer),
        back=_url(offer),
        title="Change what you offer",
        trail=_trail(offer),
    )


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def offer_step(request: StaffRequest, pk: uuid.UUID, step: str) -> HttpResponse:
    offer = _offer(pk, keeper=request.user)
    steps = {
        "confirm": Step(
            f"Does “{offer.title}” still hold?",
            ("Everybody sees that it was confirmed today. One that was taken off the board is offered again.",),
            "It still holds",
            "Confirmed today.",
            lambda: actions.confirm_offer(offer=offer, by=request.user),
        ),
        "withdraw": Step(
            f"Take “{offer.title}” off the board?",
            ("Nobody can ask for it. Whoever waits for an answer is declined. You can offer it again.",),
            "Take it off",
            "It is off the board.",
            lambda: actions.withdraw_offer(offer=offer, by=request.user),
            is_grave=True,
        ),
    }
    if step not in steps:
        raise Http404
    return asked_first(request, steps[step], back=_url(offer), trail=_trail(offer))


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def offer_ask(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    offer = _offer(pk)
    if not policies.may_ask_for(request.user, offer):
        raise Http404
    form = AskForm(sent(request))
    return fill(
        request,
        form,
        act=lambda: actions.ask_for_offer(offer=offer, **form.cleaned_data, by=request.user),
        done="Asked. Whoever speaks for the agency is told that somebody asks.",
        to=lambda made: reverse("coalition:offer_request_detail", args=[made.pk]),
        back=_url(offer),
        title=f"Ask for “{offer.title}”",
        lead=f"{offer.agency.name} sees your name, your agency, the occasion and the days.",
        trail=_trail(offer),
        button="Ask",
    )


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_safe
def request_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [REQUEST_STATES, REQUEST_WHOSE])
    context = {
        "title": "Requests",
        "lead": "What your agency asks others for, and what others ask of it. No other agency sees them.",
        "listing": Listing(ask, selectors.requests_for(request.user, state=ask.answer("state"), whose=ask.answer("whose"))),
        "trail": _trail(),
    }
    return render(request, "coalition/offer_request_list.html", context)


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def request_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Read by both agencies; answered by one, taken back by who asked."""
    found = selectors.request_for(request.user, pk)
    if found is None:
        raise Http404
    may_answer = policies.may_answer_request(request.user, found)
    may_withdraw = policies.may_withdraw_request(request.user, found)
    words = {"yes": "Grant it", "no": "Decline"} if may_answer else {"yes": "Take it back", "no": "Let it stand"}
    form = AnswerForm(sent(request) if may_answer or may_withdraw else None, **words)

    def act() -> object:
        is_yes = form.cleaned_data["answer"] == "yes"
        if may_answer:
            return actions.answer_offer_request(request=found, grant=is_yes, by=request.user)
        return actions.withdraw_offer_request(request=found, by=request.user) if is_yes else found

    return fill(
        request,
        form,
        act=act,
        done="Saved.",
        to=reverse("coalition:offer_request_detail", args=[found.pk]),
        back=reverse("coalition:offer_request_list"),
        title=f"Request for “{found.offer.title}”",
        trail=[*_trail(), ("Requests", reverse("coalition:offer_request_list"))],
        template="coalition/offer_request_detail.html",
        asked=found,
        may_act=may_answer or may_withdraw,
        may_answer=may_answer,
    )
