"""The members of this vault: who opens it, who waits, and new keys when somebody left."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.pages.listing import Ask, Filter, Listing
from waymark.vault.actions.agency import confirm_member
from waymark.vault.actions.epochs import start_epoch
from waymark.vault.actions.records import rewrap_some
from waymark.vault.forms import NewKeysForm, PressForm, WordsForm
from waymark.vault.models import AgencyEpoch
from waymark.vault.policies import Refused, agency_of, may_keep
from waymark.vault.selectors.members import KEY_WORDS, epoch_of, member_rows, waiting_key, who_left
from waymark.vault.selectors.records import left_to_rewrap
from waymark.vault.selectors.session import opened_in
from waymark.vault.views.answers import form_page, trail

OPEN = Permission.VAULT_OPEN
STATES = Filter("state", "State", [(state.value, words) for state, words in KEY_WORDS.items()])


@requires(OPEN)
@require_safe
def member_list(request: StaffRequest) -> HttpResponse:
    vault = opened_in(request)
    ask = Ask(request.GET, [STATES])
    rows = [
        row
        for row in member_rows(vault.agency)
        if ask.words.lower() in row.user.display_name.lower() and ask.answer("state") in {"", row.state.value}
    ]
    context = {
        "title": "Members and keys",
        "lead": "Who can open your agency’s vault. A colleague waits for key until you have compared six words by voice.",
        "listing": Listing(ask, rows),
        "search_label": "Search by name",
        "me": request.user,
        "left": who_left(vault.agency),
        "trail": trail(),
    }
    return render(request, "vault/member_list.html", context)


@requires(OPEN)
@require_http_methods(["GET", "HEAD", "POST"])
def member_confirm(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a waiting colleague the agency's key, after the words."""
    member = waiting_key(agency_of(request.user), pk)
    if member is None or member.user_id == request.user.pk:
        raise Http404
    vault = opened_in(request)
    form = WordsForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            confirm_member(vault=vault, member=member, words=form.cleaned_data["words"], by=request.user)
        except Refused as refused:
            form.add_error("words", str(refused))
        else:
            messages.success(request, f"{member.user.display_name} has the key. Tell them now: “The words were the same.”")
            return redirect("vault:member_list")
    return form_page(
        request,
        form,
        template="vault/member_confirm.html",
        title=f"Compare words with {member.user.display_name}",
        member=member,
        button="The words are the same: give the key",
        is_grave=False,
        cancel_url=reverse("vault:member_list"),
        cancel_label="Go back, give nothing",
        trail=trail(("Members and keys", reverse("vault:member_list"))),
    )


@requires(OPEN)
@require_http_methods(["GET", "HEAD", "POST"])
def new_keys(request: StaffRequest) -> HttpResponse:
    """Start an epoch: because somebody left, or because a member wants one."""
    vault = opened_in(request)
    left = who_left(vault.agency)
    form = NewKeysForm(request.POST or None)
    if not may_keep(request.user):
        form.fields.pop("partners")
    if form.is_bound and form.is_valid():
        reason = AgencyEpoch.Reason.LEFT if left else AgencyEpoch.Reason.CHOSEN
        try:
            start_epoch(
                vault=vault, by=request.user, reason=reason, partners_follow=form.cleaned_data.get("partners") != "compare"
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Your agency has new keys.")
            return redirect("vault:rewrap")
    return form_page(
        request,
        form,
        template="vault/new_keys.html",
        title="Make new keys for the agency",
        left=left,
        button="Make new keys",
        cancel_url=reverse("vault:home"),
        cancel_label="Not now",
        trail=trail(),
    )


@requires(OPEN)
@require_http_methods(["GET", "HEAD", "POST"])
def rewrap(request: StaffRequest) -> HttpResponse:
    """Wrap record keys under the newest epoch, some at a time, driven by the open page: no job ever holds a key.

    A script sends the form again and again and shows how far it is; without one a person presses the button.
    """
    vault = opened_in(request)
    form = PressForm(request.POST or None)
    wants_json = request.headers.get("Accept") == "application/json"
    if form.is_bound and form.is_valid():
        try:
            left = rewrap_some(vault=vault, by=request.user)
        except Refused as refused:
            if wants_json:
                return JsonResponse({"problem": str(refused)}, status=422)
            form.add_error(None, str(refused))
        else:
            if wants_json:
                return JsonResponse({"left": left})
            return redirect("vault:rewrap")
    epoch = epoch_of(vault.agency, vault.number)
    return form_page(
        request,
        form,
        template="vault/rewrap.html",
        title="Wrap record keys anew",
        left=left_to_rewrap(vault),
        epoch=epoch,
        trail=trail(),
    )
