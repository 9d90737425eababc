"""One case: what it is about, what waits, what was told, what was written; and moving it on."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.care.selectors.beside import care_beside
from waymark.cases.actions.moves import move_case, note_reading, plan_case
from waymark.cases.actions.opening import tell_notices
from waymark.cases.forms import MoveForm, NoticeForm, PlanForm
from waymark.cases.models import MOVES, WITH_REASON, Case, Move, State
from waymark.cases.policies import may_work, moves_from
from waymark.cases.selectors import records
from waymark.cases.selectors.around import lines_around, money_around
from waymark.cases.selectors.caseload import workers_of
from waymark.cases.selectors.legal import legal_of, legal_rows
from waymark.cases.selectors.origins import origin_of
from waymark.consent.selectors.beside import shared_lines
from waymark.pages.listing import Ask, ReadOnce
from waymark.people.policies import holds
from waymark.people.selectors import opened_person
from waymark.people.selectors.disagreements import Said, opened_statements, statement_rows
from waymark.people.views.sealed_forms import done_by, sealed_form
from waymark.vault.selectors import secrets_by_kind, unlock_url, vault_in

WORK = Permission.CASES_CASE_WORK
# What each move means for the person and the colleagues, before it is made.
CONSEQUENCES = {
    Move.ACTIVATE: ["The work begins."],
    Move.ARCHIVE: ["The case leaves every list but that of cases put away. It can still be read."],
    Move.BEGIN_CLOSING: ["The case stays open until somebody closes it. Tell the person what happens next."],
    Move.BEGIN_INTAKE: [
        "From an inquiry it becomes an intake. Tell the person where confidentiality ends before more is asked."
    ],
    Move.CLOSE: ["The case is closed. It can be reopened with a reason, and everything in it stays."],
    Move.HOLD: ["Nobody is reminded of it until its day. Choose that day under Plan."],
    Move.KEEP_OPEN: ["The work goes on."],
    Move.REOPEN: ["The case is open again. That it was closed stays in its history."],
    Move.RESUME: ["The work goes on."],
}
# Where on the page stands what the person says is wrong; what is against a note stands with the note.
BESIDE: dict[str, Callable[[Said], bool]] = {
    "plan": lambda one: one.part in {"care.needs", "care.goals"},
    "care": lambda one: one.part == "care.services",
    "legal": lambda one: one.part == "relief.legal",
    "file": lambda one: one.note is None and not one.part.startswith(("care.", "relief.")),
}


def case_or_404(request: StaffRequest, pk: uuid.UUID) -> Case:
    """A case that is open to who asks."""
    found = records.case_for(pk, to=request.user)
    if found is None:
        raise Http404
    tell_look(request, found)
    return found


def tell_look(request: StaffRequest, case: Case) -> None:
    """That a colleague looks into a case is told before anything of it is shown."""
    if request.method in {"GET", "HEAD"} and vault_in(request) is not None:
        note_reading(case=case, by=request.user)


def trail_to(case: Case) -> list[tuple[str, str]]:
    return [("Cases", reverse("cases:list")), (f"Case {case.code}", reverse("cases:detail", args=[case.pk]))]


def form_for(request: StaffRequest, case: Case, form: Any, **context: Any) -> HttpResponse:
    """A form that belongs to a case. Shown again after it was sent, it is a look as well: it may name goals and people."""
    if request.method == "POST" and vault_in(request) is not None:
        note_reading(case=case, by=request.user)
    here = reverse("cases:detail", args=[case.pk])
    return sealed_form(request, form, cancel_url=here, trail=trail_to(case), case=case, **context)


@requires(Permission.CASES_CASE_VIEW)
@require_safe
def case_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The header stands in the open; everything else needs the vault, and a key to this very case."""
    case = case_or_404(request, pk)
    vault = vault_in(request)
    keys = secrets_by_kind(vault, [(records.KIND, case.pk), ("person", case.person_id)]) if vault is not None else {}
    secret, personal = keys.get((records.KIND, case.pk)), keys.get(("person", case.person_id))
    person = opened_person(case.person, personal) if personal is not None else None
    notes = ReadOnce(Ask(request.GET), records.notes_of(case), per_page=20)
    now = timezone.now()
    beside: dict[str, Any] = {}
    rows: dict[str, list[Any]] = {"legal": [], "said": []}
    if vault is not None and person is not None and personal is not None:
        also = {"legal": legal_rows(case), **statement_rows(case.person)}
        beside, rows = care_beside(person, personal, vault=vault, to=request.user, on=timezone.localdate(now), also=also)
    said = opened_statements(rows.get("said", ()), personal) if personal is not None else []
    context = {
        "title": f"Case {case.code}",
        "case": case,
        "person": person,
        "story": records.story_of(case, secret) if secret is not None else {},
        "origin": origin_of(case, secret, to=request.user, at=now) if secret is not None else None,
        "notices": records.opened_notices(case, secret),
        "listing": notes,
        "notes": records.opened_notes(notes.rows, secret, to=request.user, at=now, said=said) if secret is not None else [],
        **{f"said_of_{place}": [one for one in said if is_it(one)] for place, is_it in BESIDE.items()},
        "moves": records.moves_of(case, secret),
        "legal": legal_of(rows["legal"], secret, on=timezone.localdate(now)),
        "next_moves": moves_from(case.state),
        "is_over": case.state in {State.CLOSED, State.ARCHIVED},
        "is_late": case.due_on is not None and case.due_on < timezone.localdate(now),
        **beside,
        "may_share": holds(request.user, Permission.CONSENT_RELEASE_WORK),
        "shared": shared_lines(case.person, personal, to=request.user, at=now),
        "around": lines_around(case, to=request.user, at=now),
        "money": money_around(case, to=request.user, at=now),
        "may_work": may_work(request.user),
        "today": timezone.localdate(now),
        "is_vault_open": vault is not None,
        "is_open_to_us": secret is not None,
        "unlock_url": unlock_url(request.path),
        "trail": [("Cases", reverse("cases:list"))],
    }
    return render(request, "cases/case_detail.html", context)


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def case_plan(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    workers = workers_of(request.user)
    if case.worker_id not in dict(workers):
        workers.append((case.worker_id, f"{case.worker.display_name} (not here now)"))
    initial = {"worker": str(case.worker_id), "due_on": case.due_on}
    form = PlanForm(request.POST if request.method == "POST" else None, workers=workers, initial=initial)

    def act(_: object) -> None:
        data = form.cleaned_data
        plan_case(case=case, worker=uuid.UUID(data["worker"]), due_on=data["due_on"], by=request.user)

    if done_by(request, form, act):
        messages.success(request, "Saved.")
        return redirect("cases:detail", case.pk)
    return form_for(request, case, form, title=f"Plan for case {case.code}")


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def case_move(request: StaffRequest, pk: uuid.UUID, move: str) -> HttpResponse:
    case = case_or_404(request, pk)
    if move not in Move.values:
        raise Http404
    if (case.state, move) not in MOVES:
        messages.warning(request, "A colleague has moved this case meanwhile. Here is where it stands now.")
        return redirect("cases:detail", case.pk)
    form = MoveForm(request.POST if request.method == "POST" else None, move=move)

    def act(vault: Any) -> None:
        reason = form.cleaned_data.get("reason", "")
        move_case(vault=vault, case=case, move=move, reason=reason, by=request.user)

    if done_by(request, form, act):
        messages.success(request, f"The case is {State(MOVES[case.state, move]).label.lower()} now.")
        return redirect("cases:detail", case.pk)
    label = Move(move).label
    return form_for(
        request,
        case,
        form,
        title=f"{label}: case {case.code}",
        consequences=CONSEQUENCES[Move(move)],
        button=label,
        is_grave=move in WITH_REASON and move != Move.REOPEN,
        cancel_label="Go back without changing it",
    )


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_tell(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    form = NoticeForm(request.POST if request.method == "POST" else None)

    def act(vault: Any) -> None:
        data = form.cleaned_data
        tell_notices(vault=vault, case=case, about=tuple(data["about"]), language=data["language"], by=request.user)

    if done_by(request, form, act):
        messages.success(request, "Written down.")
        return redirect("cases:detail", case.pk)
    return form_for(
        request, case, form, template="cases/notice_tell.html", title="What you told them", button="I told them this"
    )
