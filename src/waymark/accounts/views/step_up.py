"""Before a sensitive act: prove once more that it is you, and go on with what you were doing.

The page stands at the address of the act itself. What was already typed travels in the page, through the browser and back,
and is not stored anywhere on the way; then the act's own view gets it as if nothing had happened. Files and secrets
(passwords, passphrases, codes) are the exception: they are asked for again by the act's own form.
"""

from __future__ import annotations

import re

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render

from waymark.access.guard import StaffRequest
from waymark.accounts.actions import passkeys
from waymark.accounts.actions.sessions import prove_again
from waymark.accounts.forms.sign_in import CodeForm, CredentialForm
from waymark.accounts.selectors.factors import PASSKEY, kinds_of

PREFIX = "step_up-"
CODE, CREDENTIAL, METHOD = f"{PREFIX}code", f"{PREFIX}credential", f"{PREFIX}method"
SECRET_WORDS = frozenset({"password", "passphrase", "secret", "pin"})
SECRET_NAMES = frozenset({"code", "credential", "csrfmiddlewaretoken"})
PASSKEY_REFUSED = "That passkey was not accepted. Try again."


def _is_secret(name: str) -> bool:
    """True for a field whose content must not stand in a page, and for our own."""
    return name.startswith(PREFIX) or name in SECRET_NAMES or bool(SECRET_WORDS & set(re.split(r"[-_\d]", name.lower())))


def _carried(request: StaffRequest) -> list[tuple[str, str]]:
    """What was typed, as hidden fields; secrets stay behind."""
    return [(name, value) for name, values in request.POST.lists() if not _is_secret(name) for value in values]


def ask(request: StaffRequest) -> HttpResponseBase | None:
    """The page that asks; None when the answer has just come and fits, so that the act goes on."""
    answered = request.method == "POST" and METHOD in request.POST
    was_post = request.POST.get(METHOD) == "POST" if answered else request.method == "POST"
    form = CodeForm(request.POST if CODE in request.POST else None, request=request, user=request.user, prefix=PREFIX[:-1])
    refused, factor = "", ""
    if answered and request.POST.get(CREDENTIAL):
        credential = CredentialForm({"credential": request.POST[CREDENTIAL]})
        fits = credential.is_valid() and passkeys.check_passkey(
            request=request, credential=credential.cleaned_data["credential"], user=request.user
        )
        factor, refused = ("passkey", "") if fits else ("", PASSKEY_REFUSED)
    elif answered and form.is_bound and form.is_valid():
        factor = form.factor
    if factor:
        prove_again(request=request, user=request.user, factor=factor)
        if not was_post:
            return redirect(request.get_full_path())
        _give_back(request)
        return None
    return _page(request, form if answered else _empty(request), refused, was_post)


def _empty(request: StaffRequest) -> CodeForm:
    return CodeForm(request=request, user=request.user, prefix=PREFIX[:-1])


def _give_back(request: StaffRequest) -> None:
    """Give the act's own view what was typed, without our fields."""
    kept = QueryDict(mutable=True)
    for name, value in _carried(request):
        kept.appendlist(name, value)
    kept._mutable = False
    request.POST = kept  # type: ignore[assignment]


def _page(request: StaffRequest, form: CodeForm, refused: str, was_post: bool) -> HttpResponse:
    kinds = kinds_of(request.user)
    context = {
        "form": form,
        "refused": refused,
        "has_passkey": PASSKEY in kinds,
        "has_codes": bool(kinds - {PASSKEY}),
        "options": passkeys.begin_check(request.user) if PASSKEY in kinds else "",
        "carried": _carried(request),
        "method": "POST" if was_post else "GET",
        "had_files": bool(request.FILES),
        "credential_name": CREDENTIAL,
        "method_name": METHOD,
    }
    response = render(request, "accounts/step_up.html", context, status=401)
    response["WWW-Authenticate"] = 'Waymark realm="staff"'
    return response
