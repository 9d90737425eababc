"""The menu: sections in one order, nothing that a role may not open, one place for each page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from django.urls import reverse
from tests.plugins.staff import SiteClient

from waymark.access.guard import access_of
from waymark.access.permissions import Permission, Role, permissions_of
from waymark.access.sites import URLCONFS, Site
from waymark.web.menu import DOINGS, MENU, Section, menu_for

STAFF = URLCONFS[Site.STAFF]


@pytest.fixture(autouse=True)
def on_the_staff_site(settings: object) -> None:
    settings.ROOT_URLCONF = STAFF  # type: ignore[attr-defined]


def test_no_two_entries_have_the_same_keys_or_page() -> None:
    keys = Counter(entry.keys for entry in MENU if entry.keys)
    assert [key for key, count in keys.items() if count > 1] == []
    assert [key for key in keys if not (len(key) == 3 and key.startswith("g "))] == []
    assert max(Counter(entry.name for entry in [*MENU, *DOINGS]).values()) == 1


def test_an_entry_needs_what_its_page_needs() -> None:
    """A menu that asked for less would lead to a refusal, one that asked for more would hide a page."""
    from django.urls import resolve

    for entry in [*MENU, *DOINGS]:
        access = access_of(resolve(reverse(entry.name)).func)
        assert access is not None
        assert access.permission == entry.permission, entry.label


@pytest.mark.parametrize("role", list(Role))
def test_sections_stand_in_their_order_and_hold_what_the_role_may_open(role: Role) -> None:
    held = permissions_of(role)
    parts = menu_for(held, "/")
    assert [item.label for part in parts for item in part.items] == [
        entry.label for section in Section for entry in MENU if entry.section is section and entry.permission in held
    ]
    assert parts[0].items[0].is_exact
    assert len(parts) <= len(Section)


def test_a_section_with_one_page_is_that_page() -> None:
    parts = menu_for({Permission.STAFF_HOME_VIEW, Permission.VAULT_OPEN}, "/")
    assert [(part.label, part.is_single) for part in parts] == [("Home", True), ("Vault", True)]


def test_the_page_that_is_shown_has_one_place_in_the_menu() -> None:
    held = permissions_of(Role.COORDINATOR)
    for path in ("/vault/members/", "/directory/services/new/", "/region/notices/"):
        assert sum(item.is_here for part in menu_for(held, path) for item in part.items) == 1, path
    # Home is not above every page.
    assert not any(part.is_here for part in menu_for(held, "/your-place/"))


def test_the_menu_works_without_script(coordinator: SiteClient) -> None:
    page = coordinator.get("/directory/help-lines/").content.decode()
    menu = page[page.index('<nav id="staff-menu"') : page.index("</nav>")]
    assert menu.count("<details") == menu.count("<summary") >= 3
    assert '<summary aria-current="true">Directory' in menu
    assert 'href="/directory/help-lines/" aria-current="page"' in menu


@pytest.mark.parametrize("role", list(Role))
def test_every_page_of_the_menu_opens(role: Role, staff_of: Callable[..., SiteClient]) -> None:
    client = staff_of(role.value)
    urls = [item.url for part in menu_for(permissions_of(role), "/") for item in part.items]
    assert {url: client.get(url).status_code for url in urls} == dict.fromkeys(urls, 200)
