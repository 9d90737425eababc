"""Signing in and out of the staff site."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from waymark.access.guard import public
from waymark.accounts.forms import SignInForm


def _next_page(request: HttpRequest, wanted: str) -> str:
    """Only a page of this very site: a link must not send a staff member elsewhere after signing in."""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/"):
        return wanted
    return "staff_home"


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Session sign-in. Django makes a new session id at sign-in, so an id planted before is worth nothing."""
    if request.user.is_authenticated:
        return redirect("staff_home")
    if request.method != "POST":
        form = SignInForm(request=request, initial={"next": request.GET.get("next", "")})
        return render(request, "accounts/sign_in.html", {"form": form})
    form = SignInForm(request.POST, request=request)
    if not form.is_valid() or form.user is None:
        return render(request, "accounts/sign_in.html", {"form": form}, status=422)
    login(request, form.user)
    return redirect(_next_page(request, form.cleaned_data["next"]))


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session; the browser forgets pages and drafts of this site."""
    logout(request)
    response = redirect("sign_in")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
