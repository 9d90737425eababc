"""What the agency wrote: check it, send it, see whether it was opened, take it back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.disclosures import actions, selectors
from waymark.disclosures.forms import PressForm
from waymark.disclosures.models import OutboxPacket
from waymark.disclosures.policies import Refused
from waymark.disclosures.views.answers import KIND, deeds, labels_of, lines_of
from waymark.pages.listing import Ask, Filter, Listing
from waymark.vault.selectors import unlock_url, vault_in

STATE = Filter("state", "State", OutboxPacket.State.choices)
State = OutboxPacket.State
TAKEN_BACK = {
    "stopped": "It was not sent, and will not be.",
    "recalled": "Taken back unopened. Nothing of it is left with the other agency.",
    "recalled_after_reading": "Taken back. Its content is erased there; what was read or printed cannot be unread.",
    "repeated": "It had been taken back before.",
}
# Said of every packet that left as a file, before it is taken back and after.
OUT_THERE = (
    "Taken back here. If the file left this computer, save the recall and bring it to them. A copy may have been kept or"
    " printed: a recall cannot erase it."
)


def _packet(request: StaffRequest, pk: uuid.UUID) -> OutboxPacket:
    found = selectors.sent_one(pk, to=request.user)
    if found is None:
        raise Http404
    return found


@requires(Permission.PACKET_SEND)
@require_safe
def outbox_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [STATE, KIND])
    rows = selectors.sent(to=request.user, words=ask.words, kind=ask.answer("kind"), state=ask.answer("state"))
    context = {
        "title": "Sent",
        "lead": "Packets that your agency wrote, and what became of each.",
        "listing": Listing(ask, rows),
        "search_label": "Search by agency",
        "primary_url": reverse("disclosures:new"),
        "primary_label": "New packet",
        "may_send": True,
        "here": "outbox",
    }
    return render(request, "disclosures/outbox_list.html", context)


@requires(Permission.PACKET_SEND)
@require_safe
def outbox_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    packet = _packet(request, pk)
    vault = vault_in(request)
    values, trouble = {}, ""
    if vault is not None:
        try:
            values = actions.read_own_copy(vault=vault, packet=packet, by=request.user)
        except Refused as refused:
            trouble = str(refused)
    context = {
        "title": f"To {packet.recipient.name}",
        "packet": packet,
        "fields": labels_of(packet.kind, packet.fields),
        "lines": lines_of(packet.kind, values),
        "trouble": trouble,
        "is_vault_open": vault is not None,
        "unlock_url": unlock_url(request.path),
        "is_expired": packet.expires_at <= timezone.now(),
        "may_take_back": packet.state in {State.DELIVERED, State.READ},
        "trail": [("Mail", reverse("disclosures:inbox")), ("Sent", reverse("disclosures:outbox"))],
        "words_about": selectors.words_about(packet, to=request.user) if packet.recipient.is_elsewhere else [],
        "ledger": selectors.ledger_of(packet, to=request.user),
        "deeds": deeds(selectors.events_about(packet.pk, to=request.user)),
    }
    return render(request, "disclosures/outbox_detail.html", context)


@requires(Permission.PACKET_SEND)
@require_POST
def outbox_send(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    packet = _packet(request, pk)
    try:
        actions.deliver_packet(packet=packet.pk, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        name = packet.recipient.name
        by_file = f"It stands in the ledger. Now save it as a file and bring it to {name}."
        messages.success(request, by_file if packet.recipient.is_elsewhere else f"It is in the inbox of {name}.")
    return redirect("disclosures:outbox_detail", packet.pk)


@requires(Permission.PACKET_SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def outbox_recall(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    packet = _packet(request, pk)
    here = reverse("disclosures:outbox_detail", args=[packet.pk])
    form = PressForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            verdict = actions.recall_packet(packet=packet.pk, by=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            is_out = packet.recipient.is_elsewhere and verdict != "stopped"
            messages.success(request, OUT_THERE if is_out else TAKEN_BACK[verdict])
        return redirect(here)
    if packet.state in {State.RECALLED, State.STOPPED}:
        return redirect(here)
    is_waiting = packet.state == State.WAITING
    context = {
        "form": form,
        "title": "Do not send it?" if is_waiting else "Take it back?",
        "consequences": _consequences(packet),
        "button": "Do not send it" if is_waiting else "Take it back now",
        "is_grave": True,
        "trail": [("Sent", reverse("disclosures:outbox")), (f"To {packet.recipient.name}", here)],
        "cancel_url": here,
        "cancel_label": "Leave it as it is",
    }
    return render(request, "pages/confirm_page.html", context)


def _consequences(packet: OutboxPacket) -> list[str]:
    name = packet.recipient.name
    kept = "Your copy and the record of it stay with your agency."
    if packet.state == State.WAITING:
        return [f"{name} never gets this packet. You cannot send it later; write a new one instead.", kept]
    if packet.recipient.is_elsewhere:
        return [
            f"The file cannot be saved here any more. You get a recall to bring to {name}: their Waymark then erases the "
            "packet, or refuses it when it comes.",
            "A copy may have been kept or printed, and a recall cannot erase it. If that matters, call them.",
            kept,
        ]
    if packet.state == State.DELIVERED:
        return [
            f"{name} has not opened it. It disappears from their inbox as if it had never been there. If they open it "
            "before you press the button, its content is erased, and what was read cannot be unread.",
            kept,
        ]
    return [
        f"{name} has opened it. From now on they can no longer open it. What was read, printed or written down cannot be "
        "unread: if that matters, call them.",
        "It stays in their record that they opened it, and when.",
        kept,
    ]
