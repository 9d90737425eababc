"""Founding the vault, and the printed kit."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.vault.actions import agency as actions
from waymark.vault.actions import session
from waymark.vault.forms import FoundForm, KitForm, PressForm
from waymark.vault.policies import Refused, VaultClosed
from waymark.vault.selectors.keyring import newest_statement
from waymark.vault.selectors.members import can_open, kit_of
from waymark.vault.selectors.people import own_key_row
from waymark.vault.selectors.session import opened_in, unlocked_in
from waymark.vault.views.answers import form_page, trail

KEEP = Permission.VAULT_KEEP
FORM = ["GET", "HEAD", "POST"]


@requires(KEEP, step_up=True)
@require_http_methods(FORM)
def found(request: StaffRequest) -> HttpResponse:
    """Found the agency's vault. Says first what is lost when keys are lost."""
    unlocked, row = unlocked_in(request), own_key_row(request.user)
    agency = request.user.acting.agency_id
    if unlocked is None or row is None or can_open(agency):
        return redirect("vault:home")
    is_again = newest_statement(agency) is not None
    form = FoundForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            founded = actions.found_vault(key=unlocked.key, by=request.user, with_kit=form.cleaned_data["kit"] == "yes")
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            if founded.kit:
                session.show_once(request, founded.kit)
                return redirect("vault:printed_key")
            messages.success(request, "The vault is founded. Let a second colleague in soon: one key is too few.")
            return redirect("vault:home")
    return form_page(
        request,
        form,
        template="vault/found.html",
        title="Found the vault again" if is_again else "Found your agency’s vault",
        is_again=is_again,
        button="Found the vault",
        cancel_url=reverse("vault:home"),
        cancel_label="Not now",
        trail=trail(),
    )


@requires(KEEP)
@require_safe
def kit_detail(request: StaffRequest) -> HttpResponse:
    """Whether there is a printed kit, and what that means."""
    vault = opened_in(request)
    return render(request, "vault/kit.html", {"kit": kit_of(vault.agency), "trail": trail()})


@requires(KEEP, step_up=True)
@require_POST
def kit_make(request: StaffRequest) -> HttpResponse:
    """Print a kit. The page is shown once: the paper is the only copy."""
    vault = opened_in(request)
    try:
        printed = actions.make_kit(vault=vault, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("vault:kit")
    session.show_once(request, printed)
    return redirect("vault:printed_key")


@requires(KEEP, step_up=True)
@require_http_methods(FORM)
def kit_withdraw(request: StaffRequest) -> HttpResponse:
    vault = opened_in(request)
    if kit_of(vault.agency) is None:
        return redirect("vault:kit")
    form = PressForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            actions.withdraw_kit(vault=vault, by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The printed kit is withdrawn, and the agency has new keys.")
            return redirect("vault:rewrap")
    return form_page(
        request,
        form,
        template="pages/confirm_page.html",
        title="Withdraw the printed kit?",
        consequences=[
            "The agency takes new keys, and the paper opens nothing that is sealed from now on.",
            "Wrap the record keys anew afterwards: until that has run, the paper and an old copy of the database still open"
            " older records. If everybody loses their keys later, what is sealed is lost.",
        ],
        button="Withdraw the kit",
        is_grave=True,
        cancel_url=reverse("vault:kit"),
        cancel_label="Keep the kit",
        trail=trail(),
    )


@requires(KEEP, step_up=True)
@sensitive_post_parameters("printed")
@require_http_methods(FORM)
def kit_use(request: StaffRequest) -> HttpResponse:
    """Nobody else can let this officer in, and the paper is at hand."""
    unlocked = unlocked_in(request)
    if unlocked is None or kit_of(request.user.acting.agency_id) is None:
        return redirect("vault:home")
    form = KitForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            actions.use_kit(printed=form.cleaned_data["printed"], key=unlocked.key, by=request.user)
        except Refused as refused:
            form.add_error("printed", str(refused))
        except VaultClosed:
            form.add_error(None, "The agency’s keys are not the ones that you have seen. Nothing was opened.")
        else:
            messages.success(request, "The kit let you in. Everybody in your agency can read that in the log.")
            return redirect("vault:home")
    return form_page(
        request,
        form,
        title="Use the printed kit",
        lead="The kit opens your agency’s vault for you. Colleagues see in the log that you used it, and when.",
        button="Open with the kit",
        cancel_url=reverse("vault:waiting"),
        trail=trail(),
    )
