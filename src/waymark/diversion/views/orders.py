"""Orders to seal: what came, until when it is to be done, what was answered."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.disclosures.models import InboxPacket
from waymark.disclosures.policies import Refused as NotOpened
from waymark.disclosures.views.answers import labels_of, lines_of
from waymark.diversion import policies
from waymark.diversion.actions.orders import answer_destroyed, answer_sealed, content_of, take_up_order
from waymark.diversion.forms.work import OrderAnswerForm
from waymark.diversion.models import SealTask
from waymark.diversion.selectors.orders import ORDER, not_destroyed, order_for, orders, rows_of_order, tasks_of
from waymark.diversion.views.answers import FORM, REFUSALS, or_404, sealed, sent, vault_context
from waymark.pages.listing import Ask, Filter, Listing
from waymark.vault.policies import Refused as VaultRefused
from waymark.vault.selectors import unlock_url, vault_in

STATE = Filter(
    "state",
    "State",
    [("new", "Not taken up"), ("open", "Not answered"), ("sealed", "Sealed"), ("destroyed", "Destroyed")],
)
ACTS = {"sealed": answer_sealed, "destroyed": answer_destroyed}


def lines(rows: list[InboxPacket]) -> list[tuple[InboxPacket, SealTask | None]]:
    """Orders beside what was done for each."""
    tasks = tasks_of(rows)
    return [(row, tasks.get(row.pk)) for row in rows]


def _order(request: StaffRequest, pk: uuid.UUID) -> tuple[InboxPacket, SealTask | None]:
    packet = or_404(order_for(request.user, pk))
    return packet, tasks_of([packet]).get(packet.pk)


def _trail(packet: InboxPacket | None = None) -> list[tuple[str, str]]:
    trail = [("Orders to seal", reverse("diversion:order_list"))]
    if packet is not None:
        trail.append((f"From {packet.sender.name}", reverse("diversion:order_detail", args=[packet.pk])))
    return trail


@requires(Permission.PACKET_READ)
@require_safe
def order_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [STATE])
    listing = Listing(ask, orders(request.user, words=ask.words, state=ask.answer("state")))
    context = {
        "title": "Orders to seal",
        "lead": "A court cleared a record. Your agency was told to seal its rows about it, and then to destroy them.",
        "listing": listing,
        "lines": lines(listing.rows),
        "search_label": "Search by agency",
        "today": timezone.localdate(),
    }
    return render(request, "diversion/order_list.html", context)


@requires(Permission.PACKET_READ)
@require_safe
def order_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The sender, the clock and what was answered in the open; the order's words with the vault, and each look is told."""
    packet, task = _order(request, pk)
    vault, now = vault_in(request), timezone.now()
    is_over = packet.taken_back_at is not None or packet.expires_at <= now
    may_carry_out = policies.may_carry_out(request.user)
    said: dict[str, str] = {}
    trouble = ""
    if task is not None and vault is not None and may_carry_out and not is_over:
        try:
            content = content_of(vault=vault, packet=packet, by=request.user)
            said = content.values if content is not None else {}
        except NotOpened as refused:
            trouble = str(refused)
    looks = said and task is not None and task.sealed_on is None and vault is not None
    context = {
        "title": f"Order to seal from {packet.sender.name}",
        "packet": packet,
        "task": task,
        "fields": labels_of(ORDER, packet.fields),
        "lines": lines_of(ORDER, said) if said else [],
        "own": rows_of_order(said, vault, to=request.user) if looks and vault is not None else [],
        "is_looked": bool(looks),
        "keyed": not_destroyed(task) if task is not None else 0,
        "trouble": trouble,
        "is_over": is_over,
        "is_late": task is not None and task.is_late(timezone.localdate()),
        "may_carry_out": may_carry_out,
        "may_destroy": Permission.VAULT_RECORD_SHRED in request.permissions,
        "trail": _trail(),
        **vault_context(request),
    }
    return render(request, "diversion/order_detail.html", context)


@requires(Permission.PACKET_SEND)
@require_POST
def order_take_up(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Open it for the first time. The sender is told, so this is a press of a button and not a visit."""
    packet, _ = _order(request, pk)
    here = reverse("diversion:order_detail", args=[packet.pk])
    vault = vault_in(request)
    if vault is None:
        return redirect(unlock_url(here))
    try:
        take_up_order(vault=vault, packet=packet.pk, by=request.user)
    except (*REFUSALS, VaultRefused) as refused:
        messages.error(request, str(refused))
    return redirect(here)


@requires(Permission.PACKET_SEND)
@FORM
def order_answer(request: StaffRequest, pk: uuid.UUID, done: str) -> HttpResponse:
    """Answer that the own rows are sealed, or destroyed. What Waymark holds of them is put away in the same act."""
    packet, task = _order(request, pk)
    if task is None or done not in ACTS:
        raise Http404
    form = OrderAnswerForm(sent(request), done=done, initial={"on": timezone.localdate()})

    def act(vault: Any) -> None:
        on: dt.date = form.cleaned_data["on"]
        ACTS[done](vault=vault, task=task, on=on, by=request.user)

    is_sealing = done == "sealed"
    return sealed(
        request,
        form,
        act,
        title="Your rows are sealed" if is_sealing else "Your rows are destroyed",
        done=f"Answered: {packet.sender.name} has it.",
        back=reverse("diversion:order_detail", args=[packet.pk]),
        trail=_trail(packet),
        template="diversion/order_answer.html",
        consequences=SEALING if is_sealing else DESTROYING,
        button="Answer: they are sealed" if is_sealing else "Answer: they are destroyed",
        is_grave=True,
        cancel_label="Go back without answering",
    )


SEALING = [
    "What your agency has in Waymark under this case number or reference is put away now: nobody in your agency finds or "
    "opens it any more. You cannot take this back. Counts stay as they are.",
    "Rows in your own systems, on paper and with your vendors are yours to seal first. Answer when that is done.",
    "The sender gets this day and its own reference, and nothing else: not even whether there were any rows.",
]
DESTROYING = [
    "Answer when nothing opens the rows any more: here, in your own systems and on paper, as the order and your retention "
    "rule say. You cannot take this back.",
    "The sender gets this day and its own reference. It then takes the order back, so that its words are gone here too.",
]
