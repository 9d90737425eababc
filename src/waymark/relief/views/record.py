"""One relief case: what the rules say, the draft, its papers and its steps."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.law.formats.dated_files import relief_file
from waymark.law.policies.relief import rule_of
from waymark.pages.questions import PlainForm
from waymark.people.policies import Refused
from waymark.people.selectors import opened_person
from waymark.people.views.sealed_forms import LOCKED, done_by, sealed_form
from waymark.relief import policies
from waymark.relief.actions.asking import answer_again, draft_petition, forget_words
from waymark.relief.actions.papers import Form, print_petition
from waymark.relief.actions.steps import move_relief
from waymark.relief.formats.words import read_asked, read_draft
from waymark.relief.forms import DraftForm, QuestionsForm, StepForm
from waymark.relief.models import MOVES, Move, ReliefCase, State
from waymark.relief.selectors import records
from waymark.relief.selectors.holders import holder_lines
from waymark.relief.views.asking import trail
from waymark.vault.selectors import unlock_url, vault_in

VIEW, WORK = Permission.RELIEF_CASE_VIEW, Permission.RELIEF_CASE_WORK
# What each step means, before it is written down.
CONSEQUENCES = {
    Move.REVIEW: ["From here it can be served. Changing a word makes it a draft again, to be reviewed anew."],
    Move.SERVE: [
        "From here on the words of questions and draft stay as they are.",
        "Until now nobody outside your agency knows of this case. You choose afterwards who is sent a packet.",
    ],
    Move.FILE: ["The attorney files; the software files nothing. The clock that service started goes on."],
    Move.SET_HEARING: ["The case is due on that day."],
    Move.ORDER: ["Name every agency that holds rows; each is told to seal and then destroy its own."],
    Move.DENY: ["The case is over. It can be taken up again."],
    Move.CONFIRM: ["The case is over. Its words can be deleted; code, section and days stay, so that counts do."],
    Move.WITHDRAW: ["Nothing more happens here. It can be taken up again on any day, and nobody is told."],
    Move.TAKE_UP: ["It begins again with the questions. Its history stays."],
}
TYPES = {
    Form.PDF: "application/pdf",
    Form.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def case_or_404(request: StaffRequest, pk: uuid.UUID) -> ReliefCase:
    found = records.relief_for(pk, to=request.user)
    if found is None:
        raise Http404
    return found


def form_for(request: StaffRequest, case: ReliefCase, form: Any, **context: Any) -> HttpResponse:
    """A form that belongs to a relief case."""
    here = reverse("relief:detail", args=[case.pk])
    return sealed_form(request, form, cancel_url=here, trail=[*trail(), (f"Relief {case.code}", here)], **context)


@requires(VIEW)
@require_safe
def relief_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Code, state and days in the open; what was asked, answered and drafted with the vault."""
    case = case_or_404(request, pk)
    vault, today = vault_in(request), timezone.localdate()
    secret = records.secret_of(vault, case)
    words = records.words_of(case, secret) if secret is not None else {}
    is_forgotten = bool(words.get("is_forgotten"))
    asked = read_asked(words) if words and not is_forgotten else None
    holders = holder_lines(case, to=request.user)
    context = {
        "title": f"Relief {case.code}",
        "case": case,
        "person": opened_person(case.person, secret) if secret is not None else None,
        "asked": asked,
        "answers": records.answers_of(asked, on=today) if asked is not None else None,
        "facts": relief_file().facts,
        "draft": read_draft(words) if asked is not None else None,
        "is_forgotten": is_forgotten,
        "rule": rule_of(case.section),
        "clock": records.clock_for(case.section),
        "earliest_hearing": policies.earliest_hearing(case.section, case.served_on),
        "holders": holders,
        "has_answers": any(line.waiting() for line in holders),
        "steps": records.steps_of(case),
        "next_moves": [move for move in policies.moves_from(case.state) if move is not Move.DRAFT],
        "may_change_words": policies.may_change_words(case),
        "may_send_petition": case.state in {State.SERVED, State.FILED, State.HEARING},
        "may_confirm": case.state in {State.ORDERED, State.CONFIRMED},
        "may_forget": case.state in policies.OVER and not is_forgotten,
        "is_late": case.due_on is not None and case.due_on < today,
        "is_vault_open": vault is not None,
        "is_open_to_us": secret is not None,
        "unlock_url": unlock_url(request.path),
        "trail": trail(),
    }
    return render(request, "relief/relief_detail.html", context)


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    secret = records.secret_of(vault_in(request), case)
    words = records.words_of(case, secret) if secret is not None else {}
    initial = QuestionsForm.initial_of(read_asked(words)) if words else {}
    form = QuestionsForm(request.POST if request.method == "POST" else None, initial=initial)

    def act(vault: Any) -> None:
        answer_again(vault=vault, case=case, asked=form.asked(), by=request.user)

    if done_by(request, form, act):
        messages.success(request, "Saved. Below is what the rules say today.")
        return redirect("relief:detail", case.pk)
    return form_for(request, case, form, title=f"Questions of relief {case.code}", is_correction=True)


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The draft for a named attorney. Sections that may be worth a look come first; an attorney may choose another."""
    case = case_or_404(request, pk)
    secret = records.secret_of(vault_in(request), case)
    words = records.words_of(case, secret) if secret is not None else {}
    answers = records.answers_in(words, on=timezone.localdate()) if words else None
    offered = [
        (answer.rule.section, f"{answer.rule.section}: {answer.verdict.value}")
        for answer in (*answers.asking, *answers.others)
    ] if answers is not None else [(rule.section, rule.section) for rule in relief_file().rules]  # fmt: skip
    initial = {"section": case.section, **vars(read_draft(words))} if words else {"section": case.section}
    form = DraftForm(request.POST if request.method == "POST" else None, offered=offered, initial=initial)

    def act(vault: Any) -> None:
        section = form.cleaned_data["section"]
        draft_petition(vault=vault, case=case, section=section, draft=form.draft(), by=request.user)

    if done_by(request, form, act):
        messages.success(request, "Drafted. Print it for the attorney; it is reviewed before it is served.")
        return redirect("relief:detail", case.pk)
    return form_for(request, case, form, title=f"Draft a petition: relief {case.code}", is_correction=bool(case.section))


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: StaffRequest, pk: uuid.UUID, move: str) -> HttpResponse:
    case = case_or_404(request, pk)
    if move not in Move.values or move == Move.DRAFT:
        raise Http404
    if (case.state, move) not in MOVES:
        messages.warning(request, "A colleague has moved this case meanwhile. Here is where it stands now.")
        return redirect("relief:detail", case.pk)
    form = StepForm(request.POST if request.method == "POST" else None, move=move)

    def act(vault: Any) -> None:
        move_relief(vault=vault, case=case, move=move, on=form.day, by=request.user)

    if done_by(request, form, act):
        messages.success(request, f"Written down: {State(MOVES[case.state, move]).label.lower()}.")
        return redirect("relief:detail", case.pk)
    label = Move(move).label
    return form_for(
        request,
        case,
        form,
        title=f"{label}: relief {case.code}",
        consequences=CONSEQUENCES[Move(move)],
        button="Write it down",
        cancel_label="Go back without changing it",
    )


@requires(WORK)
@require_POST
def paper(request: StaffRequest, pk: uuid.UUID, form: str) -> HttpResponse:
    """The draft as a file. A press of a button and not a visit, because the ledger gets a line first."""
    case = case_or_404(request, pk)
    if form not in set(Form):
        raise Http404
    vault = vault_in(request)
    if vault is None:
        messages.error(request, LOCKED)
        return redirect("relief:detail", case.pk)
    try:
        made = print_petition(vault=vault, case=case, form=Form(form), by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("relief:detail", case.pk)
    response = HttpResponse(made, content_type=TYPES[Form(form)])
    response.headers["Content-Disposition"] = f'attachment; filename="draft-{case.code}.{form}"'
    return response


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if done_by(request, form, lambda vault: forget_words(vault=vault, case=case, by=request.user)):
        messages.success(request, "The words are deleted.")
        return redirect("relief:detail", case.pk)
    return form_for(
        request,
        case,
        form,
        title=f"Delete the words of relief {case.code}?",
        consequences=[
            "Questions, answers, declaration and names are deleted here for good. Code, section, steps and days stay.",
            "Backups hold them, sealed, until they run out. What was printed or filed is not reached.",
        ],
        button="Delete the words",
        is_grave=True,
        cancel_label="Keep them",
    )
