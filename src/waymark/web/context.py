"""What the templates of all sites know besides the request: the region, and on the staff site the menu."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from waymark.access.installation import is_one_agency
from waymark.access.permissions import Permission
from waymark.access.sites import Site
from waymark.coalition.selectors import notices_in_force, the_region
from waymark.coalition.selectors.region import ShownNotice
from waymark.notices.selectors import unread_count_for
from waymark.vault.actions import session
from waymark.vault.selectors.session import unlocked_in
from waymark.web.menu import entries_for, menu_for


@dataclass(frozen=True)
class Shortcut:
    keys: str
    label: str
    url: str = ""


def address_of(request: HttpRequest, host: str) -> str:
    """The address of one of our other sites, on the port of this one."""
    _, _, port = request.get_host().partition(":")
    return f"{request.scheme}://{host}{':' + port if port else ''}/"


def _shortcuts(held: Collection[Permission]) -> list[Shortcut]:
    found = [Shortcut(entry.keys, f"Go to {entry.label}", reverse(entry.name)) for entry in entries_for(held) if entry.keys]
    return [
        Shortcut("?", "Show this list"),
        Shortcut("Ctrl K", "Search pages and things"),
        Shortcut("/", "Search in the list, or everything where there is none"),
        Shortcut("n", "New record, on a list"),
        Shortcut("e", "Change the record that is shown"),
        Shortcut("Ctrl Enter", "Save the form"),
        *found,
    ]


def _vault(request: HttpRequest) -> dict[str, Any]:
    """The lock button: showing a page is what keeps the vault from locking by itself."""
    session.touch(request)
    unlocked = unlocked_in(request)
    if unlocked is None:
        return {}
    locks_at = dt.datetime.fromtimestamp(unlocked.locks_at(), tz=dt.UTC)
    return {"vault_locks_at": locks_at, "vault_minutes": max(1, round((unlocked.locks_at() - time.time()) / 60))}


def _notices(known: Any) -> list[ShownNotice]:
    """What the news site says above everything else but help; read only where a template shows it."""
    return notices_in_force(timezone.now(), zone=known.zone) if known else []


def region(request: HttpRequest) -> dict[str, Any]:
    """The region is read once and only where a template asks for it."""
    known = request.region if hasattr(request, "region") else SimpleLazyObject(the_region)
    context: dict[str, Any] = {"region": known, "has_coalition": not is_one_agency()}
    site = getattr(request, "site_name", Site.FINDER)
    if site is Site.FINDER:
        return context
    context["finder_url"] = address_of(request, settings.FINDER_HOSTS[0])
    if site is Site.NEWSROOM:
        context["notices"] = SimpleLazyObject(lambda: _notices(known))
    user = getattr(request, "user", None)
    if site is Site.STAFF and user is not None and user.is_authenticated:
        held = user.permissions
        context["staff_menu"] = menu_for(held, request.path)
        context["staff_shortcuts"] = _shortcuts(held)
        context["unread_notices"] = SimpleLazyObject(lambda: unread_count_for(user))
        context.update(_vault(request))
    return context
