"""A court's paper: the first minutes, the list, one of them, its steps."""

from __future__ import annotations

import uuid
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
from waymark.consent.selectors.terms import is_under_part_two
from waymark.obligations.actions.processes import keep_counsel, note_privilege, note_telling, open_process, step_process
from waymark.obligations.formats.part_two import NOT_ENOUGH
from waymark.obligations.forms.moments import ReasonForm
from waymark.obligations.forms.processes import CounselForm, PrivilegeForm, ProcessForm, TellingForm
from waymark.obligations.models import JUDGED, MOVES, WITH_REASON, LegalProcess, Machine, Move, ProcessState
from waymark.obligations.policies.steps import AT_THE_DOOR, WHAT_IT_IS, moves_from
from waymark.obligations.policies.who import answers_courts, may_approve, who_answers_courts
from waymark.obligations.selectors import processes
from waymark.obligations.selectors.sealed import steps_of, words_in
from waymark.pages.listing import Ask, Filter, Listing
from waymark.people.selectors import secret_of
from waymark.people.views.record import person_or_404, trail_to
from waymark.people.views.sealed_forms import done_by, sealed_form
from waymark.vault.selectors import unlock_url, vault_in

VIEW, WORK = Permission.OBLIGATIONS_PROCESS_VIEW, Permission.OBLIGATIONS_PROCESS_WORK
FILTERS = [
    Filter("state", "State", ProcessState.choices),
    Filter("kind", "What", LegalProcess.Kind.choices),
    Filter("due", "Due", [("now", "Today or before, or no day"), ("answer", "Waits for my answer")]),
]
CONSEQUENCES = {
    Move.CONTEST: ["Counsel answers the paper. Nothing is given."],
    Move.ORDER: [
        "A judge has signed an order, and counsel has read it. Nothing leaves by this step: what the order names is "
        "asked for next, and approved by somebody else.",
    ],
    Move.QUASH: [
        "The judge has set it aside. Nothing is given, and what was approved and not yet handed over is not given."
    ],
    Move.WITHDRAW: ["Whoever sent it wants nothing any more."],
    Move.DECLINE: ["We answered, and gave nothing. The paper is done."],
    Move.CLOSE: ["What the order named was given, or was not wanted any more. The paper is done."],
}


def process_or_404(request: StaffRequest, pk: uuid.UUID) -> LegalProcess:
    found = processes.process_for(pk, to=request.user)
    if found is None:
        raise Http404
    return found


def here_of(process: LegalProcess) -> str:
    return reverse("obligations:process_detail", args=[process.pk])


def form_for(request: StaffRequest, process: LegalProcess, form: Any, **context: Any) -> HttpResponse:
    """A form that belongs to a process."""
    trail = [
        ("Papers of courts", reverse("obligations:process_list")),
        (f"{process.get_kind_display()}, file {process.person.code}", here_of(process)),
    ]
    return sealed_form(request, form, cancel_url=here_of(process), trail=trail, **context)


@requires(VIEW)
@require_safe
def door(request: StaffRequest) -> HttpResponse:
    """Somebody stands there with a paper, or it lies on the desk: one step after the other, and nothing to fill in."""
    agency = request.user.acting.agency_id if request.user.acting is not None else uuid.UUID(int=0)
    context = {
        "title": "Somebody wants a record",
        "steps": AT_THE_DOOR,
        "kinds": [(LegalProcess.Kind(kind).label, says) for kind, says in WHAT_IT_IS.items()],
        "counsel": processes.counsel_of(agency),
        "named": [member.user.display_name for member in who_answers_courts(agency)],
        "trail": [("Papers of courts", reverse("obligations:process_list"))],
    }
    return render(request, "obligations/door.html", context)


@requires(VIEW)
@require_safe
def process_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, FILTERS)
    today = timezone.localdate()
    rows = processes.processes_for(request.user)
    if ask.answer("state"):
        rows = rows.filter(state=ask.answer("state"))
    if ask.answer("kind"):
        rows = rows.filter(kind=ask.answer("kind"))
    if ask.answer("due") == "now":
        rows = rows.filter(pk__in=processes.due_processes(request.user, on=today).values("pk"))
    elif ask.answer("due") == "answer":
        rows = rows.filter(pk__in=processes.waiting_releases(request.user).values("process"))
    if ask.words:
        rows = rows.filter(person__code__icontains=ask.words)
    context = {
        "title": "Papers of courts and others",
        "listing": Listing(ask, rows),
        "search_label": "Search by the code of a file",
        "open_states": processes.OPEN_STATES,
        "today": today,
    }
    return render(request, "obligations/process_list.html", context)


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def process_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    person = person_or_404(request, pk)
    form = ProcessForm(request.POST if request.method == "POST" else None, initial={"received_on": timezone.localdate()})
    made: list[LegalProcess] = []

    def act(vault: Any) -> None:
        data = form.cleaned_data
        made.append(
            open_process(
                vault=vault,
                person=person,
                kind=data["kind"],
                received_on=data["received_on"],
                due_on=data["due_on"],
                values=form.words(),
                by=request.user,
            )
        )

    if done_by(request, form, act):
        messages.success(request, "Written down, and nothing was released. Whoever answers courts here was told.")
        return redirect("obligations:process_detail", made[0].pk)
    return sealed_form(
        request,
        form,
        title="A paper came",
        lead="You do not have to hand over anything now. Write down what it is, and counsel is called.",
        button="Write it down",
        cancel_url=reverse("obligations:person", args=[person.pk]),
        trail=trail_to(person),
    )


@requires(VIEW)
@require_safe
def process_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    process = process_or_404(request, pk)
    vault = vault_in(request)
    secret = secret_of(vault, process.person) if vault is not None else None
    today = timezone.localdate()
    releases = processes.releases_of(process, secret)
    context = {
        "title": f"{process.get_kind_display()}, file {process.person.code}",
        "process": process,
        "words": words_in(secret, process),
        "what_it_is": WHAT_IT_IS[process.kind],
        "is_judged": process.kind in JUDGED,
        "steps": steps_of(process, secret),
        "tellings": processes.tellings_of(process, secret),
        "releases": [(one, may_approve(request.user, one.release.asked_by_id)) for one in releases],
        "next_moves": moves_from(Machine.PROCESS, process.state, process.kind),
        "answers_courts": answers_courts(request.user),
        "counsel": processes.counsel_of(process.agency_id),
        "is_open": process.state in processes.OPEN_STATES,
        "is_late": process.due_on is not None and process.due_on < today,
        "is_part_two": process.kind in JUDGED and is_under_part_two(process.person, vault=vault),
        "part_two_words": NOT_ENOUGH,
        "is_vault_open": vault is not None,
        "is_open_to_us": secret is not None,
        "unlock_url": unlock_url(request.path),
        "trail": [("Papers of courts", reverse("obligations:process_list"))],
    }
    return render(request, "obligations/process_detail.html", context)


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def process_move(request: StaffRequest, pk: uuid.UUID, move: str) -> HttpResponse:
    process = process_or_404(request, pk)
    if move not in CONSEQUENCES:
        raise Http404
    if (Machine.PROCESS.value, process.state, move) not in MOVES or (move == Move.ORDER and process.kind not in JUDGED):
        messages.warning(request, "There is no such step from here. This is where the paper stands now.")
        return redirect("obligations:process_detail", process.pk)
    form = ReasonForm(request.POST if request.method == "POST" else None, is_needed=move in WITH_REASON)

    def act(vault: Any) -> None:
        step_process(vault=vault, process=process, move=move, reason=form.cleaned_data["reason"], by=request.user)

    if done_by(request, form, act):
        messages.success(request, f"{ProcessState(process.state).label}.")
        return redirect("obligations:process_detail", process.pk)
    label = Move(move).label
    return form_for(request, process, form, title=label, consequences=CONSEQUENCES[Move(move)], button=label)


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def process_privilege(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    process = process_or_404(request, pk)
    initial = {"claimed_on": process.privilege_claimed_on, "chambers": process.chambers, "due_on": process.due_on}
    form = PrivilegeForm(request.POST if request.method == "POST" else None, initial=initial)

    def act(vault: Any) -> None:
        note_privilege(vault=vault, process=process, by=request.user, **form.cleaned_data)

    if done_by(request, form, act):
        messages.success(request, "Written down.")
        return redirect("obligations:process_detail", process.pk)
    return form_for(request, process, form, title="Privilege and the judge's answer")


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def process_telling(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    process = process_or_404(request, pk)
    form = TellingForm(request.POST if request.method == "POST" else None)

    def act(vault: Any) -> None:
        data = form.cleaned_data
        was_told = data["was_told"] == "yes"
        note_telling(vault=vault, process=process, was_told=was_told, words=data["words"], by=request.user)

    if done_by(request, form, act):
        messages.success(request, "Written down.")
        return redirect("obligations:process_detail", process.pk)
    return form_for(
        request,
        process,
        form,
        title="Telling them that somebody asks",
        lead="By a way that they agreed to. Say what was asked for, by whom, until when, and that they may have a lawyer.",
    )


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def counsel(request: StaffRequest) -> HttpResponse:
    """Whom the agency calls when a paper comes."""
    agency = request.user.acting.agency_id if request.user.acting is not None else uuid.UUID(int=0)
    now = processes.counsel_of(agency)
    initial = {"name": now.name, "phone": now.phone, "hours": now.hours} if now is not None else {}
    form = CounselForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        keep_counsel(by=request.user, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("obligations:door")
    context = {
        "form": form,
        "title": "Whom we call",
        "lead": "The lawyer who answers for your agency. An officer names, under Members, who answers courts here.",
        "cancel_url": reverse("obligations:door"),
        "trail": [("Somebody wants a record", reverse("obligations:door"))],
    }
    return render(request, "pages/form_page.html", context, status=422 if form.is_bound else 200)
