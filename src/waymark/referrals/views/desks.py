"""For which services of the directory the agency answers."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.directory.models import Service
from waymark.pages.listing import Ask, Listing
from waymark.pages.questions import PlainForm
from waymark.people.policies import Refused
from waymark.referrals.actions.desks import add_desk, remove_desk
from waymark.referrals.policies import may_send
from waymark.referrals.selectors.desks import own_desks, services_to_answer_for

ANSWER = Permission.REFERRALS_REFERRAL_ANSWER
TRAIL = "Services that we answer for"


@requires(ANSWER)
@require_safe
def desk_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET)
    context = {
        "title": TRAIL,
        "lead": "When another agency refers somebody to one of these services, it comes to your agency.",
        "listing": Listing(ask, own_desks(to=request.user, words=ask.words)),
        "search_label": "Search by service or organization",
        "primary_url": reverse("referrals:desk_add"),
        "primary_label": "Add a service",
        "here": "desks",
        "may_answer": True,
        "may_send": may_send(request.user),
    }
    return render(request, "referrals/desk_list.html", context)


@requires(ANSWER)
@require_safe
def desk_add(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET)
    context = {
        "title": "Add a service",
        "lead": "Find a listed service that your agency offers. Other agencies see that you answer for it.",
        "listing": Listing(ask, services_to_answer_for(to=request.user, words=ask.words)),
        "search_label": "Search by service or organization",
        "trail": [(TRAIL, reverse("referrals:desks"))],
    }
    return render(request, "referrals/desk_add.html", context)


@requires(ANSWER)
@require_POST
def desk_answer(request: StaffRequest, service: uuid.UUID) -> HttpResponse:
    found = Service.objects.filter(pk=service).first()
    if found is None:
        raise Http404
    try:
        add_desk(service=found, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Your agency answers for {found.name} now.")
    return redirect("referrals:desks")


@requires(ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def desk_remove(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    desk = own_desks(to=request.user).filter(pk=pk).first()
    if desk is None:
        raise Http404
    form = PlainForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        remove_desk(desk=desk, by=request.user)
        messages.success(request, "Nobody refers to you for it any more.")
        return redirect("referrals:desks")
    context = {
        "form": form,
        "title": f"Answer no more for {desk.service.name}?",
        "consequences": ["Nobody can refer somebody to you for it any more. What was asked already stays."],
        "button": "Answer for it no more",
        "is_grave": True,
        "cancel_url": reverse("referrals:desks"),
        "cancel_label": "Go back without changing it",
        "trail": [(TRAIL, reverse("referrals:desks"))],
    }
    return render(request, "pages/confirm_page.html", context)
