"""Signing in and out of the staff site: a password and then a second step, or a passkey, which is both."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from waymark.access.guard import public, signing_in
from waymark.access.proof import proof_of
from waymark.accounts.actions import passkeys
from waymark.accounts.actions.attempts import may_try
from waymark.accounts.actions.sessions import begin_session, tell_sign_out
from waymark.accounts.forms.sign_in import CodeForm, CredentialForm, SignInForm
from waymark.accounts.models import User
from waymark.accounts.selectors.factors import CODES, PASSKEY, granted_reset_of, has_second_factor, kinds_of
from waymark.accounts.views.signing import finish, next_page, pending_user, start_pending

PASSKEY_REFUSED = "That passkey was not accepted. Try again, or sign in with your password."


def _is_signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated and proof_of(request.session) is not None


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Address and password; they lead to the second step and nowhere else."""
    if _is_signed_in(request):
        return redirect(next_page(request.GET.get("next", "")))
    if request.method != "POST":
        form = SignInForm(request=request, initial={"next": request.GET.get("next", "")})
        return render(request, "accounts/sign_in.html", {"form": form})
    form = SignInForm(request.POST, request=request)
    if not form.is_valid() or form.user is None:
        return render(request, "accounts/sign_in.html", {"form": form}, status=422)
    start_pending(request, form.user, factor="password", wanted=form.cleaned_data["next"])
    return redirect("second_step")


@signing_in
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The second factor. Who has none yet sets one up now, and sees no other page before."""
    user = pending_user(request)
    if user is None:
        return redirect("sign_in")
    if not has_second_factor(user):
        return redirect("handover_code" if granted_reset_of(user) else "set_up_factor")
    form = CodeForm(request.POST if "code" in request.POST else None, request=request, user=user)
    refused = ""
    if "credential" in request.POST:
        credential = CredentialForm(request.POST)
        if credential.is_valid() and passkeys.check_passkey(
            request=request, credential=credential.cleaned_data["credential"], user=user
        ):
            return finish(request, user, "passkey")
        refused = PASSKEY_REFUSED
    elif form.is_bound and form.is_valid():
        return finish(request, user, form.factor)
    kinds = kinds_of(user)
    context = {
        "form": form,
        "refused": refused,
        "has_passkey": PASSKEY in kinds,
        "has_codes": bool(kinds - {PASSKEY}),
        "only_codes": kinds - {PASSKEY} == {CODES},
        "options": passkeys.begin_check(user) if PASSKEY in kinds else "",
    }
    return render(request, "accounts/second_step.html", context, status=422 if request.method == "POST" else 200)


@public
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser needs to offer its passkeys of this site: a challenge, and no name. The same for everybody."""
    if not may_try(request=request, kind="passkey", account="anybody"):
        return HttpResponse("{}", content_type="application/json", status=429)
    return HttpResponse(passkeys.begin_check(), content_type="application/json")


@public
@require_POST
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """A passkey that checked its owner is a whole sign-in."""
    credential = CredentialForm(request.POST)
    wanted = request.POST.get("next", "")[:500]
    user: User | None = None
    if credential.is_valid():
        user = passkeys.check_passkey(request=request, credential=credential.cleaned_data["credential"])
    if user is None:
        form = SignInForm(request=request, initial={"next": wanted})
        return render(request, "accounts/sign_in.html", {"form": form, "refused": PASSKEY_REFUSED}, status=422)
    begin_session(request=request, user=user, factors=("passkey",))
    return redirect(next_page(wanted))


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session; the browser forgets pages and drafts of this site."""
    proof = proof_of(request.session)
    if isinstance(request.user, User) and proof is not None:
        tell_sign_out(user=request.user, session_id=proof.session)
    logout(request)
    response = redirect("sign_in")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
