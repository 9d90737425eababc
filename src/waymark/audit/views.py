"""The audit page: what was done, by whom, about what, and whether the record is whole.

Reading one member's doings, and reading the platform's chain, are themselves events: whoever looks is seen to have looked.
"""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.audit import policies
from waymark.audit.actions import must_be_within_limit, record, record_read
from waymark.audit.formats.table import table_lines
from waymark.audit.forms import NarrowingForm
from waymark.audit.models import PLATFORM
from waymark.audit.selectors.events import Narrowing, events_of, last_verification, page_of, told

EXPORT_LIMIT = 10_000


@requires(Permission.AUDIT_AGENCY_VIEW)
@require_safe
def agency_log(request: StaffRequest) -> HttpResponse:
    return _log(request, Permission.AUDIT_AGENCY_VIEW, "What was done here", "audit:agency_export")


@requires(Permission.AUDIT_PLATFORM_VIEW)
@require_safe
def platform_log(request: StaffRequest) -> HttpResponse:
    return _log(request, Permission.AUDIT_PLATFORM_VIEW, "What was done on the platform", "audit:platform_export")


@requires(Permission.AUDIT_AGENCY_VIEW)
@require_safe
def agency_export(request: StaffRequest) -> HttpResponse:
    return _export(request, Permission.AUDIT_AGENCY_VIEW)


@requires(Permission.AUDIT_PLATFORM_VIEW)
@require_safe
def platform_export(request: StaffRequest) -> HttpResponse:
    return _export(request, Permission.AUDIT_PLATFORM_VIEW)


def _chain(request: StaffRequest, permission: Permission) -> uuid.UUID:
    chain = policies.chain_read_by(request.user, permission)
    if chain is None:
        raise Http404
    return chain


def _log(request: StaffRequest, permission: Permission, title: str, export: str) -> HttpResponse:
    chain = _chain(request, permission)
    form = NarrowingForm(request.GET, chain=chain)
    asked = form.asked()
    before, after = _key(request, "before"), _key(request, "after")
    page = page_of(chain, form.narrowing, before=before, after=after)
    _tell_reading(request, chain, form.narrowing, is_first_page=before is None and after is None)
    return render(
        request,
        "audit/log.html",
        {
            "title": title,
            "form": form,
            "page": page,
            "is_narrowed": bool(asked) or bool(form.errors),
            "is_filtered": bool(set(asked) - {"q"}),
            "older_url": "?" + urlencode({**asked, "before": page.older}) if page.older else "",
            "newer_url": "?" + urlencode({**asked, "after": page.newer}) if page.newer else "",
            "newest_url": "?" + urlencode(asked) if before or after else "",
            "export_url": reverse(export) + ("?" + urlencode(asked) if asked else ""),
            "verification": last_verification(chain),
            "is_platform": chain == PLATFORM,
        },
    )


def _tell_reading(request: StaffRequest, chain: uuid.UUID, narrowing: Narrowing, *, is_first_page: bool) -> None:
    """Looking at what another member did is an event, and so is looking at the platform's chain; turning pages is not."""
    if not is_first_page:
        return
    if narrowing.actor and ":" not in narrowing.actor and narrowing.actor != str(request.user.pk):
        record_read(by=request.user, kind="activity", about=narrowing.actor, purpose="audit page", fields=["verb", "at"])
    elif chain == PLATFORM:
        record_read(by=request.user, kind="chain", about=chain, purpose="audit page")


def _export(request: StaffRequest, permission: Permission) -> HttpResponse:
    """The newest events that match, as a table. Taking a copy is an act, told before the copy leaves."""
    chain = _chain(request, permission)
    narrowing = NarrowingForm(request.GET, chain=chain).narrowing
    must_be_within_limit(of="audit.exported", by=request.user)
    record(verb="audit.exported", by=request.user, kind="chain", about=chain, purpose="CSV table")
    rows = told(list(events_of(chain, narrowing).filter(link__isnull=False)[:EXPORT_LIMIT]))
    lines = table_lines(
        (
            row.sequence,
            row.event.at.isoformat(),
            row.who,
            row.event.actor,
            row.event.role,
            row.what,
            row.event.verb,
            row.event.object_kind,
            row.event.object_id,
            row.event.purpose,
            row.event.result,
            row.event.times,
            " ".join(row.event.fields),
            bytes(row.event.link.digest).hex(),
        )
        for row in rows
    )
    response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{timezone.localdate().isoformat()}.csv"'
    return response


def _key(request: StaffRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
