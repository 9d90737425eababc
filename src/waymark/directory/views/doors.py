"""What all stewardship views do alike: find the record or answer "not found", and say how it went."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from waymark.directory.models import Location, Organization, Service
from waymark.directory.selectors.listings import LISTING_MODELS

PLURALS = {"service": "Services", "organization": "Organizations", "location": "Places"}
SINGULARS = {"service": "service", "organization": "organization", "location": "place"}
Listing = Service | Organization | Location


def found(model: type[Model], **wanted: Any) -> Any:
    """The record, or the page that an unknown address gets."""
    row = model._default_manager.filter(**wanted).first()
    if row is None:
        raise Http404
    return row


def listing_or_404(entity: str, pk: UUID) -> Listing:
    listing: Listing = found(LISTING_MODELS[entity], pk=pk)
    return listing


def url_of(entity: str, key: Any) -> str:
    return reverse(f"directory:{entity}_detail", args=[key])


def trail_of(entity: str, listing: Listing | None = None) -> list[tuple[str, str]]:
    """Where the page lies: the list, then the listing."""
    steps = [(PLURALS[entity], reverse(f"directory:{entity}_list"))]
    if listing is not None:
        steps.append((listing.name or "Without a name", url_of(entity, listing.pk)))
    return steps


def say(request: HttpRequest, text: str, *, saved: str = "") -> None:
    """A message on the next page; `saved` names the draft that is no longer needed."""
    messages.success(request, text, extra_tags=saved)


def refuse(request: HttpRequest, error: Exception, url: str) -> HttpResponse:
    """The rule that stands in the way, in words, on the page that the person came from."""
    messages.error(request, str(error))
    return redirect(url)


def form_page(request: HttpRequest, form: Any, *, template: str = "pages/form_page.html", **context: Any) -> HttpResponse:
    """A form: 200 when it is new, 422 with everything that was typed when something is wrong."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)
