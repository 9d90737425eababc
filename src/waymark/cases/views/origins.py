"""Opening a case by something that came in: the intake, filled with what the worker ticked and with nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.cases.actions.opening import Intake
from waymark.cases.actions.origins import OVER, open_case_from_packet
from waymark.cases.formats.origins import PLACES, taken_over
from waymark.cases.forms import IntakeForm
from waymark.cases.models import Case
from waymark.consent.formats.terms import LAW
from waymark.disclosures.actions import Content, read_packet
from waymark.disclosures.formats.kinds import answer_in_words, label_of
from waymark.disclosures.policies import Refused as MailRefused
from waymark.disclosures.policies import may_read
from waymark.disclosures.selectors import received_one
from waymark.people.views.sealed_forms import done_by, sealed_form
from waymark.vault.selectors import OpenVault, vault_in

MARKED = "came_marked"


@dataclass(frozen=True)
class Came:
    """What a case is opened by, as its intake page shows it."""

    kind: str
    sender: str
    purpose: str
    page: str
    trail: list[tuple[str, str]]


def in_words(kind: str, content: Content | None) -> dict[str, str]:
    values = content.values if content is not None else {}
    return {code: answer_in_words(kind, code, text) for code, text in values.items()}


def intake_from(
    request: StaffRequest,
    came: Came,
    *,
    read: Callable[[], Mapping[str, str]],
    open_case: Callable[[OpenVault, Intake], Case],
) -> HttpResponse:
    """The intake page of a case that comes by something. `read` is asked once, when the page is first shown."""
    chosen = request.GET.getlist("take")
    values = read() if request.method != "POST" else {}
    form = IntakeForm(request.POST if request.method == "POST" else None, initial=taken_over(came.kind, values, chosen))
    made: list[Case] = []
    if done_by(request, form, lambda vault: made.append(open_case(vault, form.intake()))):
        messages.success(request, f"Case {made[0].code} is open.")
        return redirect("cases:detail", made[0].pk)
    return sealed_form(
        request,
        form,
        template="cases/case_new_from.html",
        title=f"New case, from {came.sender}",
        button="Open the case",
        came=came,
        taken=[label_of(came.kind, code) for code in PLACES.get(came.kind, {}) if code in chosen],
        # A page that is shown again says what the first one said: nothing is read anew for it.
        is_marked=LAW in values or MARKED in request.POST,
        cancel_url=came.page,
        trail=came.trail,
    )


@requires(Permission.CASES_CASE_WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def case_new_from(request: StaffRequest, packet: uuid.UUID) -> HttpResponse:
    """A case by a packet about a person that was opened, and can still be read."""
    found = received_one(packet, to=request.user) if may_read(request.user) else None
    if found is None or found.kind not in PLACES:
        raise Http404
    here = reverse("disclosures:inbox_detail", args=[found.pk])
    content: Content | None = None
    if request.method != "POST":
        vault = vault_in(request)
        if found.read_at is None or vault is None:
            messages.warning(request, "Open the packet first, and read it.")
            return redirect(here)
        try:
            content = read_packet(vault=vault, packet=found.pk, by=request.user)
        except MailRefused as refused:
            messages.error(request, str(refused))
            return redirect(here)
        if content is None:
            messages.warning(request, OVER)
            return redirect(here)
    return intake_from(
        request,
        Came(
            found.kind,
            found.sender.name,
            found.get_purpose_display() if found.purpose else "",
            here,
            [("Mail", reverse("disclosures:inbox")), (f"From {found.sender.name}", here)],
        ),
        read=lambda: in_words(found.kind, content),
        open_case=lambda opened, intake: open_case_from_packet(vault=opened, packet=found, intake=intake, by=request.user),
    )
