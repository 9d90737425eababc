"""What came in for the agency, and opening it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.disclosures import actions, selectors
from waymark.disclosures.models import InboxPacket
from waymark.disclosures.policies import Refused, may_send
from waymark.disclosures.views.answers import KIND, deeds, labels_of, lines_of
from waymark.pages.listing import Ask, Filter, Listing
from waymark.vault.selectors import unlock_url, vault_in

STATE = Filter(
    "state",
    "State",
    [("new", "Not opened"), ("opened", "Opened"), ("taken_back", "Taken back"), ("expired", "Expired")],
)


def _packet(request: StaffRequest, pk: uuid.UUID) -> InboxPacket:
    found = selectors.received_one(pk, to=request.user)
    if found is None:
        raise Http404
    return found


@requires(Permission.PACKET_READ)
@require_safe
def inbox_list(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    ask = Ask(request.GET, [STATE, KIND])
    rows = selectors.received(to=request.user, words=ask.words, kind=ask.answer("kind"), state=ask.answer("state"), at=now)
    context = {
        "title": "Mail",
        "lead": "Packets that other agencies sent to yours. Only your agency’s vault opens them.",
        "listing": Listing(ask, rows),
        "search_label": "Search by agency",
        "now": now,
        "may_send": may_send(request.user),
        "here": "inbox",
    }
    if may_send(request.user):
        context |= {"primary_url": reverse("disclosures:new"), "primary_label": "New packet"}
    return render(request, "disclosures/inbox_list.html", context)


@requires(Permission.PACKET_READ)
@require_safe
def inbox_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The header for everybody who may read mail; the content once it was opened, as long as the vault is open."""
    packet = _packet(request, pk)
    now = timezone.now()
    vault = vault_in(request)
    content, trouble = None, ""
    if packet.read_at and not packet.taken_back_at and packet.expires_at > now and vault is not None:
        try:
            content = actions.read_packet(vault=vault, packet=packet.pk, by=request.user)
        except Refused as refused:
            trouble = str(refused)
    context = {
        "title": f"From {packet.sender.name}",
        "packet": packet,
        "file": selectors.file_of(packet, to=request.user) if packet.sender.is_elsewhere else None,
        "fields": labels_of(packet.kind, packet.fields),
        "lines": lines_of(packet.kind, content.values) if content else [],
        "beside": selectors.beside_packet(packet, content.values if content else {}, vault=vault, to=request.user)
        if vault is not None
        else [],
        "is_sender_known": content is None or content.is_sender_known,
        "trouble": trouble,
        "is_expired": packet.expires_at <= now,
        "is_vault_open": vault is not None,
        "may_send": may_send(request.user),
        "unlock_url": unlock_url(request.path),
        "trail": [("Mail", reverse("disclosures:inbox"))],
        "deeds": deeds(selectors.events_about(packet.pk, to=request.user)),
    }
    return render(request, "disclosures/inbox_detail.html", context)


@requires(Permission.PACKET_READ)
@require_POST
def inbox_open(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Open for the first time. The sender learns that it was opened, so this is a press of a button and not a visit."""
    packet = _packet(request, pk)
    here = reverse("disclosures:inbox_detail", args=[packet.pk])
    vault = vault_in(request)
    if vault is None:
        return redirect(unlock_url(here))
    try:
        content = actions.open_packet(vault=vault, packet=packet.pk, by=request.user)
    except Refused as refused:
        if refused.code == "packet.absent":
            raise Http404 from None
        messages.error(request, str(refused))
    else:
        if content is None:
            messages.warning(request, "There is nothing to open any more.")
    return redirect(here)
