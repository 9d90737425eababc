"""Answering a decision, and saying that an objection is met."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.views.steps import attempted
from waymark.coalition.actions import decisions as actions
from waymark.coalition.forms.decisions import ResolveForm, StanceForm
from waymark.coalition.models import Way
from waymark.coalition.policies import decisions as policies
from waymark.coalition.policies.decisions import Event
from waymark.coalition.selectors import decisions as selectors
from waymark.coalition.views.asking import bound, form_page
from waymark.coalition.views.decisions import decision_or_404, detail_context, trail_of, url_of


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_POST
def stance_give(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The form stands on the decision's page. Whoever sends it too late is told so there."""
    decision = decision_or_404(request, pk)
    if not policies.may_answer(request.user, decision):
        raise Http404
    if not policies.fits(decision, Event.GIVE, at=timezone.now()):
        messages.error(request, policies.TROUBLES[Event.GIVE])
        return redirect(url_of(decision))
    slots = list(decision.slots.all()) if decision.way == Way.TIME_POLL else []
    form = StanceForm(request.POST, decision=decision, slots=slots)

    def act() -> None:
        actions.give_stance(decision=decision, **form.values(), by=request.user)

    if form.is_valid() and attempted(form, act):
        messages.success(request, "Your answer is noted. You can change it until the decision closes.")
        return redirect(url_of(decision))
    return render(request, "coalition/decision_detail.html", detail_context(request, decision, form), status=422)


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def objection_resolve(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    own = selectors.own_objection(request.user, pk)
    if own is None or not policies.may_resolve(request.user, own):
        raise Http404
    decision = own.decision
    if not policies.fits(decision, Event.RESOLVE, at=timezone.now()):
        raise Http404
    form = ResolveForm(bound(request))

    def act() -> str:
        actions.resolve_objection(stance=own, resolution=form.cleaned_data["resolution"], by=request.user)
        return url_of(decision)

    return form_page(
        request, form, act, done="Your objection is noted as met.", title="Is your objection met?",
        lead="What you said stays to be read. It no longer stands in the way.", trail=trail_of(decision),
        button="It is met", cancel_url=url_of(decision), cancel_label="It is not met",
    )  # fmt: skip
