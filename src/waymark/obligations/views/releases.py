"""What an order names: asked for, approved by somebody else, handed over once."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.consent.formats.scopes import labels_of, offered
from waymark.consent.selectors.terms import is_under_part_two
from waymark.obligations.actions.releases import answer_release, ask_release, hand_over
from waymark.obligations.formats.part_two import in_words
from waymark.obligations.forms.processes import AnswerForm, AskForm
from waymark.obligations.models import CompelledRelease, LegalProcess, ProcessState
from waymark.obligations.selectors import processes
from waymark.obligations.selectors.sealed import words_in
from waymark.obligations.views.papers import paper
from waymark.obligations.views.processes import form_for, process_or_404
from waymark.pages.questions import PlainForm
from waymark.pages.templatetags.pages import day
from waymark.people.selectors import secret_of
from waymark.people.views.sealed_forms import done_by
from waymark.vault.selectors import vault_in

WORK = Permission.OBLIGATIONS_PROCESS_WORK


def _release_or_404(process: LegalProcess, pk: uuid.UUID) -> CompelledRelease:
    found = processes.release_of(process, pk)
    if found is None:
        raise Http404
    return found


def _notes(process: LegalProcess) -> list[tuple[str, str]]:
    """Notes by their day and kind. Without a judge who read them alone, privileged ones are not among them."""
    rows = processes.notes_about(process.person)
    if process.chambers != LegalProcess.Chambers.TO_GIVE:
        rows = rows.exclude(kind="privileged")
    return [
        (str(note.pk), f"{note.get_kind_display()} of {day(note.happened_on)}, case {note.case.code}")
        for note in rows[:200]
    ]


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def release_ask(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    process = process_or_404(request, pk)
    if process.state != ProcessState.ORDERED:
        messages.warning(request, "Nothing is given without a judge's order that stands.")
        return redirect("obligations:process_detail", process.pk)
    form = AskForm(
        request.POST if request.method == "POST" else None,
        notes=_notes(process),
        offered=[scope.code for scope in offered()],
        is_part_two=is_under_part_two(process.person, vault=vault_in(request)),
    )

    def act(vault: Any) -> None:
        data = form.cleaned_data
        ask_release(
            vault=vault,
            process=process,
            fields=data["fields_named"],
            notes=form.notes(),
            words=data["words"],
            mandate=form.mandate(),
            by=request.user,
        )

    if done_by(request, form, act):
        messages.success(request, "Asked. Somebody else who answers courts here approves or refuses it.")
        return redirect("obligations:process_detail", process.pk)
    return form_for(
        request,
        process,
        form,
        title="What the order names",
        lead="Tick only what the order names. What is not ticked is not given.",
        button="Ask for approval",
    )


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def release_answer(request: StaffRequest, pk: uuid.UUID, release: uuid.UUID) -> HttpResponse:
    process = process_or_404(request, pk)
    row = _release_or_404(process, release)
    form = AnswerForm(request.POST if request.method == "POST" else None)

    def act(_: Any) -> None:
        answer_release(release=row, is_approved=form.cleaned_data["answer"] == "approve", by=request.user)

    if done_by(request, form, act):
        messages.success(request, "Answered. Nothing has left yet.")
        return redirect("obligations:process_detail", process.pk)
    vault = vault_in(request)
    secret = secret_of(vault, process.person) if vault is not None else None
    said = words_in(secret, row).get("text", "")
    rule = in_words(words_in(secret, row, "part_two"))
    names = [*labels_of(row.fields), *([f"{len(row.notes)} notes, named one by one"] if row.notes else [])]
    return form_for(
        request,
        process,
        form,
        title="Approve what is given?",
        consequences=[
            f"Asked for by {row.asked_by.display_name if row.asked_by else 'somebody'}: {', '.join(names)}.",
            *([f"The order says: “{said}”"] if said else []),
            *([f"{rule} Look for both yourself."] if rule else []),
            "Compare it with the order itself. Approving hands nothing over yet; it lets a colleague do it, once.",
        ],
        button="Answer",
    )


@requires(WORK, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def release_hand_over(request: StaffRequest, pk: uuid.UUID, release: uuid.UUID) -> HttpResponse:
    """After a fresh proof: the ledger's line, and then the paper."""
    process = process_or_404(request, pk)
    row = _release_or_404(process, release)
    form = PlainForm(request.POST if request.method == "POST" else None)
    made: list[bytes] = []
    if done_by(request, form, lambda vault: made.append(hand_over(vault=vault, release=row, by=request.user))):
        return paper(made[0])
    return form_for(
        request,
        process,
        form,
        title="Make the paper for the court?",
        consequences=[
            "The ledger gets its line first, and the person can read there what was given, to whom and why.",
            "The paper is made once. Take it to the court as the order says, sealed if it says so. Keep no copy here.",
            f"Today is {day(timezone.localdate())}. Have they been told? If not, try before you go on.",
        ],
        button="Write the ledger and make the paper",
        is_grave=True,
        cancel_label="Not now",
    )
