"""What the sign-in pages share: where to go next, who is signing in, how a whole sign-in begins."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from waymark.access import proof
from waymark.accounts.actions.sessions import begin_session
from waymark.accounts.models import User


def next_page(wanted: str) -> str:
    """Only a page of this very site: a link must not send a staff member elsewhere after signing in."""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/"):
        return wanted
    return "staff_home"


def start_pending(request: HttpRequest, user: User, *, factor: str, wanted: str, through: str = "") -> None:
    """The first factor fitted: a new session that reaches the second step only."""
    request.session.flush()
    proof.set_pending(
        request.session,
        user=user.pk,
        factor=factor,
        stamp=user.get_session_auth_hash(),
        next_page=wanted[:500],
        through=through,
    )


def pending_user(request: HttpRequest) -> User | None:
    """Who is signing in; None when the account was closed or got a new password in the meantime."""
    pending = proof.pending_of(request.session)
    user = User.objects.filter(pk=pending.user, is_active=True).first() if pending else None
    if pending is None or user is None or pending.stamp != user.get_session_auth_hash():
        proof.drop_pending(request.session)
        return None
    return user


def finish(request: HttpRequest, user: User, factor: str, *, page: str = "") -> HttpResponse:
    """The second factor fitted: begin the session and go where the person wanted to go (or to `page` before)."""
    pending = proof.pending_of(request.session)
    if pending is None:
        return redirect("sign_in")
    begin_session(request=request, user=user, factors=(pending.factor, factor), through=pending.through)
    if page:
        request.session["after_set_up"] = pending.next
        return redirect(page)
    return redirect(next_page(pending.next))
