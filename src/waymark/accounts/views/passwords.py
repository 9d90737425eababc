"""A forgotten password: a link by mail, a new password, and then the ordinary sign-in with its second step."""

from __future__ import annotations

from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlsafe_base64_decode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import public
from waymark.accounts.actions.attempts import may_try
from waymark.accounts.actions.letters import send_reset_link
from waymark.accounts.actions.passwords import reset_own_password
from waymark.accounts.forms.passwords import ForgottenForm, NewPasswordForm
from waymark.accounts.models import User

LINK = "password_link"


@public
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """The same answer and the same work for every address. Too many letters to one address are not sent, without a word."""
    form = ForgottenForm(request.POST or None)
    if form.is_bound and form.is_valid():
        email = form.cleaned_data["email"]
        if may_try(request=request, kind="reset", account=email.strip().lower()):
            send_reset_link(request=request, email=email)
        return render(request, "accounts/letter_is_coming.html")
    context = {
        "form": form,
        "title": "A new password",
        "lead": "We send you a link. It works for one hour, once.",
        "button": "Send the link",
        "cancel_url": "/sign-in/",
        "cancel_label": "Go back to sign in",
    }
    return render(request, "pages/form_page.html", context, status=422 if form.is_bound else 200)


def _owner(who: str, token: str) -> User | None:
    try:
        found = User.objects.filter(pk=urlsafe_base64_decode(who).decode(), is_active=True).first()
    except (ValueError, ValidationError):
        return None
    return found if found is not None and default_token_generator.check_token(found, token) else None


@public
@require_safe
def password_link(request: HttpRequest) -> HttpResponse:
    """From the letter. The link goes out of sight (history, screen) at once and is used up only by a new password."""
    who, _, token = request.GET.get("t", "")[:200].partition(".")
    request.session[LINK] = [who, token]
    return redirect("new_password")


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    link = request.session.get(LINK)
    user = _owner(*link) if isinstance(link, list) and len(link) == 2 else None
    if user is None:
        return render(request, "accounts/link_is_over.html", status=410)
    form = NewPasswordForm(request.POST or None, user=user)
    if form.is_bound and form.is_valid():
        reset_own_password(user=user, password=form.cleaned_data["password"])
        request.session.flush()
        return render(request, "accounts/password_is_new.html")
    context = {
        "form": form,
        "title": "Choose a new password",
        "lead": "Afterwards you sign in with it, and with your second step as always.",
        "button": "Save the password",
    }
    return render(request, "pages/form_page.html", context, status=422 if form.is_bound else 200)
