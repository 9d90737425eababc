"""Releases as staff work on them: the list, one item with its checks, writing, checking, releasing, withdrawing."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.council.selectors.reviews import newest_review_of, review_for
from waymark.newsroom import policies
from waymark.newsroom.actions import press as actions
from waymark.newsroom.formats.results import CAVEATS, read_result
from waymark.newsroom.forms.press import AnswerForm, ItemForm, ReasonForm, ReleaseForm
from waymark.newsroom.models import PressItem, Wording
from waymark.newsroom.selectors import press as selectors
from waymark.newsroom.selectors.public import preview_of
from waymark.newsroom.views.answers import asked, attempted, sure
from waymark.pages.listing import Ask, Filter, Listing

STATE = Filter(
    "state",
    "State",
    [
        ("draft", "Draft"),
        ("checking", "Being checked"),
        ("scheduled", "Scheduled"),
        ("public", "Public"),
        ("corrected", "Corrected"),
        ("withdrawn", "Withdrawn"),
    ],
)


def item_or_404(request: StaffRequest, pk: uuid.UUID) -> PressItem:
    found = selectors.item_for(pk, to=request.user)
    if found is None:
        raise Http404
    return found


def trail_to(item: PressItem | None = None) -> list[tuple[str, str]]:
    trail = [("News", reverse("newsroom:item_list"))]
    return [*trail, (item.title, reverse("newsroom:item_detail", args=[item.pk]))] if item else trail


@requires(Permission.NEWSROOM_ITEM_VIEW)
@require_safe
def item_list(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    ask = Ask(request.GET, [STATE])
    may_write = policies.holds(request.user, Permission.NEWSROOM_ITEM_WRITE)
    context = {
        "title": "News",
        "lead": "What the coalition says in public: written by one, checked by partners and council, released by another.",
        "listing": Listing(
            ask, selectors.items_listed(to=request.user, words=ask.words, state=ask.answer("state"), at=now)
        ),
        "search_label": "Search by heading or agency",
        "primary_url": reverse("newsroom:item_add") if may_write else "",
        "primary_label": "Write a release",
        "now": now,
    }
    return render(request, "newsroom/item_list.html", context)


@requires(Permission.NEWSROOM_ITEM_VIEW)
@require_safe
def item_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    item = item_or_404(request, pk)
    user, now = request.user, timezone.now()
    wordings = list(item.wordings.all())
    proposed = next((each for each in wordings if each.state == Wording.State.PROPOSED), None)
    current = proposed or next((each for each in wordings if each.state == Wording.State.RELEASED), None)
    review = newest_review_of(actions.GATED_AS, current.pk) if current is not None else None
    own = [check for check in item.checks.all() if policies.may_answer(user, check)]
    context = {
        "title": item.title,
        "trail": trail_to(),
        "item": item,
        "now": now,
        "is_public": item.state == PressItem.State.RELEASED and item.public_at is not None and item.public_at <= now,
        "wordings": [each for each in wordings if each.corrects_id is not None],
        "proposed": proposed if proposed is not None and proposed.corrects_id else None,
        "council": review,
        "may_read_review": review is not None and review_for(user, review.pk) is not None,
        "result": read_result((current.result if current is not None else None) or item.result),
        "own_check": own[0] if own else None,
        "may_write": policies.may_write(user, item),
        "may_take_back": policies.may_take_back(user, item, at=now),
        "may_release": policies.may_release(user, item),
        "is_writer": item.written_by_id == user.pk,
        "may_withdraw": policies.may_withdraw(user, item),
        "may_correct": policies.may_correct(user, item, at=now),
        "may_apply": proposed is not None and policies.may_apply(user, proposed),
        "may_drop": proposed is not None and policies.may_drop(user, proposed),
    }
    return render(request, "newsroom/item_detail.html", context)


@requires(Permission.NEWSROOM_ITEM_VIEW)
@require_safe
def item_preview(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """As it would read. Only who may see the item sees this, and nothing of it is kept anywhere."""
    item = item_or_404(request, pk)
    entry = preview_of(item, at=timezone.now())
    context = {"title": "As it will read", "trail": trail_to(item), "entry": entry, "caveats": CAVEATS}
    return render(request, "newsroom/item_preview.html", context)


@requires(Permission.NEWSROOM_ITEM_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def item_add(request: StaffRequest) -> HttpResponse:
    item = PressItem(agency_id=policies.agency_of(request.user))
    return _edit(request, item, None, "Write a release")


@requires(Permission.NEWSROOM_ITEM_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def item_edit(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    item = item_or_404(request, pk)
    if not policies.may_write(request.user, item):
        raise Http404
    return _edit(request, item, item, "Change the draft")


def _edit(request: StaffRequest, shape: PressItem, item: PressItem | None, title: str) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = ItemForm(data, partners=selectors.partners_to_choose(shape), item=item)
    made: list[PressItem] = []

    def act() -> None:
        made.append(
            actions.write_item(
                values=form.values(), partners=form.partner_ids(), held_back=form.held_back(), by=request.user, item=item
            )
        )

    if form.is_bound and form.is_valid() and attempted(form, act):
        messages.success(request, "Saved as a draft. Nobody outside can read it.")
        return redirect("newsroom:item_detail", made[0].pk)
    context = {
        "form": form,
        "title": title,
        "lead": "It is public only after partners and council have read it and somebody else has released it.",
        "trail": trail_to(item),
        "cancel_url": reverse("newsroom:item_detail", args=[item.pk]) if item else reverse("newsroom:item_list"),
        "button": "Save the draft",
    }
    return render(request, "pages/form_page.html", context, status=422 if form.is_bound else 200)


@requires(Permission.NEWSROOM_ITEM_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def item_send(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    item = item_or_404(request, pk)
    if not policies.may_write(request.user, item):
        raise Http404
    names = ", ".join(check.agency.name for check in item.checks.all())
    return asked(
        request,
        sure(request),
        title="Send it for checking?",
        consequences=[
            f"Asked to agree: {names}." if names else "No partner is named, so no agency has to agree.",
            "The survivor council reads it. It has ten days at least.",
            "While they read, the words stay as they are. You can take it back to change them; then all are asked again.",
        ],
        button="Send it for checking",
        act=lambda: actions.send_for_check(item=item, by=request.user),
        done="Sent. The partners and the council have been asked.",
        back=reverse("newsroom:item_detail", args=[pk]),
        trail=trail_to(item),
    )


@requires(Permission.NEWSROOM_ITEM_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def item_take_back(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    item = item_or_404(request, pk)
    if not policies.may_take_back(request.user, item, at=timezone.now()):
        raise Http404
    return asked(
        request,
        sure(request),
        title="Take it back to a draft?",
        consequences=[
            "It will not be published as it is.",
            "The partners and the council are asked again for the next words.",
        ],
        button="Take it back",
        act=lambda: actions.take_back_item(item=item, by=request.user),
        done="It is a draft again.",
        back=reverse("newsroom:item_detail", args=[pk]),
        trail=trail_to(item),
    )


@requires(Permission.NEWSROOM_ITEM_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def check_answer(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    check = selectors.check_for(pk, to=request.user)
    if check is None or not policies.may_answer(request.user, check):
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None)
    return asked(
        request,
        form,
        title="Answer for your agency",
        lead=f"“{check.item.title}” names {check.agency.name}.",
        button="Send the answer",
        act=lambda: actions.answer_check(
            check=check, agrees=form.cleaned_data["answer"] == "agrees", note=form.cleaned_data["note"], by=request.user
        ),
        done="Answered.",
        back=reverse("newsroom:item_detail", args=[check.item_id]),
        trail=trail_to(check.item),
    )


@requires(Permission.NEWSROOM_ITEM_RELEASE, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def item_release(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    item = item_or_404(request, pk)
    if not policies.may_release(request.user, item):
        raise Http404
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    return asked(
        request,
        form,
        title="Release it",
        consequences=[
            "From its moment everybody can read it, on the site and in every feed.",
            "Before its moment nobody outside can, in no page, feed, search or picture.",
            "You are the second person: the words are somebody else’s.",
        ],
        button="Release it",
        act=lambda: actions.release_item(item=item, public_at=form.public_at(), by=request.user),
        done="Released.",
        back=reverse("newsroom:item_detail", args=[pk]),
        trail=trail_to(item),
    )


@requires(Permission.NEWSROOM_ITEM_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def item_withdraw(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    item = item_or_404(request, pk)
    if not policies.may_withdraw(request.user, item):
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return asked(
        request,
        form,
        title="Withdraw this release?",
        consequences=[
            "It disappears at once from the site, the feeds, the calendar and the interface. It cannot be put back.",
            "At its address stands that it was withdrawn, when, and the reason below.",
            "Copies that others have made stay where they are.",
        ],
        button="Withdraw it now",
        is_grave=True,
        act=lambda: actions.withdraw_item(item=item, reason=form.cleaned_data["reason"], by=request.user),
        done="Withdrawn. Nobody reads it here any more.",
        back=reverse("newsroom:item_detail", args=[pk]),
        trail=trail_to(item),
    )


@requires(Permission.NEWSROOM_ITEM_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def item_delete(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    item = item_or_404(request, pk)
    if not policies.may_write(request.user, item):
        raise Http404
    return asked(
        request,
        sure(request),
        title="Delete this draft?",
        consequences=["It is gone for good. Nobody outside has ever read it."],
        button="Delete it",
        is_grave=True,
        act=lambda: actions.delete_draft(item=item, by=request.user),
        done="The draft is gone.",
        back=reverse("newsroom:item_detail", args=[pk]),
        to=reverse("newsroom:item_list"),
        trail=trail_to(item),
    )
