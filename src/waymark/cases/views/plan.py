"""The plan in a case: needs, goals and steps of the person and of their children, begun, changed, ended, opened again."""

from __future__ import annotations

import uuid
from typing import Any, TypeVar

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.care.actions import plan as acts
from waymark.care.forms.plan import DropForm, GoalForm, NeedForm, StepForm
from waymark.care.models import Goal, Need, Planned, Progress, Step
from waymark.care.selectors.plan import PARTS, open_goals_of, part_for
from waymark.cases.views.beside import Beside, beside, member_or_404, reachable
from waymark.cases.views.record import form_for
from waymark.people.policies import Refused
from waymark.people.selectors.opened import opened_row
from waymark.people.views.sealed_forms import done_by
from waymark.vault.selectors import unlock_url

WORK = Permission.CASES_CASE_WORK
PLAN = "#plan-title"
Part = TypeVar("Part", bound=Planned)


def _part_or_404(request: StaffRequest, here: Beside, model: type[Part], pk: uuid.UUID) -> Part:
    found = part_for(model, pk, of=reachable(request, here.case), to=request.user)
    if found is None:
        raise Http404
    return found


def _kind_or_404(kind: str) -> type[Planned]:
    if kind not in PARTS:
        raise Http404
    return PARTS[kind]


def _back(here: Beside) -> HttpResponse:
    answer = redirect("cases:detail", here.case.pk)
    answer["Location"] += PLAN
    return answer


def _said(request: StaffRequest, here: Beside, part: Planned) -> dict[str, Any]:
    """What a part says, where it can be opened."""
    key = next((one.secret for one in here.household(request) if one.person.pk == part.person_id), None)
    return opened_row(part, key) if key is not None else {}


def _pairs(request: StaffRequest, here: Beside, person: uuid.UUID, also: uuid.UUID | None = None) -> list[Any]:
    """Open goals of the others in the household that have no pair, and the one that a goal has now."""
    others = {one.person.pk: one for one in here.household(request) if one.person.pk != person}
    rows = list(open_goals_of(others, to=request.user))
    if also is not None:
        kept = part_for(Goal, also, of=others, to=request.user)
        rows += [kept] if kept is not None else []
    return [
        (row.pk, f"{others[row.person_id].called}: {opened_row(row, others[row.person_id].secret).get('text', '')}")
        for row in rows
    ]


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def need_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    here = beside(request, pk)
    people = [(one.person.pk, one.called) for one in here.household(request)]
    form = NeedForm(
        request.POST if request.method == "POST" else None,
        people=people or [(here.case.person_id, f"File {here.case.person.code}")],
    )

    def act(vault: Any) -> None:
        data = form.cleaned_data
        acts.add_need(
            vault=vault,
            person=member_or_404(request, here.case, form.whose_pk()),
            case=here.case.pk,
            domain=data["domain"],
            text=data["text"],
            due_on=data["due_on"],
            on=timezone.localdate(),
            by=request.user,
        )

    if done_by(request, form, act):
        messages.success(request, "The need is in the plan. Now ask where they want to be: that is the goal.")
        return _back(here)
    return form_for(
        request, here.case, form, title="What is needed", lead="What they say, not what we have to offer.", button="Add it"
    )


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def goal_new(request: StaffRequest, pk: uuid.UUID, need: uuid.UUID) -> HttpResponse:
    here = beside(request, pk)
    row = _part_or_404(request, here, Need, need)
    form = GoalForm(request.POST if request.method == "POST" else None, pairs=_pairs(request, here, row.person_id))

    def act(vault: Any) -> None:
        data = form.cleaned_data
        acts.set_goal(vault=vault, need=row, text=data["text"], due_on=data["due_on"], pair=form.pair_pk(), by=request.user)

    if done_by(request, form, act):
        messages.success(request, "The goal is in the plan. What is the first small step?")
        return _back(here)
    return form_for(
        request, here.case, form, title="A goal", lead=_said(request, here, row).get("text", ""), button="Set it"
    )


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def step_new(request: StaffRequest, pk: uuid.UUID, goal: uuid.UUID) -> HttpResponse:
    here = beside(request, pk)
    row = _part_or_404(request, here, Goal, goal)
    form = StepForm(request.POST if request.method == "POST" else None)
    if done_by(request, form, lambda vault: acts.add_step(vault=vault, goal=row, by=request.user, **form.cleaned_data)):
        messages.success(request, "The step is in the plan.")
        return _back(here)
    return form_for(
        request, here.case, form, title="A step", lead=_said(request, here, row).get("text", ""), button="Add it"
    )


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def goal_change(request: StaffRequest, pk: uuid.UUID, goal: uuid.UUID) -> HttpResponse:
    here = beside(request, pk)
    row = _part_or_404(request, here, Goal, goal)
    initial = {"text": _said(request, here, row).get("text", ""), "due_on": row.due_on, "pair": str(row.pair_id or "")}
    form = GoalForm(
        request.POST if request.method == "POST" else None,
        pairs=_pairs(request, here, row.person_id, row.pair_id),
        initial=initial,
    )

    def act(vault: Any) -> None:
        data = form.cleaned_data
        acts.change_goal(
            vault=vault, goal=row, text=data["text"], due_on=data["due_on"], pair=form.pair_pk(), by=request.user
        )

    if done_by(request, form, act):
        messages.success(request, "Changed. The goal before stays in the history of the plan.")
        return _back(here)
    return form_for(request, here.case, form, title="Change this goal", button="Change it", is_correction=True)


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def step_change(request: StaffRequest, pk: uuid.UUID, step: uuid.UUID) -> HttpResponse:
    here = beside(request, pk)
    row = _part_or_404(request, here, Step, step)
    said = _said(request, here, row)
    initial = {"text": said.get("text", ""), "who": said.get("who", "person"), "due_on": row.due_on}
    form = StepForm(request.POST if request.method == "POST" else None, initial=initial)
    if done_by(request, form, lambda vault: acts.change_step(vault=vault, step=row, by=request.user, **form.cleaned_data)):
        messages.success(request, "Changed. The step before stays in the history of the plan.")
        return _back(here)
    return form_for(request, here.case, form, title="Change this step", button="Change it", is_correction=True)


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def part_drop(request: StaffRequest, pk: uuid.UUID, kind: str, part: uuid.UUID) -> HttpResponse:
    here = beside(request, pk)
    row = _part_or_404(request, here, _kind_or_404(kind), part)
    form = DropForm(request.POST if request.method == "POST" else None)

    def act(vault: Any) -> None:
        why = form.cleaned_data["why_dropped"]
        acts.end_part(vault=vault, part=row, state=Progress.DROPPED, why=why, by=request.user)

    if done_by(request, form, act):
        messages.success(request, "Dropped. It stays in the history of the plan, and can be opened again.")
        return _back(here)
    return form_for(
        request,
        here.case,
        form,
        title=f"Drop this {kind}?",
        consequences=[
            _said(request, here, row).get("text", "") or "Its words are sealed.",
            "Nobody is reminded of it any more, nor of what is open below it. All of it stays, and can be opened again.",
        ],
        button="Drop it",
        is_grave=True,
        cancel_label="Keep it",
    )


def _press(request: StaffRequest, pk: uuid.UUID, kind: str, part: uuid.UUID, act: Any, said: str) -> HttpResponse:
    """What one press of a button does; what refuses it stands above the case."""
    here = beside(request, pk)
    row = _part_or_404(request, here, _kind_or_404(kind), part)
    if here.vault is None:
        return redirect(unlock_url(request.path_info.rsplit("/plan/", 1)[0] + "/"))
    try:
        act(vault=here.vault, part=row, by=request.user)
        messages.success(request, said)
    except Refused as refused:
        messages.error(request, str(refused))
    return _back(here)


@requires(WORK)
@require_POST
def part_met(request: StaffRequest, pk: uuid.UUID, kind: str, part: uuid.UUID) -> HttpResponse:
    return _press(
        request,
        pk,
        kind,
        part,
        lambda vault, part, by: acts.end_part(vault=vault, part=part, state=Progress.MET, why="", by=by),
        "Done. If that was the wrong one, open it again.",
    )


@requires(WORK)
@require_POST
def part_reopen(request: StaffRequest, pk: uuid.UUID, kind: str, part: uuid.UUID) -> HttpResponse:
    return _press(request, pk, kind, part, acts.reopen_part, "It is open again.")
