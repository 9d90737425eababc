"""A staff page is one transaction that acts for one agency, from the first query to the last byte of the page.

The transaction is opened here, around the view and the rendering of its template, because a lazy query that runs after it
would see nothing under row security. A page that ends in a 5xx has written nothing: Django turns an exception into a
response before it reaches us, and a committed half would be the worst of both.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from waymark.access.context import acting_for
from waymark.access.sites import Site
from waymark.accounts.models import User
from waymark.accounts.selectors import ACTING, acting_membership

FAILED = 500


class ActingMiddleware:
    """Finds out for which agency the signed-in person acts, and opens the transaction for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user if getattr(request, "site_name", None) is Site.STAFF else None
        if not isinstance(user, User):
            return self.get_response(request)
        # Read at every request, so that a suspended or ended membership is over at once.
        membership = acting_membership(user, request.session.get(ACTING))
        if membership is None:
            return self.get_response(request)
        user.act_as(membership)
        with acting_for(membership.agency_id, user.pk):
            response = self.get_response(request)
            if response.status_code >= FAILED:
                transaction.set_rollback(True)
        return response
