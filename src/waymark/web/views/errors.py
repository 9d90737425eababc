"""What a visitor reads when a page cannot be shown, on each of the three sites.

Hidden and absent answer alike: one page, one status, one length, whatever the reason. A public error page shows the way
to help first. None of them touches the database, because it may be the database that fails; so the only numbers on them
are 911 and 988, which are fixed by law and never change.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.urls import reverse

from waymark.access.guard import public
from waymark.access.sites import URLCONFS, Site
from waymark.finder.content import language, offered_languages
from waymark.finder.selectors.regions import FALLBACK_EXIT
from waymark.finder.templatetags.finder_words import worded
from waymark.finder.views.rendering import accepted_language
from waymark.web.context import address_of

LAST_RESORT = (
    "This page cannot be shown. In danger right now: call or text 911. Thinking of ending your life: call or text 988.\n"
)
STAFF_WORDS: dict[int, tuple[str, str]] = {
    400: (
        "This request cannot be read",
        "Go back and try again. If you followed a link, open the page from the menu instead.",
    ),
    403: ("Your role does not include this", "Ask the person who runs your installation if you need it for your work."),
    404: ("There is nothing here for you", "It may have been removed, or you may not be the one who may open it."),
    405: ("This address takes no such request", "Open the page from the menu and use its buttons."),
    409: (
        "This does not fit with what is there",
        "Nothing was saved. Something may have changed meanwhile. Go back: what you typed is still in the form.",
    ),
    413: ("This is too large", "Send it in smaller parts."),
    500: (
        "Something went wrong on our side",
        "Nothing was saved. Go back: what you typed is still in the form. Then try again.",
    ),
}
STALE = (
    "This form was open too long",
    "Nothing was saved. Go back: what you typed is still in the form. Reload and send it again.",
)


NOBODY = (
    "You act for no agency now",
    "The place for which you acted is over, or was not chosen. Choose another one, or ask an officer of your agency.",
)


def error_page(request: HttpRequest, status: int, words: tuple[str, str] | None = None) -> HttpResponse:
    """The page for a status on the site of the request."""
    site = getattr(request, "site_name", Site.FINDER)
    try:
        if site is Site.FINDER:
            text = _finder_page(request, status)
        else:
            text = _other_page(request, site, status, words or STAFF_WORDS.get(status, STAFF_WORDS[500]))
    except Exception:
        # Whatever broke the page may have broken this one: words that need nothing are better than none.
        return HttpResponse(LAST_RESORT, status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse(text, status=status)


def _other_page(request: HttpRequest, site: Site, status: int, words: tuple[str, str]) -> str:
    context = {
        "heading": words[0],
        "text": words[1],
        "finder_url": address_of(request, settings.FINDER_HOSTS[0]) if status != 400 else "",
        "acting_url": reverse("acting", urlconf=URLCONFS[Site.STAFF]) if words is NOBODY else "",
    }
    return loader.get_template(f"web/{site}_error.html").render(context)


def _finder_page(request: HttpRequest, status: int) -> str:
    """In the language of the address; else in the first that the browser asks for."""
    offered = offered_languages()
    first = request.path.lstrip("/").split("/")[0]
    code = first if first in {each.code for each in offered} else accepted_language(request, offered)
    spoken = language(code) or offered[0]
    kind = "error" if status >= 500 else "not_found"
    context: dict[str, Any] = {
        "code": code,
        "direction": spoken.direction,
        "app_name": worded(code, "door.app_name"),
        "exit_name": worded(code, "notes.exit_name_default"),
        "region": {"exit_url": FALLBACK_EXIT, "is_demo": False},
        "offered": [
            {
                "code": each.code,
                "name": each.name,
                "direction": each.direction,
                "is_current": each.code == code,
                "url": reverse("finder:door", kwargs={"code": each.code}, urlconf="waymark.config.urls_finder"),
            }
            for each in offered
        ],
        "heading": worded(code, f"notes.{kind}_heading"),
        "text": worded(code, f"notes.{kind}"),
    }
    return loader.get_template("web/finder_error.html").render(context)


@public
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400)


@public
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A signed-in member lacks a whole feature or acts for nobody; on the public sites a form was refused."""
    user = getattr(request, "user", None) if getattr(request, "site_name", None) is Site.STAFF else None
    return error_page(request, 403, NOBODY if user is not None and user.is_authenticated and user.acting is None else None)


@public
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, 500)


@public
def form_is_stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token no longer fits: signed out meanwhile, or a form that was open for a day. Nothing was saved."""
    return error_page(request, 403, STALE)
