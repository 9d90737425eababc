"""The fairness survey: what goes out, the sheet to print, sheets from the box, and the device in a participant's hands."""

from __future__ import annotations

import uuid

from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from waymark.access.guard import StaffRequest, public_post, requires
from waymark.access.permissions import Permission
from waymark.access.proof import proof_of
from waymark.accounts.actions.sessions import tell_sign_out
from waymark.accounts.views.steps import attempted
from waymark.diversion.actions import fairness as actions
from waymark.diversion.formats.fairness import current, instruments
from waymark.diversion.forms.fairness import FairnessForm, HandOutForm
from waymark.diversion.forms.fields import PressForm
from waymark.diversion.models import FairnessRound, Program
from waymark.diversion.selectors.fairness import round_now
from waymark.diversion.views.answers import FORM, Trail, or_404, plain, sent
from waymark.diversion.views.programs import program_of, trail_of

WORK = Permission.DIVERSION_PROGRAM_WORK


def _here(program: Program) -> str:
    return reverse("diversion:fairness", args=[program.pk])


def _trail(program: Program) -> Trail:
    return [*trail_of(program), ("Fairness survey", _here(program))]


def _asked(request: StaffRequest, pk: uuid.UUID) -> tuple[Program, FairnessRound]:
    """A program whose survey of this quarter has gone out to somebody."""
    program = program_of(request, pk)
    return program, or_404(round_now(program, on=timezone.localdate()))


@requires(WORK)
@FORM
def fairness(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """How many are asked this quarter. How many answered stands on the measures page when the quarter is over."""
    program = program_of(request, pk)
    form = HandOutForm(sent(request))
    return plain(
        request,
        form,
        lambda: actions.hand_out(program=program, sheets=form.cleaned_data["sheets"], by=request.user),
        title="Fairness survey",
        done="Counted as handed out.",
        back=reverse("diversion:program_detail", args=[program.pk]),
        to=lambda: _here(program),
        template="diversion/fairness.html",
        button="Hand them out",
        cancel_label="Back to the program",
        program=program,
        instrument=current(),
        round=round_now(program, on=timezone.localdate()),
        trail=trail_of(program),
    )


@requires(WORK)
@require_safe
def fairness_sheet(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """One sheet to print as often as it is needed: all alike, without a number."""
    program = program_of(request, pk)
    context = {"title": "The sheet", "instrument": current(), "trail": _trail(program)}
    return render(request, "diversion/fairness_sheet.html", context)


@requires(WORK)
@FORM
def fairness_count(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    program, row = _asked(request, pk)
    form = FairnessForm(sent(request), instrument=instruments()[row.instrument])
    return plain(
        request,
        form,
        lambda: actions.count_sheet(row=row, answers=form.answers(), turn=form.cleaned_data["turn"], by=request.user),
        title="Count a sheet from the box",
        lead="Shake the box first. Count the sheets together when the group has gone, in no order.",
        done="Counted. Tear up the sheet.",
        back=_here(program),
        to=lambda: reverse("diversion:fairness_count", args=[program.pk]),
        button="Count it",
        cancel_label="That was the last one",
        trail=_trail(program),
    )


@requires(WORK)
@FORM
def fairness_hand_over(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Signs whoever asks out, and leaves a page at which one can only answer."""
    program, row = _asked(request, pk)
    if request.method == "POST":
        device = actions.hand_over_device(row=row, by=request.user)
        proof = proof_of(request.session)
        if proof is not None:
            tell_sign_out(user=request.user, session_id=proof.session)
        logout(request)
        response = redirect("diversion:fairness_device", device.token())
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response
    context = {
        "form": PressForm(),
        "title": "Hand this device over",
        "consequences": [
            "You are signed out on this device, and your vault is locked here. Sign in again when you have it back.",
            "The page takes answers for four hours, as many as sheets are handed out and not counted yet.",
            "Hand it round in a group. Of one person alone it would be known who answered.",
        ],
        "button": "Sign me out and open the page",
        "cancel_url": _here(program),
        "cancel_label": "Keep the device",
        "trail": _trail(program),
    }
    return render(request, "pages/confirm_page.html", context)


@public_post
def fairness_device(request: HttpRequest, token: str) -> HttpResponse:
    """A participant answers. Nobody is signed in here, and whoever is finds no such page."""
    device = actions.Device.of(token)
    if device is None or getattr(request, "user", None) is None or request.user.is_authenticated:
        raise Http404
    row = or_404(actions.open_round(device))
    here = reverse("diversion:fairness_device", args=[token])
    instrument = instruments()[row.instrument]
    if "thanks" in request.GET or (request.method != "POST" and row.answered >= row.handed_out):
        shown = {"instrument": instrument, "next": here if row.answered < row.handed_out else ""}
        return render(request, "diversion/fairness_thanks.html", shown)
    form = FairnessForm(request.POST if request.method == "POST" else None, instrument=instrument)
    if form.is_bound and form.is_valid():
        turn = form.cleaned_data["turn"]
        if attempted(form, lambda: actions.answer_at_device(device=device, answers=form.answers(), turn=turn)):
            return redirect(f"{here}?thanks")
    context = {"form": form, "instrument": instrument}
    return render(request, "diversion/fairness_device.html", context, status=422 if form.is_bound else 200)
