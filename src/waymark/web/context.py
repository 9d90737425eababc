"""What the templates of all sites know besides the request: the region, and on the staff site the menu."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from waymark.access.permissions import Permission, permissions_of
from waymark.access.sites import Site
from waymark.coalition.selectors import the_region
from waymark.vault.actions import session
from waymark.vault.selectors.session import unlocked_in


@dataclass(frozen=True)
class MenuItem:
    label: str
    url: str
    is_here: bool
    is_exact: bool


@dataclass(frozen=True)
class Shortcut:
    keys: str
    label: str
    url: str = ""


MENU: Sequence[tuple[str, str, Permission]] = (
    ("Home", "staff_home", Permission.STAFF_HOME_VIEW),
    ("Services", "directory:service_list", Permission.DIRECTORY_LISTING_VIEW),
    ("Organizations", "directory:organization_list", Permission.DIRECTORY_LISTING_VIEW),
    ("Places", "directory:location_list", Permission.DIRECTORY_LISTING_VIEW),
    ("Phones", "directory:phone_list", Permission.DIRECTORY_LISTING_VIEW),
    ("Hours", "directory:hours_list", Permission.DIRECTORY_LISTING_VIEW),
    ("Help lines", "directory:help_line_list", Permission.DIRECTORY_LISTING_VIEW),
    ("Waiting changes", "directory:change_list", Permission.DIRECTORY_LISTING_VIEW),
    ("To check again", "directory:stale_list", Permission.DIRECTORY_LISTING_VIEW),
    ("Reports", "directory:report_list", Permission.DIRECTORY_LISTING_VIEW),
    ("Mail", "disclosures:inbox", Permission.PACKET_READ),
    ("Vault", "vault:home", Permission.VAULT_OPEN),
    ("Words", "public_words", Permission.DIRECTORY_LISTING_VIEW),
    ("Members", "member_list", Permission.ACCOUNTS_MEMBER_VIEW),
    ("Invitations", "invitation_list", Permission.ACCOUNTS_INVITATION_VIEW),
    ("Lost second factors", "lost_factor_list", Permission.MEMBER_FACTOR_RESET),
    ("Your agency's own sign-in", "agency_sign_in_settings", Permission.AGENCY_SIGN_IN_SET_UP),
    ("Agencies", "agency_list", Permission.ACCOUNTS_AGENCY_VIEW),
    ("Administrators", "administrator_list", Permission.ACCOUNTS_ADMINISTRATOR_VIEW),
    ("Notices", "coalition:notice_list", Permission.REGION_NOTICE_EDIT),
    ("Region", "region_settings", Permission.REGION_SET_UP),
    ("What was done", "audit:agency_log", Permission.AUDIT_AGENCY_VIEW),
    ("Platform log", "audit:platform_log", Permission.AUDIT_PLATFORM_VIEW),
)
KEYS = {
    "disclosures:inbox": "g m",
    "staff_home": "g h",
    "directory:service_list": "g s",
    "directory:organization_list": "g o",
    "directory:location_list": "g p",
    "directory:help_line_list": "g l",
    "directory:change_list": "g w",
    "directory:stale_list": "g c",
    "directory:report_list": "g r",
    "vault:home": "g v",
    "agency_list": "g a",
    "member_list": "g b",
}


def address_of(request: HttpRequest, host: str) -> str:
    """The address of one of our other sites, on the port of this one."""
    _, _, port = request.get_host().partition(":")
    return f"{request.scheme}://{host}{':' + port if port else ''}/"


def _menu(request: HttpRequest, role: str) -> list[MenuItem]:
    held = permissions_of(role)
    items = []
    for label, name, permission in MENU:
        if permission in held:
            url = reverse(name)
            is_exact = request.path == url
            items.append(MenuItem(label, url, is_exact or (url != "/" and request.path.startswith(url)), is_exact))
    return items


def _shortcuts(role: str) -> list[Shortcut]:
    held = permissions_of(role)
    found = [
        Shortcut(KEYS[name], f"Go to {label}", reverse(name)) for label, name, need in MENU if name in KEYS and need in held
    ]
    return [
        Shortcut("?", "Show this list"),
        Shortcut("/", "Search in the list"),
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


def region(request: HttpRequest) -> dict[str, Any]:
    """The region is read once and only where a template asks for it."""
    known = request.region if hasattr(request, "region") else SimpleLazyObject(the_region)
    context: dict[str, Any] = {"region": known}
    site = getattr(request, "site_name", Site.FINDER)
    if site is Site.FINDER:
        return context
    context["finder_url"] = address_of(request, settings.FINDER_HOSTS[0])
    user = getattr(request, "user", None)
    if site is Site.STAFF and user is not None and user.is_authenticated:
        context["staff_menu"] = _menu(request, user.role)
        context["staff_shortcuts"] = _shortcuts(user.role)
        context.update(_vault(request))
    return context
