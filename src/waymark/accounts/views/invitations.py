"""Invitations: for those who keep them, and the page on which an invited person answers.

The public page asks for the code and the address together and gives one answer for everything that opens no invitation:
unknown, mistyped, used, taken back, out of time. The code is never part of an address that reaches the server.
"""

from __future__ import annotations

import contextlib
import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.access.guard import StaffRequest, public, requires
from waymark.access.permissions import ROLE_SENTENCES, Permission, Role
from waymark.access.proof import proof_of
from waymark.accounts.actions import invitations as actions
from waymark.accounts.actions.attempts import forget_tries, may_try
from waymark.accounts.forms.people import AnswerForm, CodeForm, ConfirmForm, DeliveryForm
from waymark.accounts.models import Invitation, User
from waymark.accounts.policies import Refused, people
from waymark.accounts.selectors import ACTING, acting_membership
from waymark.accounts.selectors import people as selectors
from waymark.accounts.views.agencies import code_shown
from waymark.accounts.views.signing import start_pending
from waymark.accounts.views.steps import ask_first, attempted
from waymark.pages.listing import Ask, Filter, Listing

# Where the browser's session keeps which invitation it has opened: its id and the hash of the code that opened it.
OPENED = "opened_invitation"
NOT_OPENED = (
    "This code and this address open no invitation. One of them may be mistyped, or the invitation may have been used, "
    "taken back or too old. Ask the person who invited you for a new code."
)
STATES = Filter("state", "State", [*Invitation.State.choices, ("overdue", "Nobody answered in time")])


def _invitation(request: StaffRequest, pk: uuid.UUID) -> Invitation:
    found = selectors.invitation_for(request.user, pk)
    if found is None:
        raise Http404
    return found


def _trail(invitation: Invitation | None = None) -> list[tuple[str, str]]:
    trail = [("Invitations", reverse("invitation_list"))]
    return [*trail, (invitation.email, reverse("invitation_detail", args=[invitation.pk]))] if invitation else trail


@requires(Permission.ACCOUNTS_INVITATION_VIEW)
@require_safe
def invitation_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [STATES])
    now = timezone.now()
    keeps_members = people.holds(request.user, Permission.ACCOUNTS_MEMBER_INVITE)
    context = {
        "title": "Invitations",
        "lead": "An invitation works once, for one address, for seven days."
        if keeps_members
        else "Invitations of first officers. All others are their agency's own.",
        "listing": Listing(
            ask, selectors.invitations_for(request.user, words=ask.words, state=ask.answer("state"), now=now)
        ),
        "search_label": "Search by e-mail",
        "primary_url": reverse("member_invite") if keeps_members else "",
        "primary_label": "Invite somebody",
        "now": now,
    }
    return render(request, "accounts/invitation_list.html", context)


@requires(Permission.ACCOUNTS_INVITATION_VIEW)
@require_safe
def invitation_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    invitation = _invitation(request, pk)
    context = {
        "title": invitation.email,
        "trail": _trail(),
        "invitation": invitation,
        "sentence": ROLE_SENTENCES[Role(invitation.role)],
        "is_overdue": invitation.state == Invitation.State.OPEN and invitation.expires_at <= timezone.now(),
    }
    return render(request, "accounts/invitation_detail.html", context)


@requires(Permission.ACCOUNTS_INVITATION_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_renew(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    invitation = _invitation(request, pk)
    back = reverse("invitation_detail", args=[invitation.pk])
    if invitation.state != Invitation.State.OPEN:
        raise Http404
    form = DeliveryForm(request.POST if request.method == "POST" else None, initial={"delivery": invitation.delivery})
    made: list[str] = []

    def act() -> None:
        page = request.build_absolute_uri(reverse("invitation_open"))
        delivery = form.cleaned_data["delivery"]
        made.append(actions.renew_code(invitation=invitation, delivery=delivery, page_url=page, by=request.user))

    if form.is_bound and form.is_valid() and attempted(form, act):
        return code_shown(request, _invitation(request, pk), made[0])
    context = {
        "form": form,
        "title": f"A new code for {invitation.email}",
        "lead": "The code before stops working at once. The new one is good for seven days.",
        "trail": _trail(invitation),
        "cancel_url": back,
        "button": "Make a new code",
    }
    return render(request, "pages/form_page.html", context, status=422 if form.is_bound else 200)


@requires(Permission.ACCOUNTS_INVITATION_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_withdraw(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    invitation = _invitation(request, pk)
    if invitation.state != Invitation.State.OPEN:
        raise Http404
    return ask_first(
        request,
        title=f"Take back the invitation of {invitation.email}?",
        consequences=["Its code opens nothing any more, from now. Nobody is told. You can invite the address again."],
        button="Take it back",
        act=lambda: actions.withdraw_invitation(invitation=invitation, by=request.user),
        done="Taken back.",
        back=reverse("invitation_detail", args=[invitation.pk]),
        trail=_trail(invitation),
    )


@public
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_open(request: HttpRequest) -> HttpResponse:
    """The page that a letter or a printed code leads to."""
    user = _signed_in(request)
    initial = {"email": user.email} if user else {}
    form = CodeForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        email = form.cleaned_data["email"].strip().lower()
        is_welcome = may_try(request=request, kind="invitation", account=email)
        found = selectors.invitation_opened_by(code=form.cleaned_data["code"], email=email)
        if is_welcome and found is not None:
            forget_tries(kind="invitation", account=email)
            request.session[OPENED] = [str(found.pk), found.code_digest]
            return redirect("invitation_answer")
        form.add_error(None, NOT_OPENED)
    context = {
        "form": form,
        "title": "Open your invitation",
        "lead": "Type the code from your letter or paper, and the address that it was made for.",
        "button": "Go on",
    }
    return render(request, "accounts/invitation_open.html", context, status=422 if form.is_bound else 200)


def _signed_in(request: HttpRequest) -> User | None:
    """Who is signed in by two factors; on a public page anybody may ask."""
    user = request.user
    return user if isinstance(user, User) and proof_of(request.session) is not None else None


def _opened(request: HttpRequest) -> Invitation | None:
    kept = request.session.get(OPENED)
    return selectors.invitation_still_open(pk=kept[0], digest=kept[1]) if isinstance(kept, list) else None


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_answer(request: HttpRequest) -> HttpResponse:
    """What one is invited to, and yes or no. Without a proven code it leads back to where the code is asked."""
    invitation = _opened(request)
    if invitation is None:
        request.session.pop(OPENED, None)
        return redirect("invitation_open")
    user = _signed_in(request)
    is_theirs = user is not None and user.email == invitation.email
    form: AnswerForm | ConfirmForm = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and user is not None:
        form = ConfirmForm(request.POST)
        _keep_acting(request, user)
        if is_theirs and form.is_valid() and attempted(form, partial(_accept, invitation, user)):
            return _joined(request, invitation)
    elif form.is_bound and form.is_valid():
        made: list[User] = []

        def act() -> None:
            made.append(actions.accept_with_new_account(invitation=invitation, **form.cleaned_data))

        if attempted(form, act):
            return _joined_anew(request, made[0])
    context: dict[str, Any] = {
        "form": form,
        "title": f"{invitation.agency.name} invites you",
        "invitation": invitation,
        "sentence": ROLE_SENTENCES[Role(invitation.role)],
        "is_theirs": is_theirs,
        "is_somebody_else": user is not None and not is_theirs,
    }
    return render(request, "accounts/invitation_answer.html", context, status=422 if form.is_bound else 200)


def _keep_acting(request: HttpRequest, user: User) -> None:
    """Until the person chooses, the pages that are open go on acting for whom they acted."""
    if ACTING not in request.session:
        place = acting_membership(user, None)
        if place is not None:
            request.session[ACTING] = str(place.pk)


def _accept(invitation: Invitation, user: User) -> None:
    actions.accept_invitation(invitation=invitation, by=user)


def _joined(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    request.session.pop(OPENED, None)
    messages.success(request, f"You belong to {invitation.agency.name} now. Choose for which agency you act.")
    return redirect("acting")


def _joined_anew(request: HttpRequest, user: User) -> HttpResponse:
    """The password was given just now: it is the first step of the first sign-in, and the second factor comes next."""
    start_pending(request, user, factor="password", wanted="")
    return redirect("second_step")


@public
@require_POST
def invitation_decline(request: HttpRequest) -> HttpResponse:
    """No, without a reason. The code opens nothing any more."""
    invitation = _opened(request)
    if invitation is not None:
        with contextlib.suppress(Refused):
            actions.decline_invitation(invitation=invitation)
    request.session.pop(OPENED, None)
    return render(request, "accounts/invitation_declined.html", {"title": "Declined"})
