"""The demo region in the real web server, a neutral page to leave to, and the machine's Chromium."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright
from tests.plugins.database import OWNER, TestCluster
from tests.plugins.server import Server, serving

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE = {"width": 360, "height": 640}


class _Neutral(BaseHTTPRequestHandler):
    """Stands in for the weather page; notes who it was told sent the visitor."""

    def do_GET(self) -> None:
        if self.path == "/weather":
            self.server.referrers.append(self.headers.get("Referer"))  # type: ignore[attr-defined]
        body = b"<!DOCTYPE html><title>Weather</title><p>Sunny.</p>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def until(page: Page, expression: str, value: object) -> None:
    """Wait until the page's script gives this value; the page's own policy forbids the waiting that Playwright offers."""
    for _ in range(100):
        if page.evaluate(expression) == value:
            return
        page.wait_for_timeout(100)
    assert page.evaluate(expression) == value


def texts_of(places: Locator) -> list[str]:
    """What the places say, once the first of them is there and the page is whole: reading does not wait by itself."""
    expect(places.first).to_be_visible()
    places.page.wait_for_load_state()
    return places.all_inner_texts()


@dataclass(frozen=True)
class DemoSite:
    """The finder of the demo region, and where Leave goes."""

    server: Server
    exit_url: str
    start_url: str
    referrers: list[str | None]

    @property
    def url(self) -> str:
        return self.server.url


@pytest.fixture(scope="session")
def demo_site(test_cluster: TestCluster, demo_region: str) -> Iterator[DemoSite]:
    """One server on a database with the demo region, for all journeys: they read, or write what nobody else reads."""
    neutral = ThreadingHTTPServer(("127.0.0.1", 0), _Neutral)
    neutral.referrers = []  # type: ignore[attr-defined]
    threading.Thread(target=neutral.serve_forever, daemon=True).start()
    home = f"http://127.0.0.1:{neutral.server_port}"
    name = test_cluster.clone("journeys", template=demo_region)
    with serving(test_cluster, name) as server:
        with psycopg.connect(test_cluster.url(name, OWNER), autocommit=True) as connection:
            connection.execute("UPDATE coalition_region SET exit_url = %s", [f"{home}/weather"])
        yield DemoSite(server, f"{home}/weather", f"{home}/start", neutral.referrers)  # type: ignore[attr-defined]
    neutral.shutdown()
    neutral.server_close()
    test_cluster.drop(name)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


# The phones of the test that runs.
_phones: list[BrowserContext] = []


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown() -> None:
    """Phones are put away before any fixture ends: a page that still loads must not see its server die."""
    while _phones:
        _phones.pop().close()


@pytest.fixture
def open_phone(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A fresh phone: nothing stored, its own tab. Errors on the page fail the test."""
    errors: list[str] = []

    def opened(**options: Any) -> Page:
        context = browser.new_context(**{"viewport": PHONE, "locale": "en-US", **options})
        context.set_default_timeout(8000)
        # The first page of a server that has just begun waits for everything that it loads.
        context.set_default_navigation_timeout(30_000)
        _phones.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        return page

    yield opened
    expected = ("ERR_INTERNET_DISCONNECTED", "404 (Not Found)", "422 (Unprocessable", "401 (Unauthorized")
    assert [error for error in errors if not any(each in error for each in expected)] == []


@pytest.fixture
def phone(open_phone: Callable[..., Page]) -> Page:
    return open_phone()


def history_of(page: Page) -> list[str]:
    """Every address that the tab's Back and Forward could reach."""
    session = page.context.new_cdp_session(page)
    entries = session.send("Page.getNavigationHistory")["entries"]
    return [entry["url"] for entry in entries]


def open_find(page: Page, site: DemoSite, code: str = "en") -> None:
    """The search page with its list on the phone."""
    page.goto(f"{site.url}/{code}/find/")
    page.wait_for_selector("#device[data-ready]", state="attached")
