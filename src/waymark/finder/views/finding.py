"""Looking for help: tiles of needs, lists, one service, the card to tear off, "this is wrong".

Words and filters without script are sent in the body of a form: they stand in no address, no log, no title.
"""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from waymark.access.guard import public, public_post
from waymark.directory.models import ListingReport, Need
from waymark.directory.selectors.epoch import publication_epoch
from waymark.finder.actions import TooManyReports, report_listing
from waymark.finder.content import languages
from waymark.finder.formats.signature import public_key
from waymark.finder.forms import AGES, EXAMPLE_ZIP, ListForm, ReportForm
from waymark.finder.selectors.device import device_words
from waymark.finder.selectors.listings import Listing, listings
from waymark.finder.selectors.needs import need_with_key, tile_groups, tile_of
from waymark.finder.selectors.regions import current_region
from waymark.finder.selectors.results import Wish, results
from waymark.finder.selectors.shown import shown_record
from waymark.finder.selectors.snapshot import KEY_FILE
from waymark.finder.templatetags.finder_words import worded
from waymark.finder.views.remembering import remembered
from waymark.finder.views.rendering import page


@public
@remembered
def find(request: HttpRequest, code: str) -> HttpResponse:
    """Tiles that are links, and a field for words."""
    context = {
        "groups": tile_groups(code),
        "public_key": public_key(KEY_FILE),
        "device_words": device_words(code),
        "ages": [(age, worded(code, f"results.filter_{age}")) for age in AGES],
        "tongues": languages(),
    }
    return page(request, code, "finder/find.html", context, back=reverse("finder:door", args=[code]))


@public
@remembered
def need_results(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Services for one need: a link, so that it works on every phone."""
    need = need_with_key(key)
    if need is None:
        raise Http404
    return _list(request, code, ListForm({"need": need.slug}, code=code), need)


@public
@remembered
def everything(request: HttpRequest, code: str) -> HttpResponse:
    """All listings by name."""
    return _list(request, code, ListForm({}, code=code), None)


@public_post
def search(request: HttpRequest, code: str) -> HttpResponse:
    """Words and filters out of a form's body."""
    if request.method != "POST":
        return redirect("finder:find", code=code)
    form = ListForm(request.POST, code=code)
    need = Need.objects.filter(slug=request.POST.get("need", "")[:60]).first()
    return _list(request, code, form, need)


def _list(request: HttpRequest, code: str, form: ListForm, need: Need | None) -> HttpResponse:
    publication_epoch()
    form.is_valid()
    said = {name: form.cleaned_data.get(name, "") for name in form.fields}
    said |= {"need": need.slug if need else "", "page": form.cleaned_data.get("page") or 1}
    wish = Wish(**said)
    found = results(wish, current_region(), code, timezone.now())
    context = {
        "tile": tile_of(need, code) if need else None,
        "wish": wish,
        "found": found,
        "zip_error": next(iter(form.errors.get("zip", [])), "")
        or (worded(code, "results.zip_unknown") if found.zip_unknown else ""),
        "zip_said": request.POST.get("zip", "")[:10],
        "ages": [(age, worded(code, f"results.filter_{age}")) for age in AGES],
        "tongues": languages(),
        "narrowing": _narrowing(wish, code),
        "example_zip": EXAMPLE_ZIP,
    }
    return page(
        request,
        code,
        "finder/results.html",
        context,
        back=reverse("finder:find", args=[code]),
        same_in_other_languages="finder:find" if request.method == "POST" else "",
    )


def _narrowing(wish: Wish, code: str) -> str:
    """The name of a filter that stands, for the words that say what to remove when nothing is found."""
    names = {
        "open": "filter_open",
        "no_police": "filter_no_police",
        "language": "filter_language",
        "age": "filter_age",
        "access": "filter_access",
        "free": "filter_free",
    }
    return next((worded(code, f"results.{key}") for name, key in names.items() if getattr(wish, name)), "")


def _listing(service_id: uuid.UUID) -> Listing:
    publication_epoch()
    found = listings([service_id], at=timezone.now())
    if not found:
        raise Http404
    return found[0]


@public
@remembered
def service(request: HttpRequest, code: str, service_id: uuid.UUID) -> HttpResponse:
    """One service: the phone first."""
    listing = _listing(service_id)
    record = shown_record(listing, current_region(), code, timezone.now())
    return page(request, code, "finder/service.html", {"record": record}, back=reverse("finder:find", args=[code]))


@public
@remembered
def card(request: HttpRequest, code: str, service_id: uuid.UUID) -> HttpResponse:
    """A page of cards with the number and nothing else."""
    record = shown_record(_listing(service_id), current_region(), code, timezone.now())
    phones = [phone for phone in record.phones if phone.kind in {"voice", "text"}]
    if not phones:
        raise Http404
    context = {"phone": phones[0], "copies": range(24)}
    return page(request, code, "finder/card.html", context, back=reverse("finder:service", args=[code, service_id]))


@public_post
def report(request: HttpRequest, code: str, service_id: uuid.UUID) -> HttpResponse:
    """ "This is wrong": one tap on a reason."""
    listing = _listing(service_id)
    form = ReportForm(request.POST if request.method == "POST" else None)
    context = {"listing": listing, "record_name": listing.text("name", code), "reasons": ListingReport.Reason.values}
    back = reverse("finder:service", args=[code, service_id])
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            report_listing(service_id=service_id, reason=form.cleaned_data["reason"])
            context["sent"] = True
        except TooManyReports:
            context["busy"] = True
            status = 429
    return page(request, code, "finder/report.html", context, back=back, status=status)
