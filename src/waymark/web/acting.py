"""A staff page is one transaction that acts for one agency, from the first query to the last byte of the page.

The transaction is opened here, around the view and the rendering of its template, because a lazy query that runs after it
would see nothing under row security. A page that fails has written nothing: Django turns an exception into a response
before it reaches us, and a committed half would be the worst of both. For the same reason a staff page is never streamed:
its bytes would be made after the transaction, when nobody acts.

A key that the database refuses (a double, a reference to a row that is not there) may be refused because of a row that the
person must not know of. Whatever the reason, at once or at commit, the answer is one and the same page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.contrib.messages.storage import default_storage
from django.core.signals import got_request_exception
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from waymark.access.context import acting_for
from waymark.access.proof import proof_of
from waymark.access.sites import Site
from waymark.accounts.models import Side, User
from waymark.accounts.selectors import ACTING, acting_membership
from waymark.pages.records import written_by_justice
from waymark.web.views.errors import error_page

FAILED = 500
# Whoever answers an invitation acts for nobody: the answer belongs to the agency that invites, not to one they act for. A
# calendar program reads for the member whose secret it has, whoever is signed in beside it.
FOR_NOBODY = ("/invitation/", "/feeds/")
CONFLICT = 409
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Streamed(Exception):
    """A staff page whose bytes would be made after its transaction."""


class ActingMiddleware:
    """Finds out for which agency the signed-in person acts, and opens the transaction for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "site_name", None) is not Site.STAFF:
            return self.get_response(request)
        try:
            with _transaction(request) as is_open:
                response = self.get_response(request)
                if is_open:
                    _settle(request, response)
        except IntegrityError:
            # A deferred key, refused at commit: the page was written already, and must not be sent.
            return self._conflict(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Whatever a view or its template raises, even "not found", undoes what it wrote."""
        request.waymark_failed = True  # type: ignore[attr-defined]
        if isinstance(exception, IntegrityError) and getattr(request, "site_name", None) is Site.STAFF:
            return self._conflict(request)
        return None

    def _conflict(self, request: HttpRequest) -> HttpResponse:
        _take_back(request)
        got_request_exception.send(sender=type(self), request=request)
        return error_page(request, CONFLICT)


@contextmanager
def _transaction(request: HttpRequest) -> Iterator[bool]:
    """The transaction of a page, if it has one: reading a page without a membership needs none."""
    user, membership = request.user, None
    proof = proof_of(request.session)
    if isinstance(user, User) and proof is not None and not request.path.startswith(FOR_NOBODY):
        # Read at every request, so that a suspended or ended membership is over at once.
        membership = acting_membership(user, request.session.get(ACTING), through=proof.through)
    if isinstance(user, User) and membership is not None:
        user.act_as(membership)
        is_justice = membership.agency.side == Side.JUSTICE
        with written_by_justice(is_justice), acting_for(membership.agency_id, user.pk):
            yield True
    elif request.method in SAFE:
        yield False
    else:
        with transaction.atomic():
            yield True


def _settle(request: HttpRequest, response: HttpResponse) -> None:
    if response.streaming:
        response.close()
        raise Streamed("A page of the staff site is made whole inside its transaction.")
    if response.status_code >= FAILED or getattr(request, "waymark_failed", False):
        transaction.set_rollback(True)
        _take_back(request)


def _take_back(request: HttpRequest) -> None:
    """The session keeps neither what the page changed in it nor the word "Saved." that it had ready for the next page."""
    request.session.modified = False
    request._messages = default_storage(request)  # type: ignore[attr-defined]
