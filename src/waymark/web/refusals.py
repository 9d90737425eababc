"""Whoever opens a page that their role does not include is told no, and the audit chain is told who tried.

The guard refuses below the audit and cannot tell it. The event is written on a connection of its own, so that it stays
whatever becomes of the request, and it is counted by the hour, so that pressing a key a thousand times is a few events.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.audit.actions import record_attempt

FORBIDDEN = 403


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
        return response
