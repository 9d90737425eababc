"""What was destroyed, and what the certificate of it says."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.pages.listing import Ask, Filter, Listing
from waymark.vault.policies import KEY_BACKUP_DAYS
from waymark.vault.selectors.records import tombstones
from waymark.vault.views.answers import trail

SINCE = Filter("gone", "Backups", [("yes", "None opens it"), ("not_yet", "A short-lived one may")])


@requires(Permission.VAULT_OPEN)
@require_safe
def tombstone_list(request: StaffRequest) -> HttpResponse:
    """Destroyed records: a code and dates, nothing of what they said. Needs no open vault."""
    ask = Ask(request.GET, [SINCE])
    today = timezone.localdate()
    rows = tombstones(request.user.acting.agency_id)
    if ask.words:
        rows = rows.filter(record__in=_ids(ask.words))
    if ask.answer("gone"):
        rows = rows.filter(gone_on__lte=today) if ask.answer("gone") == "yes" else rows.filter(gone_on__gt=today)
    context = {
        "title": "Destroyed records",
        "lead": "A destroyed record leaves a tombstone: that it was there, who destroyed it, and when.",
        "listing": Listing(ask, rows),
        "search_label": "Search by the record’s number",
        "today": today,
        "trail": trail(),
    }
    return render(request, "vault/tombstone_list.html", context)


def _ids(words: str) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(words.strip())]
    except ValueError:
        return []


@requires(Permission.VAULT_OPEN)
@require_safe
def certificate(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    stone = tombstones(request.user.acting.agency_id).filter(pk=pk).select_related("agency", "shredded_by").first()
    if stone is None:
        raise Http404
    context = {
        "title": "Certificate of destruction",
        "stone": stone,
        "days": KEY_BACKUP_DAYS,
        "trail": trail(("Destroyed records", reverse("vault:tombstone_list"))),
    }
    return render(request, "vault/certificate.html", context)
