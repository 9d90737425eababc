"""Three sites in one process, told apart by host name.

The finder has a neutral name and no link to the other two; sessions, CSRF and messages exist on the staff site only, so a
public page cannot set a cookie even by mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import cast

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse
from django.utils.module_loading import import_string

Handler = Callable[[HttpRequest], HttpResponse]


class Site(StrEnum):
    FINDER = "finder"
    NEWSROOM = "newsroom"
    STAFF = "staff"


URLCONFS = {
    Site.FINDER: "waymark.config.urls_finder",
    Site.NEWSROOM: "waymark.config.urls_newsroom",
    Site.STAFF: "waymark.config.urls_staff",
}


def site_of(host: str) -> Site:
    """The site that a host name (without port) belongs to; unknown hosts were refused before."""
    if host in settings.STAFF_HOSTS:
        return Site.STAFF
    if host in settings.NEWSROOM_HOSTS:
        return Site.NEWSROOM
    return Site.FINDER


def staff_page(name: str, *arguments: object) -> str:
    """The path of a page of the staff site, from wherever one tells of it: another site, a job, a command."""
    return reverse(name, args=list(arguments), urlconf=URLCONFS[Site.STAFF])


class SiteMiddleware:
    """Chooses the site, its URLs, and keeps them on the request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.get_host().rsplit(":", 1)[0]
        site = site_of(host)
        request.site_name = site  # type: ignore[attr-defined]
        request.urlconf = URLCONFS[site]
        return self.get_response(request)


class StaffOnly:
    """Wraps the staff site, and it alone, in session, CSRF, sign-in and messages."""

    def __init__(self, get_response: Handler) -> None:
        inner: Handler = get_response
        for middleware in (MessageMiddleware, AuthenticationMiddleware, CsrfViewMiddleware, SessionMiddleware):
            inner = cast(Handler, middleware(inner))
        self.staff = inner
        self.public = get_response
        self.csrf = CsrfViewMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.staff(request) if request.site_name is Site.STAFF else self.public(request)  # type: ignore[attr-defined]

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        if request.site_name is Site.STAFF:  # type: ignore[attr-defined]
            return self.csrf.process_view(request, view, args, kwargs)  # type: ignore[arg-type]
        return None


def template_context(request: HttpRequest) -> dict[str, object]:
    """What every template knows: which site it is on, and who is signed in (staff site only)."""
    site = getattr(request, "site_name", Site.FINDER)
    context: dict[str, object] = {"site_name": site}
    if site is Site.STAFF:
        context.update(import_string("django.contrib.auth.context_processors.auth")(request))
        context.update(import_string("django.contrib.messages.context_processors.messages")(request))
    return context
