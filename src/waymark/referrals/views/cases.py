"""A case of one's own, for somebody whom another agency referred and whom we took up."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.cases.actions.origins import OVER
from waymark.cases.views.origins import Came, in_words, intake_from
from waymark.people.policies import Refused
from waymark.referrals.actions.cases import open_case_from_referral
from waymark.referrals.actions.moving import read_received
from waymark.referrals.models import Way
from waymark.referrals.policies import NOT_TAKEN_UP, may_become_case
from waymark.referrals.selectors.received import packet_of
from waymark.referrals.views.answering import received_or_404
from waymark.vault.selectors import unlock_url, vault_in


@requires(Permission.CASES_CASE_WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def inbox_case(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The intake, filled with what was ticked of what they asked for. A letter brings nothing: the person tells it."""
    found = received_or_404(request, pk)
    here = reverse("referrals:inbox_detail", args=[found.pk])
    packet = packet_of(found)
    values: Mapping[str, str] = {}
    if request.method != "POST":
        vault = vault_in(request)
        if vault is None:
            return redirect(unlock_url(here))
        if not may_become_case(found, at=timezone.now()):
            messages.warning(request, NOT_TAKEN_UP)
            return redirect(here)
        try:
            content = read_received(vault=vault, received=found, by=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(here)
        if content is None and found.way == Way.CONSENTED:
            messages.warning(request, OVER)
            return redirect(here)
        values = in_words(packet.kind, content) if packet is not None else {}
    return intake_from(
        request,
        Came(
            packet.kind if packet is not None else "",
            found.sender.name,
            packet.get_purpose_display() if packet is not None and packet.purpose else "",
            here,
            [("Requests to us", reverse("referrals:inbox")), (f"From {found.sender.name}", here)],
        ),
        read=lambda: values,
        open_case=lambda opened, intake: open_case_from_referral(
            vault=opened, received=found, intake=intake, by=request.user
        ),
    )
