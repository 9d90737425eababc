"""Mail to staff: neutral words, queued with the act that causes them, sent by the worker.

A letter lies on a lock screen, in a shared inbox, in a provider's archive. So it says nothing of what this site is for, of
the person, of a role or an agency. What goes into the queue is an id, or an address sealed under our key.
"""

from __future__ import annotations

from django.http import HttpRequest
from procrastinate.contrib.django import app

from waymark.accounts.actions.factor_keys import seal_for
from waymark.accounts.models import User

NOTICES = frozenset({"factor_added", "factor_removed", "factors_reset", "password_changed", "recovery_code_used"})
QUEUE_OWNER = "letters"


def send_notice(*, user: User, kind: str) -> None:
    """Tell a member that something about their sign-in has changed. Sent when the running transaction commits."""
    if kind not in NOTICES:
        raise ValueError(f"“{kind}” is no notice.")
    app.configure_task("accounts.send_notice").defer(kind=kind, user=str(user.pk))


def send_reset_link(*, request: HttpRequest, email: str) -> None:
    """Queue a link to choose a new password.

    Whether anybody has this address is looked up by the worker, later: the page that asks does the same work for every
    address, known or not, so that neither its words nor its time tell.
    """
    base = f"{request.scheme}://{request.get_host()}"
    app.configure_task("accounts.send_reset_link").defer(
        sealed=seal_for(QUEUE_OWNER, email.strip().lower(), what="address"), base=base
    )
