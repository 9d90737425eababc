"""Writing notes: a new one, one's own within a day, and adding to any."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.cases.actions.notes import add_to_note, change_note, write_note
from waymark.cases.forms import AddendumForm, NoteForm
from waymark.cases.models import Case, Note
from waymark.cases.policies import may_change_note
from waymark.cases.selectors import records
from waymark.cases.views.record import case_or_404, form_for
from waymark.people.views.sealed_forms import done_by
from waymark.vault.selectors import vault_in

WORK = Permission.CASES_CASE_WORK


def _note_or_404(case: Case, pk: uuid.UUID) -> Note:
    found = records.note_of(case, pk)
    if found is None:
        raise Http404
    return found


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def note_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    form = NoteForm(request.POST if request.method == "POST" else None, initial={"happened_on": timezone.localdate()})
    if done_by(request, form, lambda vault: write_note(vault=vault, case=case, by=request.user, **form.cleaned_data)):
        messages.success(request, "The note is written. You can correct it for a day.")
        return redirect("cases:detail", case.pk)
    return form_for(
        request,
        case,
        form,
        template="cases/note_new.html",
        title=f"New note in case {case.code}",
        button="Save the note",
        was_told=records.was_told_limits(case),
    )


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def note_change(request: StaffRequest, pk: uuid.UUID, note: uuid.UUID) -> HttpResponse:
    """One's own note within a day; a final one leads to adding."""
    case = case_or_404(request, pk)
    row = _note_or_404(case, note)
    if not may_change_note(request.user, row, at=timezone.now()):
        return redirect("cases:addendum_new", case.pk, row.pk)
    vault = vault_in(request)
    secret = records.secret_of(vault, case) if vault is not None else None
    initial = {"kind": row.kind, "happened_on": row.happened_on}
    if secret is not None:
        initial["text"] = records.text_of(row, secret)
    form = NoteForm(request.POST if request.method == "POST" else None, initial=initial)
    if done_by(
        request, form, lambda vault: change_note(vault=vault, case=case, note=row, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "Corrected.")
        return redirect("cases:detail", case.pk)
    return form_for(request, case, form, title="Correct your note", button="Save the correction", is_correction=True)


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def addendum_new(request: StaffRequest, pk: uuid.UUID, note: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    row = _note_or_404(case, note)
    form = AddendumForm(request.POST if request.method == "POST" else None)
    if done_by(
        request, form, lambda vault: add_to_note(vault=vault, case=case, note=row, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "Added.")
        return redirect("cases:detail", case.pk)
    return form_for(
        request,
        case,
        form,
        title="Add to a note",
        lead="What stands in the note stays. What you add stands below it, with your name and the hour.",
        button="Add",
    )
