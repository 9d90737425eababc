"""Keeping a copy: only when asked, readable offline, alive after leaving, gone without a rest when removed."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from tests.browser.conftest import DemoSite, open_find

pytestmark = pytest.mark.browser

STORED = """async () => ({
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    databases: (await indexedDB.databases()).length,
    local: localStorage.length,
    session: sessionStorage.length,
    cookies: document.cookie,
})"""
NOTHING = {"caches": [], "workers": 0, "databases": 0, "local": 0, "session": 0, "cookies": ""}


def keep(page: Page, site: DemoSite) -> None:
    page.goto(f"{site.url}/en/keep/")
    expect(page.get_by_text("Anyone who opens this phone can find it.")).to_be_visible()
    page.get_by_role("button", name="Keep it", exact=True).click()
    expect(page.get_by_text("Kept on")).to_be_visible()


def test_nothing_is_stored_before_it_is_asked(phone: Page, demo_site: DemoSite) -> None:
    open_find(phone, demo_site)
    phone.locator("#words").fill("food")
    phone.locator("#rows a").first.click()
    assert phone.evaluate(STORED) == NOTHING
    phone.goto(f"{demo_site.url}/en/keep/")
    expect(phone.get_by_role("button", name="Keep it", exact=True)).to_be_visible()
    assert phone.evaluate(STORED) == NOTHING


def test_keep_go_offline_search_leave_and_remove(phone: Page, demo_site: DemoSite) -> None:
    keep(phone, demo_site)
    stored = phone.evaluate(STORED)
    assert (stored["caches"], stored["workers"], stored["databases"]) == (["kept"], 1, 0)
    kept = phone.evaluate(
        "async () => (await (await caches.open('kept')).keys()).map((request) => new URL(request.url).pathname)"
    )
    pages = {path for path in kept if not path.startswith("/static/")}
    assert pages == {"/en/", "/en/now/", "/en/now/show/", "/en/find/", "/en/lines/", "/en/keep/", "/en/copy/", "/kept"}

    phone.context.set_offline(True)
    phone.goto(f"{demo_site.url}/en/find/")
    phone.wait_for_selector("#device[data-ready]", state="attached")
    expect(phone.locator("#made")).to_contain_text("You are offline. This is the copy on your phone.")
    phone.locator("#words").fill("shelter tonite")
    phone.locator("#rows a", has_text="Emergency shelter").click()
    expect(phone.locator("#one a[href^='tel:']").first).to_be_visible()
    phone.goto(f"{demo_site.url}/en/now/")
    expect(phone.get_by_role("link", name="Call 911.")).to_be_visible()

    phone.context.set_offline(False)
    phone.get_by_role("link", name="Leave now").click()
    phone.wait_for_url(demo_site.exit_url)
    phone.goto(f"{demo_site.url}/en/keep/")
    expect(phone.get_by_text("Kept on")).to_be_visible()

    phone.get_by_role("button", name="Remove from this phone").click()
    expect(phone.get_by_text("It is off this phone.")).to_be_visible()
    assert phone.evaluate(STORED) == NOTHING


def _with_list(page: Page, body: bytes) -> None:
    def answer(route: Route) -> None:
        route.fulfill(status=200, content_type="text/plain; charset=utf-8", body=body)

    page.context.route("**/copy/", answer)


def _forged(body: bytes) -> bytes:
    """The true list with one number changed, under the true signature."""
    line, content = body.split(b"\n", 1)
    listed: dict[str, Any] = json.loads(content)
    listed["services"][0]["p"] = [["(555) 555-0199", "voice", "", ""]]
    return line + b"\n" + json.dumps(listed).encode()


def test_a_copy_that_someone_else_made_never_replaces_a_kept_one(phone: Page, demo_site: DemoSite) -> None:
    keep(phone, demo_site)
    body = phone.evaluate("async () => (await caches.match('/en/copy/')).text()")
    _with_list(phone, _forged(body.encode()))
    open_find(phone, demo_site)
    expect(phone.locator("#made")).to_contain_text("The new copy could not be trusted. The old one stays.")
    assert phone.evaluate("async () => (await caches.match('/en/copy/')).text()") == body


def test_without_a_kept_copy_a_false_list_is_not_searched(phone: Page, demo_site: DemoSite) -> None:
    _with_list(phone, base64.b64encode(bytes(64)) + b'\n{"v":1}')
    phone.goto(f"{demo_site.url}/en/find/")
    phone.wait_for_timeout(500)
    assert phone.locator("#device[data-ready]").count() == 0
    expect(phone.get_by_role("link", name="I need a safe place tonight")).to_be_visible()
    phone.locator("#words").fill("shelter")
    phone.get_by_role("button", name="Search").click()
    expect(phone.locator(".rows li").first).to_be_visible()


def test_an_old_copy_says_that_it_is_old(phone: Page, demo_site: DemoSite) -> None:
    keep(phone, demo_site)
    phone.context.set_offline(True)
    phone.clock.install(time="2100-01-01T12:00:00")
    phone.goto(f"{demo_site.url}/en/find/")
    phone.wait_for_selector("#device[data-ready]", state="attached")
    expect(phone.locator("#made")).to_contain_text("This list is old:")
