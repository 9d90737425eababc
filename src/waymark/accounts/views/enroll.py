"""Setting up a second factor: the first one on the way in, further ones later from one's own list."""

from __future__ import annotations

from collections.abc import Callable

import segno
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, own, signing_in
from waymark.access.proof import pending_of, proof_of
from waymark.accounts.actions import factor_resets, factors, passkeys
from waymark.accounts.forms.lost_factors import HandoverForm
from waymark.accounts.forms.sign_in import AppSetUpForm, PasskeyForm
from waymark.accounts.models import User
from waymark.accounts.selectors.factors import CODES, granted_reset_of, has_second_factor, kinds_of
from waymark.accounts.views.recovery_codes import show_new_codes
from waymark.accounts.views.signing import finish, pending_user

HANDED_OVER = "handed_over"
Done = Callable[[str], HttpResponse]


def _newcomer(request: HttpRequest) -> User | None:
    """Who may set up their first factor now: the first step is done, there is no factor, and no lost one to account for."""
    user = pending_user(request)
    if user is None or has_second_factor(user):
        return None
    reset = granted_reset_of(user)
    if reset is not None and request.session.get(HANDED_OVER) != str(reset.pk):
        return None
    return user


@signing_in
@require_http_methods(["GET", "HEAD", "POST"])
def handover_code(request: HttpRequest) -> HttpResponse:
    """After a lost factor: the code that the agency's officer gave by voice. The password alone is not enough."""
    user = pending_user(request)
    if user is None or granted_reset_of(user) is None or has_second_factor(user):
        return redirect("second_step" if user else "sign_in")
    form = HandoverForm(request.POST or None, request=request, user=user)
    if form.is_bound and form.is_valid() and form.reset is not None:
        request.session[HANDED_OVER] = str(form.reset.pk)
        return redirect("set_up_factor")
    context = {
        "form": form,
        "title": "The code from your officer",
        "lead": "Your agency's officer gave you a code when you had lost your second factor. It works for one day, once.",
        "button": "Go on",
    }
    return render(request, "pages/form_page.html", context, status=422 if form.is_bound else 200)


@signing_in
@require_http_methods(["GET", "HEAD"])
def set_up_factor(request: HttpRequest) -> HttpResponse:
    """Which one? In plain words."""
    if _newcomer(request) is None:
        return redirect("second_step")
    return render(request, "accounts/set_up_factor.html", {"is_first": True})


@signing_in
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_passkey(request: HttpRequest) -> HttpResponse:
    user = _newcomer(request)
    if user is None:
        return redirect("second_step")
    return _passkey(request, user, reverse("set_up_factor"), lambda kind: _first(request, user, kind))


@signing_in
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_app(request: HttpRequest) -> HttpResponse:
    user = _newcomer(request)
    if user is None:
        return redirect("second_step")
    return _app(request, user, reverse("set_up_factor"), lambda kind: _first(request, user, kind))


def _first(request: HttpRequest, user: User, kind: str) -> HttpResponse:
    """The first factor is there: the sign-in is whole, and recovery codes are shown at once."""
    reset = granted_reset_of(user)
    if reset is not None:
        factor_resets.use_reset(reset=reset, user=user)
    response = finish(request, user, kind, page="recovery_codes")
    show_new_codes(request, user)
    return response


@own(step_up=True)
@require_http_methods(["GET", "HEAD"])
def add_factor(request: StaffRequest) -> HttpResponse:
    return render(request, "accounts/set_up_factor.html", {"is_first": False})


@own(step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def add_passkey(request: StaffRequest) -> HttpResponse:
    return _passkey(request, request.user, reverse("ways"), lambda kind: _further(request))


@own(step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def add_app(request: StaffRequest) -> HttpResponse:
    return _app(request, request.user, reverse("ways"), lambda kind: _further(request))


def _further(request: StaffRequest) -> HttpResponse:
    if CODES not in kinds_of(request.user):
        show_new_codes(request, request.user)
        return redirect("recovery_codes")
    return redirect("ways")


def _through(request: HttpRequest) -> str:
    """The agency through whose own sign-in this session came, if it did."""
    found = proof_of(request.session) or pending_of(request.session)
    return found.through if found else ""


def _passkey(request: HttpRequest, user: User, back: str, done: Done) -> HttpResponse:
    form = PasskeyForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            passkeys.enroll_passkey(
                request=request,
                user=user,
                name=form.cleaned_data["name"],
                credential=form.cleaned_data["credential"],
                through=_through(request),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return done("passkey")
    context = {"form": form, "options": passkeys.begin_enrollment(user), "back": back}
    return render(request, "accounts/add_passkey.html", context, status=422 if form.is_bound else 200)


def _app(request: HttpRequest, user: User, back: str, done: Done) -> HttpResponse:
    secret = factors.offered_app_secret(request.session, user)
    form = AppSetUpForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            factors.enroll_app(user=user, secret=secret, code=form.cleaned_data["code"], through=_through(request))
        except ValidationError as error:
            form.add_error("code", error)
        else:
            request.session.pop(factors.APP_SECRET, None)
            return done("app")
    context = {
        "form": form,
        "picture": _picture(secret, user),
        "groups": [secret[at : at + 4] for at in range(0, len(secret), 4)],
        "back": back,
    }
    return render(request, "accounts/add_app.html", context, status=422 if form.is_bound else 200)


def _picture(secret: str, user: User) -> SafeString:
    """The secret as a picture that an app's camera reads: drawn in the page, so that it travels nowhere else."""
    from waymark.accounts.actions.factor_keys import FactorAdapter

    drawn = segno.make(FactorAdapter().build_totp_url(user, secret), error="m")
    return mark_safe(drawn.svg_inline(scale=5, border=3, svgclass="app-code", lineclass=None, omitsize=False))  # noqa: S308
