"""What kind of installation this is: a coalition's, or that of one agency which runs the same program for itself alone.

What only a coalition does (meet, vote, publish, refer by states, hold operations and a diversion program together) is not
there in an agency's own installation: no menu entry, no line at home, no hit of a search, and its addresses answer as
addresses that do not exist. Whole apps are there or not, so that no page can be forgotten.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import ResolverMatch, URLResolver
from django.urls.exceptions import Resolver404
from django.urls.resolvers import RoutePattern

# Apps that need a second agency beside one's own. Their addresses have the app's label as their namespace.
OF_A_COALITION = frozenset({"coalition", "council", "diversion", "newsroom", "operations", "referrals"})


def is_one_agency() -> bool:
    """Whether one agency alone runs this installation (WAYMARK_ONE_AGENCY)."""
    return bool(settings.ONE_AGENCY)


def has_app(label: str) -> bool:
    """Whether an app's pages are there in this installation."""
    return not (is_one_agency() and label in OF_A_COALITION)


def has_page(name: str) -> bool:
    """Whether a page is there, by its name as in `coalition:meeting_list`."""
    return has_app(name.partition(":")[0])


class OfACoalition(URLResolver):
    """Addresses that no request reaches where one agency is alone: they are not found, as any that was never there.

    Their names still have paths, so that a link that somebody forgot would lead to nothing instead of breaking its page.
    """

    def resolve(self, path: str) -> ResolverMatch:
        if is_one_agency():
            raise Resolver404({"tried": [], "path": path})
        return super().resolve(path)


def coalition_path(route: str, included: tuple[Any, str | None, str | None]) -> URLResolver:
    """Like `path`, for the addresses of an app that needs a second agency."""
    patterns, app, namespace = included
    if app not in OF_A_COALITION:
        raise ValueError(f"{app} is not on the list of what only a coalition does.")
    return OfACoalition(RoutePattern(route, is_endpoint=False), patterns, None, app_name=app, namespace=namespace)
