"""Deny by default: every address of the three sites says who may open it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from tests.architecture.sources import source_text

from waymark.access.guard import access_of
from waymark.access.permissions import Permission
from waymark.access.sites import URLCONFS, Site

KINDS = {"public", "public_post", "token", "signing_in", "own", "requires"}


def patterns(site: Site) -> Iterator[tuple[str, Callable[..., object]]]:
    """Every route of a site and the view behind it."""

    def walk(found: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, Callable[..., object]]]:
        for item in found:
            route = prefix + str(item.pattern)
            if isinstance(item, URLResolver):
                yield from walk(item.url_patterns, route)
            else:
                yield route, item.callback

    yield from walk(get_resolver(URLCONFS[site]).url_patterns, "")


ROUTES = [(site, route, view) for site in Site for route, view in patterns(site)]


@pytest.mark.parametrize(("site", "route", "view"), ROUTES, ids=[f"{site}:{route}" for site, route, _ in ROUTES])
def test_every_address_says_who_may_open_it(site: Site, route: str, view: Callable[..., object]) -> None:
    access = access_of(view)
    assert access is not None, f"{route} has no @public, @public_post or @requires"
    assert access.kind in KINDS
    assert (access.permission is not None) == (access.kind == "requires")


def test_the_three_sites_are_walked_whole() -> None:
    assert {site for site, _, _ in ROUTES} == set(Site)
    assert all(hasattr(import_module(name), "urlpatterns") for name in URLCONFS.values())


def test_the_public_sites_have_no_address_behind_sign_in() -> None:
    open_to_all = {"public", "public_post"}
    marks = [(site, route, access_of(view)) for site, route, view in ROUTES]
    guarded = [route for site, route, mark in marks if site is not Site.STAFF and mark and mark.kind not in open_to_all]
    assert guarded == [], "a guarded page on a public site would need a cookie there"


def test_every_permission_guards_something_or_is_asked_for_by_a_policy() -> None:
    guarding = {access.permission for _, _, view in ROUTES if (access := access_of(view)) and access.permission}
    named = source_text("src/waymark", skip=("access/permissions.py",))
    idle = [one.name for one in Permission if one not in guarding and f"Permission.{one.name}" not in named]
    assert idle == []
