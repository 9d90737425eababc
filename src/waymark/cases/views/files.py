"""The files of a case: a list, a picture of each page, and a way out that is written down first."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.cases.actions.files import add_file, remove_file, take_file_out
from waymark.cases.formats.file_kinds import NotTaken
from waymark.cases.formats.reading_room import page_apart
from waymark.cases.forms import FileForm, TakeOutForm
from waymark.cases.models import Case, CaseFile
from waymark.cases.selectors import files as selected
from waymark.cases.selectors.records import secret_of
from waymark.cases.views.record import WORK, case_or_404, form_for, trail_to
from waymark.pages.listing import Ask, Listing
from waymark.pages.questions import PlainForm
from waymark.people.views.sealed_forms import done_by
from waymark.vault.selectors import OpenVault, unlock_url, vault_in

PAGES_SHOWN = 20


def _file_or_404(case: Case, pk: uuid.UUID) -> CaseFile:
    found = selected.file_of(case, pk)
    if found is None:
        raise Http404
    return found


def _trail(case: Case) -> list[tuple[str, str]]:
    return [*trail_to(case), ("Files", reverse("cases:file_list", args=[case.pk]))]


@requires(Permission.CASES_CASE_VIEW)
@require_safe
def file_list(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    vault = vault_in(request)
    secret = secret_of(vault, case) if vault is not None else None
    listing = Listing(Ask(request.GET), selected.files_of(case))
    context = {
        "title": f"Files of case {case.code}",
        "case": case,
        "listing": listing,
        "files": [(row, selected.opened_file(row, secret) if secret is not None else None) for row in listing.rows],
        "is_vault_open": vault is not None,
        "unlock_url": unlock_url(request.path),
        "primary_url": reverse("cases:file_new", args=[case.pk]),
        "primary_label": "Add a file",
        "trail": trail_to(case),
    }
    return render(request, "cases/file_list.html", context)


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def file_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    is_sent = request.method == "POST"
    form = FileForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if done_by(request, form, lambda vault: add_file(vault=vault, case=case, by=request.user, **form.cleaned_data)):
        messages.success(request, "The file is kept. Delete it on your phone or computer, also where deleted things lie.")
        return redirect("cases:file_list", case.pk)
    if is_sent and form.errors and "file" not in form.errors:
        form.add_error("file", "Choose the file again: a browser does not keep it.")
    return form_for(request, case, form, title="Add a file", button="Add it", lead="A photo of a paper is enough.")


@requires(Permission.CASES_CASE_VIEW)
@require_safe
def file_detail(request: StaffRequest, pk: uuid.UUID, file: uuid.UUID) -> HttpResponse:
    """The file as pictures of its pages, or as plain words: what would run in a browser never reaches it."""
    case = case_or_404(request, pk)
    row = _file_or_404(case, file)
    vault = vault_in(request)
    secret = secret_of(vault, case) if vault is not None else None
    opened = selected.opened_file(row, secret) if secret is not None else None
    text = ""
    if opened is not None and secret is not None and opened.is_text:
        text = selected.open_content(row, secret).decode()
    context = {
        "title": opened.called if opened is not None else "A sealed file",
        "case": case,
        "row": row,
        "file": opened,
        "text": text,
        "pages": range(1, min(opened.pages, PAGES_SHOWN) + 1) if opened is not None and not opened.is_text else [],
        "more_pages": max(opened.pages - PAGES_SHOWN, 0) if opened is not None else 0,
        "is_vault_open": vault is not None,
        "unlock_url": unlock_url(request.path),
        "trail": _trail(case),
    }
    return render(request, "cases/file_detail.html", context)


@requires(Permission.CASES_CASE_VIEW)
@require_safe
def file_page(request: StaffRequest, pk: uuid.UUID, file: uuid.UUID) -> HttpResponse:
    """One page as a picture, drawn in a process without rights."""
    case = case_or_404(request, pk)
    row = _file_or_404(case, file)
    vault = vault_in(request)
    secret = secret_of(vault, case) if vault is not None else None
    if secret is None:
        return redirect("cases:file_detail", case.pk, row.pk)
    opened = selected.opened_file(row, secret)
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() else 0
    if opened.is_text or not 1 <= number <= min(opened.pages, PAGES_SHOWN):
        raise Http404
    try:
        drawn = page_apart(selected.open_content(row, secret), opened.media_type, number - 1)
    except NotTaken:
        raise Http404 from None
    return HttpResponse(drawn, content_type="image/png")


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def file_take(request: StaffRequest, pk: uuid.UUID, file: uuid.UUID) -> HttpResponse:
    """The file itself, under a name that says nothing, after a line in the ledger."""
    case = case_or_404(request, pk)
    row = _file_or_404(case, file)
    form = TakeOutForm(request.POST if request.method == "POST" else None)
    taken: list[tuple[selected.OpenedFile, bytes]] = []

    def act(vault: OpenVault) -> None:
        for_whom = form.cleaned_data["for_whom"]
        taken.append(take_file_out(vault=vault, case=case, file=row, for_whom=for_whom, by=request.user))

    if done_by(request, form, act):
        opened, content = taken[0]
        answer = HttpResponse(content, content_type=opened.media_type)
        answer["Content-Disposition"] = f'attachment; filename="document{opened.ending}"'
        return answer
    return form_for(
        request,
        case,
        form,
        title="Save this file on your device",
        consequences=[
            "On your device it is not sealed: whoever holds the device can read it. That you took it is written down.",
            "It is called “document”, so that its name tells nobody anything. Delete it when you are done.",
        ],
        button="Save it here",
    )


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def file_remove(request: StaffRequest, pk: uuid.UUID, file: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    row = _file_or_404(case, file)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if done_by(request, form, lambda vault: remove_file(vault=vault, case=case, file=row, by=request.user)):
        messages.success(request, "The file is removed.")
        return redirect("cases:file_list", case.pk)
    return form_for(
        request,
        case,
        form,
        title="Remove this file?",
        consequences=["Its content is deleted and cannot be brought back. That it was here, and who removed it, stays."],
        button="Remove it",
        is_grave=True,
        cancel_label="Keep it",
    )
