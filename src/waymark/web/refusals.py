"""Whoever opens a page that their role does not include, or reads too much in an hour, is told no; the chain is told who.

The guard refuses below the audit and cannot tell it. The event is written on a connection of its own, so that it stays
whatever becomes of the request, and it is counted by the hour, so that pressing a key a thousand times is a few events.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.audit.actions import record_attempt
from waymark.audit.policies import TooMany

FORBIDDEN = 403
TOO_MANY = 429


class RefusalMiddleware:
    """Tells the chain of the member's agency about a page that the guard has refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        refused = getattr(request, "refused_permission", None)
        if response.status_code == FORBIDDEN and isinstance(refused, Permission):
            user = getattr(request, "user", None)
            if isinstance(user, User):
                record_attempt(verb="page.refused", by=user, kind="permission", about=refused.value)
        verb = getattr(request, "refused_verb", "")
        if verb and isinstance(request.user, User):
            # Outside the page's transaction, which is rolled back.
            record_attempt(verb=verb, by=request.user, kind=verb.partition(".")[0])
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Too much in an hour: refused in plain words that say when to go on. What the act had done is rolled back."""
        user = getattr(request, "user", None)
        if not isinstance(exception, TooMany) or not isinstance(user, User):
            return None
        # The pages of errors stand on views that import this site's whole address book.
        from waymark.web.views.errors import error_page

        request.refused_verb = exception.verb  # type: ignore[attr-defined]
        # The minute is over before the person may go on, so the sentence names the next one.
        again = timezone.localtime(exception.again_at + dt.timedelta(minutes=1))
        words = (
            "That was a lot in one hour",
            "So that nobody can carry everything away with one open session, one person can open only so much in an hour. "
            f"You can go on at {again:%H:%M}. Nothing is lost.",
        )
        response = error_page(request, TOO_MANY, words)
        response["Retry-After"] = str(max(1, int((exception.again_at - timezone.now()).total_seconds()) + 1))
        return response
