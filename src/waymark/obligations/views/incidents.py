"""Incidents: found, contained, told, closed, with their clocks; and drills."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.law.policies.clocks import due_at
from waymark.obligations.actions import incidents as actions
from waymark.obligations.forms.incidents import CorrectForm, IncidentForm, ReachedForm, ToldForm
from waymark.obligations.forms.moments import ReasonForm
from waymark.obligations.models import MOVES, Incident, IncidentState, Machine, Move, PersonReached
from waymark.obligations.policies.steps import moves_from
from waymark.obligations.selectors import incidents
from waymark.obligations.selectors.sealed import secret_of_incident, steps_of, words_in
from waymark.pages.listing import Ask, Filter, Listing
from waymark.people.models import Person
from waymark.people.policies import CHANNELS, Refused, holds, may_contact, visible
from waymark.people.selectors import safe_ways, secret_of
from waymark.people.views.sealed_forms import done_by, sealed_form
from waymark.vault.selectors import unlock_url, vault_in

KEEP, SHOW = Permission.OBLIGATIONS_INCIDENT_KEEP, Permission.OBLIGATIONS_RECORD_SHOW
FILTERS = [
    Filter("state", "State", IncidentState.choices),
    Filter("drill", "Drills", [("no", "No drills"), ("only", "Drills only")]),
]
CONSEQUENCES = {
    Move.CONTAIN: ["What could go further was stopped: a password changed, a device locked, a letter called back."],
    Move.SPREAD: ["It was not stopped after all. The clocks run on as they did."],
    Move.CLOSE: ["Everybody was told who has to be. It can be opened again."],
    Move.REOPEN: ["There is more to do. That it was closed stays in its history."],
}


def incident_or_404(request: StaffRequest, pk: uuid.UUID) -> Incident:
    found = incidents.incident_for(pk, to=request.user)
    if found is None:
        raise Http404
    return found


def here_of(incident: Incident) -> str:
    return reverse("obligations:incident_detail", args=[incident.pk])


def _trail(incident: Incident) -> list[tuple[str, str]]:
    return [("Incidents", reverse("obligations:incident_list")), (incident.get_kind_display(), here_of(incident))]


def done_without_vault(form: forms.BaseForm, act: Any) -> bool:
    """As `done_by`, for what an administrator does who has no vault."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        with transaction.atomic():
            act()
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _form_page(request: StaffRequest, form: forms.BaseForm, **context: Any) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "obligations/incident_form.html", {"form": form, **context}, status=status)


@requires(KEEP)
@require_safe
def incident_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, FILTERS)
    rows = incidents.incidents_for(request.user)
    if ask.answer("state"):
        rows = rows.filter(state=ask.answer("state"))
    if ask.answer("drill"):
        rows = rows.filter(is_drill=ask.answer("drill") == "only")
    context = {
        "title": "Incidents",
        "listing": Listing(ask, rows),
        "primary_url": reverse("obligations:incident_new"),
        "primary_label": "Something got out",
        "now": timezone.now(),
    }
    return render(request, "obligations/incident_list.html", context)


@requires(KEEP)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def incident_new(request: StaffRequest) -> HttpResponse:
    vault = vault_in(request)
    here = timezone.localtime()
    initial = {"on": here.date(), "at": here.time().replace(second=0, microsecond=0), "reach": "unknown"}
    form = IncidentForm(request.POST if request.method == "POST" else None, can_seal=vault is not None, initial=initial)
    made: list[Incident] = []

    def act() -> None:
        data = form.cleaned_data
        made.append(
            actions.open_incident(
                vault=vault,
                kind=data["kind"],
                reach=data["reach"],
                found_at=form.moment(),
                about_people=data["about_people"],
                is_drill=data["is_drill"],
                words=data.get("words", ""),
                by=request.user,
            )
        )

    if done_without_vault(form, act):
        messages.success(request, "Written down. The clocks run.")
        return redirect("obligations:incident_detail", made[0].pk)
    return _form_page(
        request,
        form,
        title="Something got out, or may",
        lead="Write it down even if you are not sure. Nobody is blamed for writing it down, and the clocks have "
        "begun anyway.",
        button="Write it down",
        cancel_url=reverse("obligations:incident_list"),
        trail=[("Incidents", reverse("obligations:incident_list"))],
        is_vault_open=vault is not None,
        unlock_url=unlock_url(request.path),
    )


@requires(KEEP)
@require_safe
def incident_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    incident = incident_or_404(request, pk)
    vault = vault_in(request)
    secret = secret_of_incident(vault, incident.pk) if vault is not None else None
    now = timezone.now()
    found = timezone.localtime(incident.found_at)
    context = {
        "title": incident.get_kind_display(),
        "incident": incident,
        "words": words_in(secret, incident).get("text", ""),
        "reached": incidents.reached_in(incident, to=request.user),
        "untold": incidents.untold_in(incident),
        "may_add": holds(request.user, SHOW) and not incident.is_drill,
        "steps": steps_of(incident, secret),
        "next_moves": moves_from(Machine.INCIDENT, incident.state),
        "is_justice_late": not incident.justice and incident.justice_due_at < now,
        "is_people_late": incident.people_due_at < now,
        "hipaa_due_at": due_at("hipaa_breach", found),
        "trail": [("Incidents", reverse("obligations:incident_list"))],
    }
    return render(request, "obligations/incident_detail.html", context)


@requires(KEEP)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def incident_move(request: StaffRequest, pk: uuid.UUID, move: str) -> HttpResponse:
    incident = incident_or_404(request, pk)
    if move not in CONSEQUENCES:
        raise Http404
    if (Machine.INCIDENT.value, incident.state, move) not in MOVES:
        messages.warning(request, "A colleague has moved this meanwhile. Here is where it stands now.")
        return redirect("obligations:incident_detail", incident.pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    vault = vault_in(request)

    def act() -> None:
        reason = form.cleaned_data["reason"]
        actions.step_incident(vault=vault, incident=incident, move=move, reason=reason, by=request.user)

    if done_without_vault(form, act):
        messages.success(request, f"{IncidentState(incident.state).label}.")
        return redirect("obligations:incident_detail", incident.pk)
    label = Move(move).label
    return _form_page(
        request,
        form,
        title=label,
        consequences=CONSEQUENCES[Move(move)],
        button=label,
        cancel_url=here_of(incident),
        trail=_trail(incident),
    )


@requires(KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def incident_change(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    incident = incident_or_404(request, pk)
    initial = {"reach": incident.reach, "about_people": incident.about_people, "justice": incident.justice}
    form = CorrectForm(request.POST if request.method == "POST" else None, initial=initial)
    if done_without_vault(form, lambda: actions.correct_incident(incident=incident, by=request.user, **form.cleaned_data)):
        messages.success(request, "Saved.")
        return redirect("obligations:incident_detail", incident.pk)
    return _form_page(request, form, title="What was learned since", cancel_url=here_of(incident), trail=_trail(incident))


@requires(SHOW)
@require_http_methods(["GET", "HEAD", "POST"])
def reached_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Somebody whom it concerns: by the code of their file, and only a file that is open to the asker."""
    incident = incident_or_404(request, pk)
    form = ReachedForm(request.POST if request.method == "POST" else None)

    def act(vault: Any) -> None:
        person = visible(Person.objects.all(), to=request.user).filter(code=form.cleaned_data["code"]).first()
        if person is None:
            raise Refused("No file that you can open has this code.")
        actions.add_reached(vault=vault, incident=incident, person=person, by=request.user)

    if done_by(request, form, act):
        messages.success(request, "They are on the list. Tell them by a way that they agreed to.")
        return redirect("obligations:incident_detail", incident.pk)
    return sealed_form(
        request, form, title="Somebody whom it concerns", cancel_url=here_of(incident), trail=_trail(incident)
    )


def _reached_or_404(request: StaffRequest, incident: Incident, pk: uuid.UUID) -> PersonReached:
    found = incidents.reached_in(incident, to=request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@requires(SHOW)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def reached_told(request: StaffRequest, pk: uuid.UUID, reached: uuid.UUID) -> HttpResponse:
    """Only ways that they agreed to, and only those of this hour, are offered."""
    incident = incident_or_404(request, pk)
    row = _reached_or_404(request, incident, reached)
    vault = vault_in(request)
    secret = secret_of(vault, row.person) if vault is not None else None
    names, now = dict(CHANNELS), timezone.now()
    ways = [
        (str(way), names.get(agreed.channel, agreed.channel))
        for way, agreed in (safe_ways(row.person, secret) if secret is not None else [])
        if may_contact([agreed], agreed.channel, now).is_ok
    ]
    form = ToldForm(request.POST if request.method == "POST" else None, ways=ways)

    def act(open_vault: Any) -> None:
        data = form.cleaned_data
        actions.tell_reached(vault=open_vault, reached=row, way=data["way"], words=data["words"], by=request.user)

    if done_by(request, form, act):
        messages.success(request, "Written down.")
        return redirect("obligations:incident_detail", incident.pk)
    return sealed_form(
        request,
        form,
        title=f"Telling them: file {row.person.code}",
        lead="Say what got out, what you did about it, and what they could do. Ways that they did not agree to "
        "for this hour "
        "are not offered.",
        cancel_url=here_of(incident),
        trail=_trail(incident),
    )
