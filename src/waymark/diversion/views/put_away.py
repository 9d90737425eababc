"""When a court orders relief: put the own row away, and destroy it afterwards. Counts stay."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.diversion.actions.sealed_rows import destroy_row, put_away
from waymark.diversion.models.parties import SealedRecord
from waymark.diversion.selectors.orders import orders
from waymark.diversion.selectors.put_away import put_away_row, put_away_rows
from waymark.diversion.views.answers import FORM, Trail, or_404, pressed
from waymark.diversion.views.enrollments import enrollment_of
from waymark.diversion.views.enrollments import trail_to as trail_to_enrollment
from waymark.diversion.views.matters import matter_of
from waymark.diversion.views.matters import trail_to as trail_to_matter
from waymark.diversion.views.orders import lines

AT_ONCE = 25

CONSEQUENCES = [
    "Do this when a court has ordered that the record be sealed. Nobody in your agency finds or opens it any more.",
    "An officer of your agency destroys its key afterwards: then nothing opens it, also no backup after some days.",
    "Counts of the program stay as they are. You cannot take this back.",
]


def _put_away(request: StaffRequest, row: SealedRecord, back: str, trail: Trail) -> HttpResponse:
    return pressed(
        request,
        lambda: put_away(row=row, by=request.user),
        title=f"Put {row.code} away",
        consequences=CONSEQUENCES,
        button="A court ordered it: put it away",
        done="Put away.",
        back=back,
        trail=trail,
    )


@requires(Permission.DIVERSION_PROGRAM_WORK)
@FORM
def enrollment_put_away(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    row = enrollment_of(request, pk)
    return _put_away(request, row, reverse("diversion:enrollment_list"), trail_to_enrollment(row))


@requires(Permission.DIVERSION_MATTER_WORK)
@FORM
def matter_put_away(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    row = matter_of(request, pk)
    return _put_away(request, row, reverse("diversion:matter_list"), trail_to_matter(row))


@requires(Permission.VAULT_RECORD_SHRED)
@require_safe
def put_away_list(request: StaffRequest) -> HttpResponse:
    """For officers: what waits to be destroyed, by code alone."""
    not_done = list(orders(request.user, state="undone")[:AT_ONCE])
    context = {
        "title": "Put away after an order",
        "rows": put_away_rows(request.user),
        "orders": lines(not_done),
        "today": timezone.localdate(),
        "trail": [("Vault", reverse("vault:home"))],
    }
    return render(request, "diversion/put_away_list.html", context)


@requires(Permission.VAULT_RECORD_SHRED, step_up=True)
@FORM
def row_destroy(request: StaffRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
    row = or_404(put_away_row(request.user, kind, pk))
    here = reverse("diversion:put_away_list")
    return pressed(
        request,
        lambda: destroy_row(row=row, by=request.user),
        title=f"Destroy {row.code}",
        consequences=["Its key is destroyed, and nothing opens it again.", "Counts of the program stay as they are."],
        button="Destroy it for good",
        done="Destroyed. The tombstone stands under Vault.",
        back=here,
        trail=[("Put away after an order", here)],
    )
