"""What the council recommends: written by one seat, supported by another, answered by its owner."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.views.steps import ask_first
from waymark.council.actions import recommendations as actions
from waymark.council.forms.recommendations import RecommendationForm, ReplyForm
from waymark.council.models import Recommendation
from waymark.council.policies import recommendations as policies
from waymark.council.policies import seat_of
from waymark.council.selectors import recommendations as selectors
from waymark.council.views.steps import form_step, posted, trail, without_seat
from waymark.pages.listing import Ask, Filter, Listing

STATUS = Filter("status", "Status", Recommendation.Status.choices)
OWNER = Filter("owner", "Owner", [("mine", "My agency"), ("nobody", "Nobody yet")])


def _recommendation(request: StaffRequest, pk: uuid.UUID) -> Recommendation:
    found = selectors.recommendation_for(request.user, pk)
    if found is None:
        raise Http404
    return found


def _trail() -> list[tuple[str, str]]:
    return trail(("Recommendations", reverse("council:recommendation_list")))


def _url(recommendation: Recommendation) -> str:
    return reverse("council:recommendation_detail", args=[recommendation.pk])


@requires(Permission.COUNCIL_VIEW)
@require_safe
def recommendation_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [STATUS, OWNER])
    found = selectors.recommendations_for(
        request.user, words=ask.words, status=ask.answer("status"), owner=ask.answer("owner")
    )
    may_write = Permission.COUNCIL_RECOMMENDATION_WRITE in request.permissions
    context = {
        "title": "Recommendations",
        "lead": "What survivors recommend, whose it is to do, and what was replied. All of it is public.",
        "trail": trail(),
        "listing": Listing(ask, found),
        "search_label": "Search in recommendations",
        "primary_url": reverse("council:recommendation_add") if may_write else "",
        "primary_label": "Recommend something",
    }
    return render(request, "council/recommendation_list.html", context)


@requires(Permission.COUNCIL_VIEW)
@require_safe
def recommendation_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    recommendation = _recommendation(request, pk)
    context = {
        "title": "Recommendation",
        "trail": _trail(),
        "recommendation": recommendation,
        "may_support": policies.may_support(request.user, recommendation),
        "may_reply": policies.may_reply(request.user, recommendation),
    }
    return render(request, "council/recommendation_detail.html", context)


@requires(Permission.COUNCIL_RECOMMENDATION_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_add(request: StaffRequest) -> HttpResponse:
    if seat_of(request.user) is None:
        return without_seat(request, "Recommend something")
    form = RecommendationForm(posted(request))
    return form_step(
        request,
        form,
        lambda: actions.write_recommendation(text=form.cleaned_data["text"], by=request.user),
        done="Written down. It is the council's when another seat supports it.",
        to=reverse("council:recommendation_list"),
        title="Recommend something",
        trail=_trail(),
        button="Write it down",
    )


@requires(Permission.COUNCIL_RECOMMENDATION_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_support(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    recommendation = _recommendation(request, pk)
    if not policies.may_support(request.user, recommendation):
        raise Http404
    return ask_first(
        request,
        title="Support this recommendation?",
        consequences=[recommendation.text, "It becomes the council's own, without your name, and everybody can read it."],
        button="Support it",
        act=lambda: actions.support_recommendation(recommendation=recommendation, by=request.user),
        done="It is the council's recommendation now, and public.",
        back=_url(recommendation),
        trail=_trail(),
        is_grave=False,
    )


@requires(Permission.COUNCIL_RECOMMENDATION_ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_reply(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    recommendation = _recommendation(request, pk)
    if not policies.may_reply(request.user, recommendation):
        raise Http404
    may_give = policies.may_give(request.user, recommendation)
    agencies = list(selectors.agencies_that_could_own()) if may_give else []
    form = ReplyForm(
        posted(request),
        agencies=agencies,
        initial={"owner": recommendation.owner_id, "status": recommendation.status, "reply": recommendation.reply},
    )

    def act() -> None:
        data = form.cleaned_data
        chosen = data.get("owner", "")
        actions.reply_to_recommendation(
            recommendation=recommendation,
            owner=next((each for each in agencies if str(each.pk) == chosen), None),
            status=data["status"],
            reply=data["reply"],
            by=request.user,
        )

    return form_step(
        request,
        form,
        act,
        done="Saved. The council and the public read it.",
        to=_url(recommendation),
        title="Answer the council",
        lead=recommendation.text,
        trail=_trail(),
        button="Answer",
    )
