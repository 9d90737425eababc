"""The small rows of a listing: add, change, take away. Phones and addresses wait for a second person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.directory.actions import listings as actions
from waymark.directory.actions import pending as change_actions
from waymark.directory.forms.checks import EmptyForm
from waymark.directory.forms.parts import PARTS, Part
from waymark.directory.forms.translations import TranslationForm
from waymark.directory.models import Location, ServiceCapacity, Translation
from waymark.directory.policies import Refused
from waymark.directory.views.doors import (
    SINGULARS,
    form_page,
    found,
    listing_or_404,
    say,
    trail_of,
    url_of,
)


def _part(entity: str, kind: str) -> Part:
    part = PARTS[entity].get(kind)
    if part is None:
        raise Http404
    return part


def _row(part: Part, entity: str, listing: Any, row_pk: str) -> Any:
    """A row of this very listing; another listing's row is absent here."""
    try:
        key = part.model._meta.pk.to_python(row_pk)
    except Exception as error:
        raise Http404 from error
    return found(part.model, pk=key, **{entity: listing})


@requires(Permission.DIRECTORY_LISTING_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def part_add(request: StaffRequest, entity: str, pk: UUID, kind: str) -> HttpResponse:
    listing, part = listing_or_404(entity, pk), _part(entity, kind)
    if kind == "address" and isinstance(listing, Location) and listing.is_confidential:
        raise Http404
    row = part.model(**{entity: listing})
    return _edit(request, entity, listing, kind, row, is_new=True)


@requires(Permission.DIRECTORY_LISTING_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def part_edit(request: StaffRequest, entity: str, pk: UUID, kind: str, row_pk: str) -> HttpResponse:
    listing = listing_or_404(entity, pk)
    row = _row(_part(entity, kind), entity, listing, row_pk)
    return _edit(request, entity, listing, kind, row, is_new=False)


def _edit(request: StaffRequest, entity: str, listing: Any, kind: str, row: Any, *, is_new: bool) -> HttpResponse:
    part = _part(entity, kind)
    before = change_actions.row_data(kind, row) if part.waits and not is_new else {}
    form: Any = part.form(request.POST if request.method == "POST" else None, instance=row)
    url = url_of(entity, listing.pk)
    if form.is_bound and form.is_valid():
        if isinstance(row, ServiceCapacity):
            row.updated = timezone.now()
        changed = form.save(commit=False)
        if part.waits:
            after = change_actions.row_data(kind, changed)
            if change_actions.must_wait(kind, before, after):
                change_actions.propose_change(
                    entity=kind,
                    entity_id=None if is_new else row.pk,
                    before=before,
                    after=after,
                    reason=("New " if is_new else "Changed ") + part.one,
                    by=request.user,
                )
                say(request, f"Your {part.one} waits. It goes live when a colleague has checked it.")
                return redirect(url)
        actions.save_part(part=changed, listing=listing, by=request.user)
        say(request, "Saved.")
        return redirect(url)
    lead = ""
    if part.waits:
        lead = f"A new or changed {part.one} goes live when a colleague has checked it."
    return form_page(
        request,
        form,
        title=f"New {part.one}" if is_new else f"Change the {part.one}",
        lead=lead,
        button="Send to a colleague to check" if part.waits else "Save",
        trail=trail_of(entity, listing),
        cancel_url=url,
    )


@requires(Permission.DIRECTORY_LISTING_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def part_remove(request: StaffRequest, entity: str, pk: UUID, kind: str, row_pk: str) -> HttpResponse:
    listing, part = listing_or_404(entity, pk), _part(entity, kind)
    row = _row(part, entity, listing, row_pk)
    url = url_of(entity, pk)
    form = EmptyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        actions.remove_part(part=row, listing=listing, by=request.user)
        say(request, f"The {part.one} is gone from this {SINGULARS[entity]}.")
        return redirect(url)
    consequences = [
        f"The {part.one} “{_words(row)}” disappears from every page at once. You need no second person for this."
    ]
    if part.waits:
        consequences.append(f"Putting a {part.one} back takes two people.")
    if kind == "place":
        consequences.append("The place itself stays in the list of places.")
    return form_page(
        request,
        form,
        template="pages/confirm_page.html",
        title=f"Remove this {part.one}?",
        consequences=consequences,
        button=f"Remove the {part.one}",
        is_grave=True,
        trail=trail_of(entity, listing),
        cancel_url=url,
        cancel_label="Keep it",
    )


def _words(row: Any) -> str:
    """A row as a person would name it."""
    for name in (
        "number",
        "address_1",
        "document",
        "url",
        "option",
        "name",
        "title",
        "description",
        "source",
        "identifier",
    ):
        value = getattr(row, name, "")
        if value and isinstance(value, str):
            return f"{value}, {row.city}" if name == "address_1" else value
    location = getattr(row, "location", None)
    return str(location) if location is not None else str(row)


@requires(Permission.DIRECTORY_LISTING_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def translation_add(request: StaffRequest, entity: str, pk: UUID) -> HttpResponse:
    return _translate(request, entity, pk, Translation())


@requires(Permission.DIRECTORY_LISTING_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def translation_edit(request: StaffRequest, entity: str, pk: UUID, row_pk: int) -> HttpResponse:
    return _translate(request, entity, pk, found(Translation, pk=row_pk, entity=entity, entity_id=pk))


def _translate(request: StaffRequest, entity: str, pk: UUID, row: Translation) -> HttpResponse:
    listing = listing_or_404(entity, pk)
    initial = {
        "field_name": row.field_name,
        "language": row.language,
        "text": row.text,
        "checked_by_speaker_on": row.checked_by_speaker_on,
    }
    bound = request.POST if request.method == "POST" else None
    form = TranslationForm(bound, entity=entity, source=listing, initial=initial)
    draft = f"translation:{entity}:{pk}:{row.pk or 'new'}"
    if form.is_bound and form.is_valid():
        try:
            actions.save_translation(translation=form.filled(row), listing=listing, by=request.user)
        except Refused as error:
            form.add_error("language", str(error))
        else:
            say(request, "Saved.", saved=draft)
            return redirect(url_of(entity, pk))
    return form_page(
        request,
        form,
        title="Text in another language",
        trail=trail_of(entity, listing),
        draft_key=draft,
        cancel_url=url_of(entity, pk),
    )
