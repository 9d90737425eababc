"""My own key: set it up, print it, open it, close it, change what locks it."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.pages.templatetags.pages import moment
from waymark.sealing.boxes import BoxKey
from waymark.vault.actions import own_key, session
from waymark.vault.actions.agency import note_newest, renew_if_due
from waymark.vault.forms import (
    ChangePassphraseForm,
    PressForm,
    ProveForm,
    RecoverForm,
    SetUpKeyForm,
    StartOverForm,
    UnlockForm,
)
from waymark.vault.policies import Refused
from waymark.vault.selectors.people import last_opened, own_key_row
from waymark.vault.selectors.session import unlocked_in
from waymark.vault.views.answers import form_page, trail

OPEN = Permission.VAULT_OPEN
FORM = ["GET", "HEAD", "POST"]


@requires(OPEN)
@sensitive_post_parameters("passphrase", "again")
@require_http_methods(FORM)
def set_up(request: StaffRequest) -> HttpResponse:
    """Make the key pair; the printed key comes on the next page, and stays there until it is proved."""
    if own_key_row(request.user) is not None:
        return redirect("vault:home")
    form = SetUpKeyForm(request.POST or None)
    made = _made(request, form, own_key.make_key)
    if made is not None:
        return made
    return form_page(
        request, form, template="vault/set_up.html", title="Set up your vault key", button="Make my key", trail=trail()
    )


def _made(request: StaffRequest, form: BaseForm, make: Callable[..., own_key.MadeKey]) -> HttpResponse | None:
    """Make a key from the passphrase that was chosen and go on to its paper; None while the form has to be shown."""
    if not (form.is_bound and form.is_valid()):
        return None
    try:
        made = make(passphrase=form.cleaned_data["passphrase"], by=request.user)
    except Refused as refused:
        form.add_error("passphrase", str(refused))
        return None
    response = redirect("vault:printed_key")
    session.keep_open(request, response, made.key, printed=made.printed)
    return response


@requires(OPEN)
@sensitive_post_parameters()
@require_http_methods(FORM)
def printed_key(request: StaffRequest) -> HttpResponse:
    """Show the printed key until two of its groups were typed back from paper. Then never again."""
    unlocked = unlocked_in(request)
    if unlocked is None or not unlocked.printed:
        return redirect("vault:home")
    places = _places(request, len(unlocked.printed.split()))
    form = ProveForm(request.POST or None, printed=unlocked.printed, places=places)
    if form.is_bound and form.is_valid():
        if unlocked.is_kit:
            messages.success(request, "The kit is on paper. Put it in the safe now.")
        else:
            own_key.prove_printed_key(by=request.user)
            messages.success(request, "Your printed key is proved. Keep it where you keep your passport.")
        session.forget_printed(request)
        request.session.pop("vault_places", None)
        return redirect("vault:home")
    return form_page(
        request,
        form,
        template="vault/printed_key.html",
        title="Print the kit" if unlocked.is_kit else "Print your key",
        button="I have it on paper",
        groups=unlocked.printed.split(),
        is_kit=unlocked.is_kit,
        trail=trail(),
    )


def _places(request: StaffRequest, count: int) -> tuple[int, int]:
    """Which two groups are asked for: drawn once, so that a reload asks for the same."""
    kept = request.session.get("vault_places")
    if not (isinstance(kept, list) and len(kept) == 2):
        first, second = sorted(secrets.SystemRandom().sample(range(1, count + 1), 2))
        kept = request.session["vault_places"] = [first, second]
    return kept[0], kept[1]


@requires(OPEN, step_up=True)
@require_http_methods(FORM)
def printed_key_new(request: StaffRequest) -> HttpResponse:
    """Another printed key, when the paper is lost or was seen."""
    unlocked = unlocked_in(request)
    if unlocked is None:
        return redirect("vault:home")
    form = PressForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            printed = own_key.new_printed_key(key=unlocked.key, by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            response = redirect("vault:printed_key")
            session.keep_open(request, response, unlocked.key, printed=printed)
            return response
    return form_page(
        request,
        form,
        template="pages/confirm_page.html",
        title="Make a new printed key?",
        consequences=["The paper that you have now opens nothing any more. Print the new key at once."],
        button="Make a new printed key",
        cancel_url=reverse("vault:home"),
        cancel_label="Keep the paper that I have",
        trail=trail(),
    )


@requires(OPEN)
@sensitive_post_parameters("passphrase")
@require_http_methods(FORM)
def unlock(request: StaffRequest) -> HttpResponse:
    """The second step after signing in. The key lives in this browser's session until it is locked or left alone."""
    row = own_key_row(request.user)
    if row is None:
        return redirect("vault:home")
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if unlocked_in(request) is not None:
        return redirect(_next(wanted))
    form = UnlockForm(request.POST or None, initial={"next": wanted})
    if form.is_bound and form.is_valid():
        try:
            key = own_key.unlock(passphrase=form.cleaned_data["passphrase"], by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            if key is not None:
                return _opened(request, key, _next(wanted))
            form.add_error("passphrase", own_key.WRONG)
    return form_page(request, form, template="vault/unlock.html", title="Unlock the vault", button="Unlock", trail=trail())


def _opened(request: StaffRequest, key: BoxKey, to: str) -> HttpResponse:
    """Leave the vault open, note the newest keys, and make new ones where somebody has left."""
    response = redirect(to)
    before = last_opened(key, request.user)
    session.keep_open(request, response, key)
    if before is not None:
        # The person alone can know: a date that is too old tells that somebody put an old copy of the database back.
        messages.info(request, f"You opened this vault last on {moment(before)}.")
    note_newest(key=key, by=request.user)
    if renew_if_due(key=key, by=request.user):
        messages.info(request, "Somebody left your agency, so its vault has new keys since this moment.")
    return response


def _next(wanted: str) -> str:
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return reverse("vault:home")


@requires(OPEN)
@require_POST
def lock(request: StaffRequest) -> HttpResponse:
    """Close the vault in this browser."""
    response = redirect("vault:unlock")
    if unlocked_in(request) is not None:
        own_key.lock(by=request.user)
    session.close(request, response)
    messages.success(request, "The vault is locked.")
    return response


@requires(OPEN)
@sensitive_post_parameters()
@require_http_methods(FORM)
def passphrase_change(request: StaffRequest) -> HttpResponse:
    if own_key_row(request.user) is None:
        return redirect("vault:home")
    form = ChangePassphraseForm(request.POST or None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            if own_key.change_passphrase(old=data["old"], new=data["passphrase"], by=request.user):
                messages.success(request, "The new passphrase opens your key. The old one opens nothing.")
                return redirect("vault:home")
            form.add_error("old", own_key.WRONG)
        except Refused as refused:
            form.add_error(None if str(refused) in {own_key.TOO_MANY, own_key.BUSY} else "passphrase", str(refused))
    return form_page(
        request,
        form,
        title="Change your vault passphrase",
        lead="Your key and your printed key stay the same.",
        button="Change it",
        cancel_url=reverse("vault:home"),
        trail=trail(),
    )


@requires(OPEN)
@sensitive_post_parameters()
@require_http_methods(FORM)
def recover(request: StaffRequest) -> HttpResponse:
    """The passphrase is forgotten, the paper is there."""
    if own_key_row(request.user) is None:
        return redirect("vault:home")
    form = RecoverForm(request.POST or None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            key = own_key.recover(printed=data["printed"], passphrase=data["passphrase"], by=request.user)
        except Refused as refused:
            form.add_error(None if str(refused) in {own_key.TOO_MANY, own_key.BUSY} else "passphrase", str(refused))
        else:
            if key is not None:
                messages.success(request, "Your key is open, and the new passphrase opens it from now on.")
                return _opened(request, key, reverse("vault:home"))
            form.add_error("printed", own_key.WRONG_PRINTED)
    return form_page(
        request,
        form,
        template="vault/recover.html",
        title="Use your printed key",
        button="Open with the printed key",
        cancel_url=reverse("vault:unlock"),
        trail=trail(),
    )


@requires(OPEN, step_up=True)
@sensitive_post_parameters()
@require_http_methods(FORM)
def start_over(request: StaffRequest) -> HttpResponse:
    """Passphrase and paper are both lost. A colleague can let the person in again; nobody can bring the old key back."""
    if own_key_row(request.user) is None:
        return redirect("vault:home")
    form = StartOverForm(request.POST or None)
    made = _made(request, form, own_key.start_over)
    if made is not None:
        return made
    return form_page(
        request,
        form,
        template="vault/start_over.html",
        title="Start over with a new key",
        button="Start over",
        is_grave=True,
        cancel_url=reverse("vault:unlock"),
        trail=trail(),
    )
