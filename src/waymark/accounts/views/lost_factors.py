"""An officer's page for colleagues who have lost their second factor."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.actions import factor_resets
from waymark.accounts.forms.lost_factors import AskResetForm
from waymark.accounts.models import FactorReset
from waymark.accounts.policies.factor_resets import may_decide_reset
from waymark.accounts.selectors.lost_factors import colleagues_of, resets_for
from waymark.pages.listing import Ask, Listing


@requires(Permission.MEMBER_FACTOR_RESET)
@require_safe
def lost_factor_list(request: StaffRequest) -> HttpResponse:
    """What waits for a second person, and what was decided lately."""
    listing = Listing(Ask(request.GET), resets_for(request.user))
    rows = [(reset, may_decide_reset(request.user, reset)) for reset in listing.rows]
    return render(request, "accounts/lost_factor_list.html", {"listing": listing, "rows": rows})


@requires(Permission.MEMBER_FACTOR_RESET, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_factor_reset(request: StaffRequest) -> HttpResponse:
    form = AskResetForm(request.POST or None, members=colleagues_of(request.user))
    if form.is_bound and form.is_valid():
        try:
            factor_resets.ask_reset(
                membership=form.cleaned_data["member"], how_proved=form.cleaned_data["how_proved"], by=request.user
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Asked. Another officer of your agency must look at it before anything changes.")
            return redirect("lost_factor_list")
    context = {
        "form": form,
        "title": "A colleague has lost their second factor",
        "lead": "Nothing changes yet: a second person looks first. Then you read your colleague a code.",
        "button": "Ask for a second look",
        "cancel_url": "../",
        "cancel_label": "Go back without asking",
    }
    return render(request, "pages/form_page.html", context, status=422 if form.is_bound else 200)


@requires(Permission.MEMBER_FACTOR_RESET, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def decide_factor_reset(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The second look."""
    reset = resets_for(request.user).filter(pk=pk).first()
    if reset is None or not may_decide_reset(request.user, reset):
        raise Http404
    if request.method == "POST" and request.POST.get("decision") == "refuse":
        factor_resets.refuse_reset(reset=reset, by=request.user)
        messages.success(request, "Refused. Nothing has changed.")
        return redirect("lost_factor_list")
    if request.method == "POST" and request.POST.get("decision") == "grant":
        code = factor_resets.grant_reset(reset=reset, by=request.user)
        return render(request, "accounts/handover.html", {"reset": reset, "code": code})
    return render(request, "accounts/decide_factor_reset.html", {"reset": reset, "states": FactorReset.State})
