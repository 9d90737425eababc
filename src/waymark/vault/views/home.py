"""The vault's first page. It says where this person stands, and the one thing to do next."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.vault.actions import agency as agency_actions
from waymark.vault.actions import own_key
from waymark.vault.forms import AcceptForm, PressForm
from waymark.vault.policies import KEY_BACKUP_DAYS, Refused, VaultClosed, may_keep
from waymark.vault.selectors.members import can_open, epoch_of, kit_of, member_rows, who_left
from waymark.vault.selectors.partners import partners_of
from waymark.vault.selectors.people import last_opened, my_words, own_key_row
from waymark.vault.selectors.records import left_to_rewrap, tombstones
from waymark.vault.selectors.session import opened_in, unlocked_in
from waymark.vault.views.answers import form_page, trail

OPEN = Permission.VAULT_OPEN
TEMPLATES = {
    VaultClosed.NOT_FOUNDED: "vault/not_founded.html",
    VaultClosed.NOT_ASKED: "vault/not_asked.html",
    VaultClosed.CHANGED: "vault/alarm.html",
    VaultClosed.ROLLED_BACK: "vault/alarm.html",
}


@requires(OPEN)
@require_safe
def vault_home(request: StaffRequest) -> HttpResponse:
    row = own_key_row(request.user)
    if row is None:
        return render(request, "vault/no_key.html")
    unlocked = unlocked_in(request)
    if unlocked is None:
        return redirect("vault:unlock")
    if unlocked.printed:
        return redirect("vault:printed_key")
    try:
        vault = opened_in(request)
    except VaultClosed as closed:
        if closed.why in {VaultClosed.WAITING, VaultClosed.TO_ACCEPT}:
            return redirect("vault:waiting")
        context = {
            "why": closed.why,
            "may_keep": may_keep(request.user),
            "last_opened": last_opened(unlocked.key, request.user),
        }
        return render(request, TEMPLATES[closed.why], context)
    partners, members = partners_of(vault), member_rows(vault.agency)
    context = {
        "row": row,
        "vault_number": vault.number,
        "epoch": epoch_of(vault.agency, vault.number),
        "members": members,
        "waiting": any(member.state == "waiting" for member in members),
        "can_open": can_open(vault.agency),
        "left": who_left(vault.agency),
        "to_rewrap": left_to_rewrap(vault),
        "kit": kit_of(vault.agency),
        "compared": sum(partner.state == "compared" for partner in partners),
        "changed": [partner for partner in partners if partner.state == "changed"],
        "destroyed": tombstones(vault.agency).count(),
        "backup_days": KEY_BACKUP_DAYS,
        "may_keep": may_keep(request.user),
    }
    return render(request, "vault/home.html", context)


@requires(OPEN)
@require_POST
def ask_in(request: StaffRequest) -> HttpResponse:
    """Ask colleagues for the agency's key with the key that is open."""
    unlocked = unlocked_in(request)
    if unlocked is not None:
        own_key.ask_in(key=unlocked.key, by=request.user)
    return redirect("vault:home")


@requires(OPEN)
@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request: StaffRequest) -> HttpResponse:
    """A calm page: nothing is wrong, a colleague has to call. Reading the words, and saying that they were the same."""
    unlocked = unlocked_in(request)
    if unlocked is None:
        return redirect("vault:home")
    try:
        opened_in(request)
    except VaultClosed as closed:
        if closed.why not in {VaultClosed.WAITING, VaultClosed.TO_ACCEPT}:
            return redirect("vault:home")
        why = closed.why
    else:
        return redirect("vault:home")
    comparison = my_words(unlocked.key, request.user)
    form = AcceptForm(request.POST or None, initial={"digest": comparison.digest if comparison else ""})
    if form.is_bound and form.is_valid():
        try:
            agency_actions.accept_agency(key=unlocked.key, by=request.user, digest=form.cleaned_data["digest"])
        except (Refused, VaultClosed) as refused:
            form.add_error(None, str(refused) if isinstance(refused, Refused) else "Your colleague has not confirmed yet.")
        else:
            messages.success(request, "The vault of your agency is open to you.")
            return redirect("vault:home")
    return form_page(
        request,
        form,
        template="vault/waiting.html",
        title="Waiting for your agency’s key",
        comparison=comparison,
        is_confirmed=why == VaultClosed.TO_ACCEPT,
        colleagues=[row for row in member_rows(request.user.acting.agency_id) if row.state == "confirmed"],
        kit=kit_of(request.user.acting.agency_id) if may_keep(request.user) else None,
        may_found_again=may_keep(request.user),
        trail=trail(),
    )


@requires(OPEN)
@require_http_methods(["GET", "HEAD", "POST"])
def compare_again(request: StaffRequest) -> HttpResponse:
    """After an alarm: forget what was compared and begin again with a colleague on the telephone."""
    unlocked = unlocked_in(request)
    if unlocked is None:
        return redirect("vault:home")
    form = PressForm(request.POST or None)
    if form.is_bound and form.is_valid():
        agency_actions.compare_again(key=unlocked.key, by=request.user)
        return redirect("vault:home")
    return form_page(
        request,
        form,
        template="pages/confirm_page.html",
        title="Compare words again?",
        consequences=[
            "You wait for key again until a colleague whom you know has compared the six words with you by voice.",
            "Do this only when your agency has told you why its keys changed.",
        ],
        button="Compare words again",
        cancel_url=reverse("vault:home"),
        cancel_label="Not now",
        trail=trail(),
    )
