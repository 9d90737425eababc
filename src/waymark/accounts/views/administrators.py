"""Who administers the installation, and the two people that it takes to make another one."""

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
from waymark.accounts.actions import administrators as actions
from waymark.accounts.forms.people import AskAdministratorForm
from waymark.accounts.models import AdministratorRequest, Membership
from waymark.accounts.policies import people
from waymark.accounts.selectors import people as selectors
from waymark.accounts.views.steps import ask_first, attempted
from waymark.pages.listing import Ask, Filter, Listing

STATES = Filter("state", "State", AdministratorRequest.State.choices)


def _request(request: StaffRequest, pk: uuid.UUID) -> AdministratorRequest:
    found = selectors.request_for(request.user, pk)
    if found is None:
        raise Http404
    return found


def _trail(asked: AdministratorRequest | None = None) -> list[tuple[str, str]]:
    trail = [("Administrators", reverse("administrator_list"))]
    name = asked.user.display_name if asked else ""
    return [*trail, (name, reverse("administrator_request", args=[asked.pk]))] if asked else trail


@requires(Permission.ACCOUNTS_ADMINISTRATOR_VIEW)
@require_safe
def administrator_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [STATES])
    may_ask = people.may_ask_for_administrator(request.user)
    context = {
        "title": "Administrators",
        "lead": "An administrator adds agencies and keeps the installation running. It takes two people to make one: "
        "one asks, an administrator who is somebody else decides.",
        "administrators": list(selectors.administrators_for(request.user)),
        "listing": Listing(ask, selectors.requests_for(request.user, state=ask.answer("state"))),
        "primary_url": reverse("administrator_ask") if may_ask else "",
        "primary_label": "Ask for an administrator",
        "now": timezone.now(),
    }
    return render(request, "accounts/administrator_list.html", context)


@requires(Permission.ACCOUNTS_ADMINISTRATOR_REQUEST, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def administrator_ask(request: StaffRequest) -> HttpResponse:
    candidates = list(selectors.who_could_be_administrator(request.user))
    form = AskAdministratorForm(request.POST if request.method == "POST" else None, candidates=candidates)

    def act() -> None:
        chosen: Membership = next(each for each in candidates if str(each.pk) == form.cleaned_data["member"])
        actions.ask_for_administrator(member=chosen, reason=form.cleaned_data["reason"], by=request.user)

    if form.is_bound and form.is_valid() and attempted(form, act):
        messages.success(request, "Asked. An administrator other than you decides within seven days.")
        return redirect("administrator_list")
    context = {
        "form": form,
        "title": "Ask for an administrator",
        "lead": "The person keeps the role that they have, and can act as administrator besides. You cannot approve what "
        "you asked for.",
        "trail": _trail(),
        "cancel_url": reverse("administrator_list"),
        "button": "Ask",
    }
    return render(request, "pages/form_page.html", context, status=422 if form.is_bound else 200)


@requires(Permission.ACCOUNTS_ADMINISTRATOR_VIEW)
@require_safe
def administrator_request(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    asked = _request(request, pk)
    context = {
        "title": f"{asked.user.display_name} as administrator",
        "trail": _trail(),
        "asked": asked,
        "is_overdue": asked.state == AdministratorRequest.State.WAITING and asked.expires_at <= timezone.now(),
        "may_decide": people.may_decide(request.user, asked),
        "may_withdraw": people.may_withdraw(request.user, asked),
        "is_own": request.user.pk in {asked.requested_by_id, asked.user_id},
    }
    return render(request, "accounts/administrator_request.html", context)


@requires(Permission.ACCOUNTS_ADMINISTRATOR_APPROVE, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def administrator_approve(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    asked = _request(request, pk)
    if not people.may_decide(request.user, asked):
        raise Http404
    name = asked.user.display_name
    return ask_first(
        request,
        title=f"Make {name} administrator?",
        consequences=[
            f"{asked.requested_by.display_name} asked for this: “{asked.reason}”",
            f"{name} can then add agencies, let first officers in, and decide about other administrators. Make sure by a "
            "call or face to face that this is wanted.",
        ],
        button="Make administrator",
        act=lambda: actions.approve_administrator(request=asked, by=request.user),
        done=f"{name} is an administrator now.",
        back=reverse("administrator_request", args=[asked.pk]),
        trail=_trail(asked),
    )


@requires(Permission.ACCOUNTS_ADMINISTRATOR_APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def administrator_refuse(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    asked = _request(request, pk)
    if not people.may_decide(request.user, asked):
        raise Http404
    return ask_first(
        request,
        title="Refuse this request?",
        consequences=[f"{asked.user.display_name} does not become administrator. Somebody can ask again."],
        button="Refuse",
        act=lambda: actions.refuse_administrator(request=asked, by=request.user),
        done="Refused.",
        back=reverse("administrator_request", args=[asked.pk]),
        trail=_trail(asked),
    )


@requires(Permission.ACCOUNTS_ADMINISTRATOR_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
def administrator_withdraw(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    asked = _request(request, pk)
    if not people.may_withdraw(request.user, asked):
        raise Http404
    return ask_first(
        request,
        title="Take this request back?",
        consequences=["Nobody decides about it any more. You can ask again."],
        button="Take it back",
        act=lambda: actions.withdraw_administrator_request(request=asked, by=request.user),
        done="Taken back.",
        back=reverse("administrator_request", args=[asked.pk]),
        trail=_trail(asked),
        is_grave=False,
    )
