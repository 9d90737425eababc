"""An installation of one agency alone: what only a coalition does is in no address, menu, line, search or link."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import override_settings
from django.urls import Resolver404, resolve, reverse
from tests.architecture.sources import ROOT
from tests.plugins.places import Address, addresses
from tests.plugins.staff import SiteClient
from tests.waymark.cases.desks import desk_in

from waymark.access.installation import OF_A_COALITION, coalition_path
from waymark.access.permissions import PERMISSION_SENTENCES, Role
from waymark.access.sites import URLCONFS, Site
from waymark.web.here import sources_here
from waymark.web.home.sources import PARTS
from waymark.web.menu import DOINGS, MENU

pytestmark = pytest.mark.django_db
STAFF = URLCONFS[Site.STAFF]
alone = override_settings(ONE_AGENCY=True)
ANYTHING: dict[str, str] = {
    "DayConverter": "2026-11-22",
    "EntityConverter": "service",
    "IntConverter": "1",
    "SlugConverter": "x",
    "StringConverter": "x",
    "UUIDConverter": str(uuid.UUID(int=1)),
}
# What differs from one answer to the next of the very same address.
FRESH = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|nonce-[^\'"]+')


def path_of(address: Address) -> str:
    """Some path of an address; nothing has to be there, because whether there is one is not asked of a view."""
    kinds = {name: ANYTHING[type(kind).__name__] for name, kind in address.kinds.items()}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(kinds[found[1]]), "/" + address.route)


def answer(client: SiteClient, path: str, method: str = "get") -> tuple[Any, ...]:
    told = getattr(client, method)(path)
    headers = {name: value for name, value in told.items() if name not in {"Content-Length", "Server-Timing"}}
    return told.status_code, FRESH.sub("", told.content.decode()), FRESH.sub("", str(sorted(headers.items())))


def test_every_address_of_a_coalition_answers_as_one_that_never_was(staff_of: Callable[..., SiteClient]) -> None:
    """For whoever asks, with every method: no redirect to a sign-in, no refusal, no other page."""
    coordinator, nobody = staff_of(Role.COORDINATOR.value), SiteClient("staff")
    found = list(addresses())
    gone = [one for one in found if one.key.partition(":")[0] in OF_A_COALITION]
    assert len(gone) > 150
    with alone:
        for client, method in ((coordinator, "get"), (nobody, "get"), (nobody, "post")):
            never = answer(client, "/nothing/was/ever/here/", method)
            assert never[0] == 404
            for address in gone if method == "get" else gone[::9]:
                assert answer(client, path_of(address), method) == never, address.key
        for address in found:
            if address not in gone:
                assert resolve(path_of(address), STAFF).view_name == address.key, address.key
    for address in found:
        assert resolve(path_of(address), STAFF).view_name == address.key, address.key


def test_the_news_site_of_one_agency_is_empty_and_alive() -> None:
    reader = SiteClient("newsroom")
    with alone:
        assert reader.get("/").status_code == 404
        assert reader.get("/healthz").status_code == 200
    assert reader.get("/").status_code == 200


def test_menu_search_and_home_lead_nowhere_that_is_not_there(staff_of: Callable[..., SiteClient]) -> None:
    named = {entry.name for entry in MENU} | {doing.name for doing in DOINGS}
    assert {name.partition(":")[0] for name in named} > OF_A_COALITION, "every app has an entry to lose"
    missing, seen = [], set()
    with alone:
        desk = desk_in()
        roles = (Role.ADMINISTRATOR, Role.COORDINATOR, Role.STEWARD, Role.MEMBER)
        for client in (desk.client, *(staff_of(role.value) for role in roles)):
            pages = ["/", "/keyboard/", "/waiting/", "/next/", "/search/?q=e", "/search/?q=new"]
            home = client.get("/").content.decode()
            pages += [path for path in re.findall(r'<a[^>]* href="(/[^"?#]*)', home) if path not in seen]
            for page in dict.fromkeys(pages):
                seen.add(page)
                text = client.get(page).content.decode()
                for link in set(re.findall(r'(?:href|action)="(/[^"?#]*)', text)):
                    if not link.startswith("/static/") and not leads(link):
                        missing.append(f"{page} leads to {link}")
        assert missing == []
        assert "Survivor council" not in home
        assert "Vault" in desk.get("/")
        for words in ("meeting", "council", "referral", "release"):
            assert "/council/" not in desk.get(f"/search/?q={words}")
        for page in ("/", "/waiting/", "/changed/", "/next/"):
            assert "coalition" not in desk.get(page).split("<main")[1].split("</main>")[0].replace(
                "Coalition Office", ""
            ), page
        place = html.unescape(desk.get("/your-place/"))
        for permission, sentence in PERMISSION_SENTENCES.items():
            assert (sentence in place) is (permission.partition(".")[0] not in OF_A_COALITION), permission
    assert "Survivor council" in staff_of(Role.COORDINATOR.value).get("/").content.decode()


def leads(link: str) -> bool:
    try:
        resolve(link, STAFF)
    except Resolver404:
        return False
    return True


def test_home_asks_no_app_of_a_coalition() -> None:
    sources = [source for part in PARTS.values() for source in part.sources]
    asked = {source.__module__.split(".")[1] for source in sources}
    assert asked & OF_A_COALITION
    assert sources_here(sources) == sources
    with alone:
        assert {source.__module__.split(".")[1] for source in sources_here(sources)} == asked - OF_A_COALITION


def test_a_case_offers_no_referral_where_there_is_nobody_to_refer_to() -> None:
    """Each link from a page that stays to one that is gone stands under `has_coalition`."""
    names = "|".join(sorted(OF_A_COALITION))
    loose = []
    for path in sorted((ROOT / "src/waymark").glob("*/templates/**/*.html")):
        if path.relative_to(ROOT / "src/waymark").parts[0] in OF_A_COALITION:
            continue
        kept = re.sub(r"\{% if has_coalition %\}.*?\{% endif %\}", "", path.read_text())
        loose += [f"{path.name}: {found}" for found in re.findall(rf"url '(?:{names}):\w+'", kept)]
    assert loose == []


def test_an_app_is_of_a_coalition_by_the_list_alone() -> None:
    with pytest.raises(ValueError, match="cases is not on the list"):
        coalition_path("cases/", ("waymark.cases.urls", "cases", "cases"))
    assert reverse("coalition:meeting_list", urlconf=STAFF) == "/meetings/"
