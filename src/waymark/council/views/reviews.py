"""Reviews: what waits, reading the thing, answering, and going past the council in the open."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.views.steps import ask_first
from waymark.council.actions import reviews as actions
from waymark.council.formats.gated_types import TYPES
from waymark.council.forms.reviews import AnswerForm, DecideForm, OverrideForm
from waymark.council.models import CouncilReview, Voice
from waymark.council.models.seats import FEWEST_SEATS
from waymark.council.policies import reviews as policies
from waymark.council.policies import seat_of
from waymark.council.selectors import reviews as selectors
from waymark.council.selectors.seats import filled_seats
from waymark.council.views.steps import form_step, posted, trail
from waymark.pages.listing import Ask, Filter, Listing

STATES = Filter("state", "State", [("open", "Open"), ("over", "Over"), *CouncilReview.State.choices])
READ_FIRST = ("title", "summary", "body")
KINDS = Filter("kind", "What", [(each.code, each.name) for each in TYPES if each.is_gated])


def _review(request: StaffRequest, pk: uuid.UUID) -> CouncilReview:
    found = selectors.review_for(request.user, pk)
    if found is None:
        raise Http404
    return found


def _trail(review: CouncilReview | None = None) -> list[tuple[str, str]]:
    here = trail(("Reviews", reverse("council:review_list")))
    return [*here, (review.title, _url(review))] if review else here


def _url(review: CouncilReview) -> str:
    return reverse("council:review_detail", args=[review.pk])


def _in_order(content: dict[str, object]) -> list[tuple[str, object]]:
    """What would go public, as it is read: the database keeps columns in an order of its own."""
    first = [name for name in READ_FIRST if name in content]
    return [(_in_words(name), _readable(content[name])) for name in dict.fromkeys([*first, *content])]


def _in_words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _readable(value: object) -> object:
    """A table inside a thing as lines of text; everything else as it is."""
    if isinstance(value, dict):
        return "\n".join(f"{_in_words(name)}: {_flat(each)}" for name, each in value.items() if each not in ("", None, []))
    return value


def _flat(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(_flat(each) for each in value)
    if isinstance(value, dict):
        kept = {name: each for name, each in value.items() if each not in ("", None, False, True)}
        return ", ".join(f"{_in_words(name)} {each}" for name, each in kept.items())
    return str(value)


@requires(Permission.COUNCIL_VIEW)
@require_safe
def review_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [STATES, KINDS])
    found = selectors.reviews_for(request.user, words=ask.words, kind=ask.answer("kind"), state=ask.answer("state"))
    context = {
        "title": "Council reviews",
        "lead": "What the council was asked before it goes public. The council has ten days at least.",
        "trail": trail(),
        "listing": Listing(ask, found),
        "search_label": "Search by title",
        "now": timezone.now(),
    }
    return render(request, "council/review_list.html", context)


@requires(Permission.COUNCIL_VIEW)
@require_safe
def review_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    review = _review(request, pk)
    by, now = request.user, timezone.now()
    voices = list(review.voices.select_related("seat").order_by("round", "at"))
    seat = seat_of(by)
    seated = filled_seats(timezone.localdate())
    context = {
        "title": review.title,
        "trail": _trail(),
        "review": review,
        "content": _in_order(review.content or {}),
        "voices": voices,
        "seats": len(seated),
        "spoken": len({voice.seat_id for voice in voices if voice.round == review.round}),
        "too_few": len(seated) < FEWEST_SEATS,
        "is_overdue": review.is_open and review.due_at <= now,
        "own": next((voice for voice in voices if seat and voice.seat_id == seat.pk and voice.round == review.round), None),
        "may_speak": review.is_open and seat is not None,
        "may_go_on": policies.may_go_on(by, review),
        "may_ask_override": policies.may_ask_override(by, review, at=now),
        "may_take_back_override": policies.may_take_back_override(by, review),
        "may_confirm_override": policies.may_confirm_override(by, review),
    }
    return render(request, "council/review_detail.html", context)


@requires(Permission.COUNCIL_REVIEW_ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def review_answer(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    review = _review(request, pk)
    seat = seat_of(request.user)
    if not review.is_open or seat is None:
        raise Http404
    own = Voice.objects.filter(review=review, round=review.round, seat=seat).first()
    form = AnswerForm(posted(request), initial={"answer": own.answer, "reason": own.reason} if own else {})
    return form_step(
        request,
        form,
        lambda: actions.answer_review(
            review=review, answer=form.cleaned_data["answer"], reason=form.cleaned_data["reason"], by=request.user
        ),
        done="Your seat has spoken. You can say otherwise while the review is open.",
        to=_url(review),
        title=f"Answer: {review.title}",
        lead=f"You speak for your seat, as {seat.display_name}. The council's answer comes from all seats together.",
        trail=_trail(review),
        button="Say this",
    )


@requires(Permission.COUNCIL_REVIEW_ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def review_conclude(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    review = _review(request, pk)
    if not policies.may_speak(request.user, review):
        raise Http404
    return ask_first(
        request,
        title="Close the council's answer?",
        consequences=[
            "The last day is over. What the seats have said until now becomes the council's answer, though not every seat "
            "has spoken. At least two seats have to have spoken.",
        ],
        button="Close it",
        act=lambda: actions.conclude_review(review=review, by=request.user),
        done="The council has answered.",
        back=_url(review),
        trail=_trail(review),
        is_grave=False,
    )


@requires(Permission.COUNCIL_REVIEW_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
def review_withdraw(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    review = _review(request, pk)
    if not policies.may_go_on(request.user, review):
        raise Http404
    return ask_first(
        request,
        title="Take this question back?",
        consequences=[
            "The council stops reading it. It cannot go public until the council is asked again, and has its days."
        ],
        button="Take it back",
        act=lambda: actions.withdraw_review(review=review, by=request.user),
        done="Taken back. The council need not read it any more.",
        back=_url(review),
        trail=_trail(review),
        cancel_label="Leave it with the council",
    )


@requires(Permission.COUNCIL_OVERRIDE_ASK, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def override_ask(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    review = _review(request, pk)
    if not policies.may_ask_override(request.user, review, at=timezone.now()):
        raise Http404
    form = OverrideForm(posted(request))
    return form_step(
        request,
        form,
        lambda: actions.ask_override(review=review, reason=form.cleaned_data["reason"], by=request.user),
        done="Asked. An officer of another agency decides.",
        to=_url(review),
        title="Ask to go past the council?",
        lead="The council's days are over. If an officer of another agency agrees, this can go public, and your reason is "
        "published with it, beside what the council said.",
        trail=_trail(review),
        button="Ask, and publish this reason",
    )


@requires(Permission.COUNCIL_OVERRIDE_CONFIRM, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def override_decide(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    review = _review(request, pk)
    if not policies.may_confirm_override(request.user, review):
        raise Http404
    form = DecideForm(posted(request))

    def act() -> None:
        if form.cleaned_data["decision"] == "confirm":
            actions.confirm_override(review=review, by=request.user)
        else:
            actions.end_override_request(review=review, by=request.user)

    return form_step(
        request,
        form,
        act,
        done="Your agency has decided.",
        to=reverse("council:review_list"),
        template="council/override_decide.html",
        title="Go past the council?",
        review=review,
        against=list(review.voices.filter(round=review.round).exclude(answer="endorse")),
        trail=_trail(review),
        button="Decide",
    )


@requires(Permission.COUNCIL_OVERRIDE_ASK)
@require_http_methods(["GET", "HEAD", "POST"])
def override_end(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    review = _review(request, pk)
    if not policies.may_take_back_override(request.user, review):
        raise Http404
    return ask_first(
        request,
        title="Take back the wish to go past the council?",
        consequences=["It stays with the council, and nobody reads your reason."],
        button="Take it back",
        act=lambda: actions.end_override_request(review=review, by=request.user),
        done="Taken back.",
        back=_url(review),
        trail=_trail(review),
        is_grave=False,
    )
