"""Where I am signed in, and ending it there."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from waymark.access.guard import StaffRequest, own
from waymark.access.proof import proof_of
from waymark.accounts.actions.sessions import end_own_other_sessions, end_own_session
from waymark.accounts.models.sessions import ABSOLUTE, IDLE
from waymark.accounts.selectors.sessions import sessions_of
from waymark.pages.listing import Ask, Listing


def _this(request: StaffRequest) -> str:
    proof = proof_of(request.session)
    return proof.session if proof else ""


@own()
@require_safe
def session_list(request: StaffRequest) -> HttpResponse:
    listing = Listing(Ask(request.GET), sessions_of(request.user))
    context = {
        "listing": listing,
        "rows": [(session, str(session.id) == _this(request)) for session in listing.rows],
        "idle_minutes": int(IDLE.total_seconds() // 60),
        "absolute_hours": int(ABSOLUTE.total_seconds() // 3600),
    }
    return render(request, "accounts/session_list.html", context)


@own()
@require_POST
def end_session(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Ending a session elsewhere protects and can be repeated by signing in, so it asks no second time."""
    if not end_own_session(user=request.user, session_id=pk):
        raise Http404
    if str(pk) == _this(request):
        return redirect("sign_in")
    messages.success(request, "That session has ended.")
    return redirect("session_list")


@own()
@require_POST
def end_other_sessions(request: StaffRequest) -> HttpResponse:
    ended = end_own_other_sessions(user=request.user, keep=_this(request))
    messages.success(request, f"{ended} session{'' if ended == 1 else 's'} ended. You stay signed in here.")
    return redirect("session_list")
