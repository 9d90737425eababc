"""Writing a packet: choose what, fill in, and look at it once more before it goes."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.models import Agency
from waymark.disclosures import actions, selectors
from waymark.disclosures.formats.kinds import CALL, PERSONAL
from waymark.disclosures.formats.packets import PacketError
from waymark.disclosures.forms import CallForm, PacketForm, PersonalForm
from waymark.disclosures.models import Permit
from waymark.disclosures.policies import Refused, agency_of
from waymark.disclosures.views.answers import labels_of
from waymark.pages.listing import Ask, Listing
from waymark.vault.policies import PinRefused
from waymark.vault.selectors import unlock_url, vault_in

LOCKED = "Your vault is locked. Unlock it in another tab and press the button again: nothing that you typed is lost."


@requires(Permission.PACKET_SEND)
@require_safe
def new_packet(request: StaffRequest) -> HttpResponse:
    """What can be sent: a request for a call to anybody, and packets about a person under each permit that is live."""
    ask = Ask(request.GET)
    permits = Listing(ask, selectors.permits_by_hand(to=request.user, at=timezone.now(), words=ask.words))
    context = {
        "title": "New packet",
        "listing": permits,
        "permits": [(permit, labels_of(PERSONAL.code, permit.fields)) for permit in permits.rows],
        "trail": [("Mail", reverse("disclosures:inbox"))],
    }
    return render(request, "disclosures/new_packet.html", context)


@requires(Permission.PACKET_SEND)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new_call(request: StaffRequest) -> HttpResponse:
    recipients = selectors.other_agencies(to=request.user)
    form = CallForm(request.POST if request.method == "POST" else None, recipients=recipients)
    if form.is_bound and form.is_valid():
        done = _freeze(
            request, form, "recipient", kind=CALL.code, recipient=form.cleaned_data["recipient"],
            values=form.values(request.user.display_name), permit=None,
        )  # fmt: skip
        if done is not None:
            return done
    return _page(request, form, title=CALL.label)


@requires(Permission.PACKET_SEND)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new_personal(request: StaffRequest, permit: uuid.UUID) -> HttpResponse:
    found = selectors.live_permit(permit, to=request.user, at=timezone.now())
    if found is None:
        raise Http404
    form = PersonalForm(request.POST if request.method == "POST" else None, permit=found)
    if form.is_bound and form.is_valid():
        done = _freeze(
            request, form, None, kind=PERSONAL.code, recipient=found.recipient, values=form.values(), permit=found
        )
        if done is not None:
            return done
    return _page(request, form, title=f"To {found.recipient.name}", template="disclosures/new_personal.html", permit=found)


def _freeze(
    request: StaffRequest,
    form: PacketForm,
    beside: str | None,
    *,
    kind: str,
    recipient: Agency,
    values: dict[str, str],
    permit: Permit | None,
) -> HttpResponse | None:
    """Freeze what was typed and go to the page on which it is checked; None when the form has to say something."""
    vault = vault_in(request)
    if vault is None:
        form.add_error(None, LOCKED)
        return None
    page = form.cleaned_data["page"]
    known = selectors.sent_one(actions.packet_of_page(agency_of(request.user), page), to=request.user)
    try:
        packet = actions.freeze_packet(
            vault=vault, page=page, recipient=recipient, kind=kind, values=values, permit=permit, by=request.user
        )
    except (PinRefused, Refused, PacketError) as refused:
        form.add_error(beside, str(refused))
        return None
    if known is not None:
        messages.warning(request, "This page was sent before. What you see is what was written then.")
    return redirect("disclosures:outbox_detail", packet.pk)


def _page(
    request: StaffRequest, form: PacketForm, *, title: str, template: str = "disclosures/new_call.html", **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "button": "Go on and check it",
        "cancel_url": reverse("disclosures:new"),
        "cancel_label": "Go back without writing",
        "trail": [("Mail", reverse("disclosures:inbox")), ("New packet", reverse("disclosures:new"))],
        "is_vault_open": vault_in(request) is not None,
        "unlock_url": unlock_url(request.path),
        **more,
    }
    return render(request, template, context, status=422 if form.is_bound else 200)
