"""Signing in through one's own agency, and the officer's page that sets it up.

Each agency has a sign-in address of its own, which its officer gives to its members. The sign-in page lists no agencies:
who belongs to the coalition is not for strangers.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.access.guard import StaffRequest, public, requires
from waymark.access.permissions import Permission
from waymark.accounts.actions import agency_sign_in as acts
from waymark.accounts.actions.attempts import may_try
from waymark.accounts.formats.openid import NotTrusted, Start
from waymark.accounts.forms.agency_sign_in import AgencySignInForm
from waymark.accounts.models import AgencySignIn
from waymark.accounts.selectors.agency_sign_in import open_sign_in, sign_in_of
from waymark.accounts.views.signing import start_pending

UNDER_WAY = "agency_sign_in"


def _back(request: HttpRequest, agency: uuid.UUID) -> str:
    return request.build_absolute_uri(reverse("agency_back", kwargs={"agency": agency}))


def _found(agency: uuid.UUID) -> AgencySignIn:
    found = open_sign_in(agency)
    if found is None:
        raise Http404
    return found


def _refuse(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/agency_refused.html", status=422)


@public
@require_safe
def agency_start(request: HttpRequest, agency: uuid.UUID) -> HttpResponse:
    """One link to the agency's provider. A link and not a form: the page's policy lets forms go to this site only."""
    sign_in = _found(agency)
    if not may_try(request=request, kind="agency", account=str(agency)):
        return _refuse(request)
    start = Start.fresh()
    try:
        address = acts.start_address(sign_in=sign_in, start=start, back=_back(request, agency))
    except NotTrusted:
        return _refuse(request)
    request.session[UNDER_WAY] = {
        "agency": str(agency), "start": asdict(start), "next": request.GET.get("next", "")[:500]
    }  # fmt: skip
    return render(request, "accounts/agency_start.html", {"agency": sign_in.agency, "address": address})


@public
@require_safe
def agency_back(request: HttpRequest, agency: uuid.UUID) -> HttpResponse:
    """Back from the provider. Our cookie does not come along from a foreign page (SameSite=Strict), and that is right.

    So this page knows nobody; it sends the answer on to the next one from here, and then the cookie is there.
    """
    _found(agency)
    context = {"agency_id": agency, "code": request.GET.get("code", ""), "state": request.GET.get("state", "")}
    return render(request, "accounts/agency_back.html", context)


@public
@require_POST
def agency_finish(request: HttpRequest, agency: uuid.UUID) -> HttpResponse:
    """Redeem the answer, find the member, and go on to the second step."""
    sign_in = _found(agency)
    under_way = request.session.pop(UNDER_WAY, None)
    if not isinstance(under_way, dict) or under_way.get("agency") != str(agency):
        return _refuse(request)
    start = Start(**under_way["start"])
    state, code = request.POST.get("state", ""), request.POST.get("code", "")
    if not code or not constant_time_compare(state, start.state):
        return _refuse(request)
    try:
        claims = acts.redeem(sign_in=sign_in, start=start, code=code, back=_back(request, agency))
    except NotTrusted:
        return _refuse(request)
    user = acts.member_for(sign_in=sign_in, claims=claims)
    if user is None:
        return _refuse(request)
    start_pending(request, user, factor="agency", wanted=str(under_way.get("next", "")), through=str(agency))
    return redirect("second_step")


@requires(Permission.AGENCY_SIGN_IN_SET_UP, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def agency_sign_in_settings(request: StaffRequest) -> HttpResponse:
    """The officer's page."""
    membership = request.user.acting
    found = sign_in_of(membership.agency_id)
    form = AgencySignInForm(request.POST or None, found=found)
    if form.is_bound and form.is_valid():
        try:
            acts.set_up_agency_sign_in(**form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Saved. Try it in a private window before you tell your colleagues.")
            return redirect("agency_sign_in_settings")
    context = {
        "form": form,
        "title": "Your agency's own sign-in",
        "button": "Save",
        "cancel_url": "/",
        "cancel_label": "Go back without saving",
        "agency": membership.agency,
        "found": found,
        "start_url": request.build_absolute_uri(reverse("agency_start", kwargs={"agency": membership.agency_id})),
        "back_url": _back(request, membership.agency_id),
    }
    return render(request, "accounts/agency_sign_in_settings.html", context, status=422 if form.is_bound else 200)
