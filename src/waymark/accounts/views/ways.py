"""My sign-in: the ways in that I have, and the password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, own
from waymark.access.proof import proof_of
from waymark.accounts.actions import factors
from waymark.accounts.actions.passwords import change_own_password
from waymark.accounts.forms.passwords import ChangePasswordForm
from waymark.accounts.selectors.factors import recovery_codes_left, way_of, ways_of


@own()
@require_safe
def ways(request: StaffRequest) -> HttpResponse:
    context = {
        "ways": ways_of(request.user),
        "codes_left": recovery_codes_left(request.user),
        "has_password": request.user.has_usable_password(),
    }
    return render(request, "accounts/ways.html", context)


@own(step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_way(request: StaffRequest, number: int) -> HttpResponse:
    way = way_of(request.user, number)
    if way is None:
        raise Http404
    trouble = ""
    if request.method == "POST":
        try:
            factors.remove_factor(user=request.user, factor_id=number)
        except ValidationError as error:
            trouble = " ".join(error.messages)
        else:
            messages.success(request, f"“{way.name}” is removed.")
            return redirect("ways")
    context = {
        "title": f"Remove “{way.name}”",
        "consequences": ["You can no longer sign in with it. Other ways stay as they are."],
        "trouble": trouble,
        "button": "Remove it",
        "is_grave": True,
        "cancel_url": "../../",
        "cancel_label": "Keep it",
    }
    return render(request, "accounts/confirm.html", context, status=422 if trouble else 200)


@own(step_up=True)
@sensitive_post_parameters("current", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: StaffRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST or None, request=request, user=request.user)
    if form.is_bound and form.is_valid():
        proof = proof_of(request.session)
        change_own_password(user=request.user, password=form.cleaned_data["password"], keep=proof.session if proof else "")
        update_session_auth_hash(request, request.user)
        messages.success(request, "You have a new password. Everywhere else you are signed out.")
        return redirect("ways")
    context = {
        "form": form,
        "title": "Change your password",
        "lead": "You never have to change it by a calendar. Change it when somebody else may know it.",
        "button": "Change the password",
        "cancel_url": "../",
        "cancel_label": "Go back without changing",
    }
    return render(request, "pages/form_page.html", context, status=422 if form.is_bound else 200)
