"""Files between two installations: saving ours, taking in theirs, and the list of what came by file."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.disclosures import actions, selectors
from waymark.disclosures.actions import TakenIn
from waymark.disclosures.forms import TakeInForm
from waymark.disclosures.models import CarriedFile
from waymark.disclosures.policies import Refused, may_send
from waymark.pages.files import file_answer
from waymark.pages.listing import Ask, Filter, Listing
from waymark.sealing.files import Kind
from waymark.vault.policies import PinRefused
from waymark.vault.selectors import OpenVault, unlock_url, vault_in

WHAT = Filter("what", "What", CarriedFile.What.choices)
LOCKED = "Your vault is locked. Unlock it in another tab, and choose the file once more: a browser does not keep it."
# Said after the agency's name.
TAKEN = {
    "taken": "It is taken in, and sealed. Open it when you need it.",
    "recalled": "They took a packet back. Nobody here had opened it, and nothing of it is left.",
    "recalled_after_reading": "They took a packet back. Its content is erased here. If somebody printed it or wrote it"
    " down, destroy that now, unless the law tells you to keep it.",
    "recalled_before": "They took a packet back that has not come yet. When it comes, it is refused.",
    "received": "They have the packet.",
    "read": "They opened the packet.",
    "erased": "They erased the packet.",
}


@requires(Permission.PACKET_READ)
@require_safe
def file_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [WHAT])
    context = {
        "title": "Files",
        "lead": "What came by file from agencies that run their own Waymark. Each file counts once.",
        "listing": Listing(ask, selectors.carried(to=request.user, words=ask.words, what=ask.answer("what"))),
        "search_label": "Search by agency",
        "primary_url": reverse("disclosures:file_take"),
        "primary_label": "Take in a file",
        "may_send": may_send(request.user),
        "here": "files",
    }
    return render(request, "disclosures/file_list.html", context)


@requires(Permission.PACKET_READ)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def file_take(request: StaffRequest) -> HttpResponse:
    is_sent = request.method == "POST"
    form = TakeInForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    vault = vault_in(request)
    if form.is_bound and form.is_valid():
        if vault is None:
            form.add_error("file", LOCKED)
        else:
            try:
                taken = actions.take_in_file(vault=vault, content=form.cleaned_data["file"], by=request.user)
            except Refused as refused:
                form.add_error("file", str(refused))
            else:
                messages.success(request, f"{taken.sender.name}: {TAKEN[taken.verdict]}")
                return redirect(_place_of(taken))
    context = {
        "form": form,
        "title": "Take in a file",
        "button": "Take it in",
        "cancel_url": reverse("disclosures:files"),
        "cancel_label": "Go back without it",
        "trail": [("Mail", reverse("disclosures:inbox")), ("Files", reverse("disclosures:files"))],
        "is_vault_open": vault is not None,
        "unlock_url": unlock_url(request.path),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "disclosures/file_take.html", context, status=status)


def _place_of(taken: TakenIn) -> str:
    if taken.shown is None:
        return reverse("disclosures:files")
    name = "outbox_detail" if taken.kind == Kind.RECEIPT else "inbox_detail"
    return reverse(f"disclosures:{name}", args=[taken.shown])


@requires(Permission.PACKET_READ)
@require_POST
def file_receipt(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """A receipt to carry back: that we have it, opened it, erased it, and when."""
    line = selectors.carried_one(pk, to=request.user)
    if line is None:
        raise Http404
    back = reverse("disclosures:files")
    return _saved(
        request,
        lambda vault: actions.make_receipt_file(vault=vault, line=line, by=request.user),
        name=f"receipt-{line.packet.hex[:8]}",
        back=back,
    )


@requires(Permission.PACKET_SEND)
@require_POST
def outbox_file(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    packet = _sent(request, pk)
    return _saved(
        request,
        lambda vault: actions.make_packet_file(vault=vault, packet=packet, by=request.user),
        name=f"packet-{packet.hex[:8]}",
        back=reverse("disclosures:outbox_detail", args=[packet]),
    )


@requires(Permission.PACKET_SEND)
@require_POST
def outbox_recall_file(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    packet = _sent(request, pk)
    return _saved(
        request,
        lambda vault: actions.make_recall_file(vault=vault, packet=packet, by=request.user),
        name=f"recall-{packet.hex[:8]}",
        back=reverse("disclosures:outbox_detail", args=[packet]),
    )


def _sent(request: StaffRequest, pk: uuid.UUID) -> uuid.UUID:
    found = selectors.sent_one(pk, to=request.user)
    if found is None:
        raise Http404
    return found.pk


def _saved(request: StaffRequest, make: Callable[[OpenVault], bytes], *, name: str, back: str) -> HttpResponse:
    """The file, or the page that one came from with the reason why there is none."""
    vault = vault_in(request)
    if vault is None:
        return redirect(unlock_url(back))
    try:
        return file_answer(make(vault), name)
    except (PinRefused, Refused) as refused:
        messages.error(request, str(refused))
        return redirect(back)
