"""Every page of the staff site, looked at once: axe finds no fault, nothing sticks out of a phone, the page says its name.

The application answers in this process, which tells what templates a page was made of (tests/plugins/photographs.py);
Chromium is given that answer, headers and all, by a server that knows nothing else but the static files. A template of the
staff site that no page showed fails: give it an address, or steps there, or below a reason why nobody looks at it here.
"""

from __future__ import annotations

import mimetypes
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, sync_playwright
from tests.browser.conftest import ARGUMENTS
from tests.browser.looking import AXE, DESK, FAULTS, PICTURES, RULES
from tests.plugins.database import ROOT, TestCluster, pointed_at
from tests.plugins.photographs import Shown, photograph, set_stage

from waymark.sealing.passphrases import FLOOR
from waymark.vault import policies

pytestmark = pytest.mark.browser

PHONE = {"width": 320, "height": 740}
# What every page has: a way past the menu, one name for its text and one for its tab, and no edge to scroll to.
FRAME = """() => ({
  skips: document.querySelector('a.usa-skipnav')?.getAttribute('href') === '#main' && !!document.getElementById('main'),
  headings: document.querySelectorAll('h1').length,
  title: document.title,
  width: document.documentElement.scrollWidth,
})"""
# After one press of Tab: where it went, and each thing that a keyboard reaches. Its order is that of the page, it can be
# focused, and the focus is seen.
KEYBOARD = """() => {
  const wrong = [];
  const skip = document.querySelector('a.usa-skipnav');
  if (skip && !document.getElementById('errors') && document.activeElement !== skip) wrong.push('Tab comes first to '
    + document.activeElement.outerHTML.slice(0, 120));
  const able = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]';
  for (const each of document.querySelectorAll(able)) {
    if (each.disabled || each.tabIndex < 0 || !each.checkVisibility()) continue;
    each.focus();
    const style = getComputedStyle(each);
    if (document.activeElement !== each) wrong.push('cannot be focused: ' + each.outerHTML.slice(0, 120));
    else if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2.5)
      wrong.push('shows no focus: ' + each.outerHTML.slice(0, 120));
    if (each.tabIndex > 0) wrong.push('jumps the order: ' + each.outerHTML.slice(0, 120));
  }
  return wrong;
}"""
# Another page of the same template in the place of this one.
INSTEAD = """text => {
  const other = new DOMParser().parseFromString(text, 'text/html');
  for (const each of other.documentElement.attributes) document.documentElement.setAttribute(each.name, each.value);
  document.title = other.title;
  document.body.replaceWith(document.adoptNode(other.body));
}"""
# It is gone before it can be looked at; without the script it waits for a press of its button.
SENDS_ITSELF = {"accounts/agency_back.html"}
# They lean on nothing that may be broken, or are to tell nothing: they have no menu to get past.
WITHOUT_MENU = {
    "cases/safety_plan_paper.html",
    "diversion/fairness_device.html",
    "diversion/fairness_thanks.html",
    "web/staff_error.html",
}
ELSEWHERE = {
    "accounts/_passkey_check.html": "needs an authenticator: looked at in test_signing_in.py",
    "coalition/_notices_in_force.html": "stands on pages of the newsroom",
    "diversion/_order_line.html": "needs an order of a lawyer's office: looked at in test_relief_journey.py",
    "diversion/_report_page.html": "needs a report in an open vault: looked at in test_diversion_journey.py",
    "directory/hsds_profile.html": "a public document of the directory's format, on the finder's site",
    "web/finder_error.html": "a page of the finder",
    "web/newsroom_error.html": "a page of the newsroom",
}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser that ends with this file. It is the longest and comes first, and what follows wants no open event loop."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def shown(static_files: None, test_cluster: TestCluster, django_db_setup: None) -> Iterator[list[Shown]]:
    """Every page, in a database of its own."""
    name = test_cluster.clone("looked_at")
    with pytest.MonkeyPatch.context() as cheap:
        cheap.setattr(policies, "COST", FLOOR)
        with pointed_at(test_cluster, name):
            yield photograph(set_stage())
    test_cluster.drop(name)


def look(page: Page, site: str, shown: Shown, *, is_new: bool) -> list[str]:
    """What is wrong with one page.

    A template that axe has seen is looked at on the phone only, where another form may still be too wide: its body is
    put in the place of the last page's, which has the same styles.
    """
    if is_new or PICTURES:
        _open(page, site, shown)
    else:
        page.evaluate(INSTEAD, shown.body.decode())
    wrong = _reach(page, shown) if is_new else []
    frame: dict[str, Any] = {}
    for size in (DESK, PHONE) if is_new or PICTURES else (PHONE,):
        if page.viewport_size != size:
            page.set_viewport_size(size)  # type: ignore[arg-type]
        frame = page.evaluate(FRAME)
        if frame["width"] > size["width"]:
            wrong.append(f"is {frame['width']} px wide on a screen of {size['width']}")
        if PICTURES:
            file = re.sub(r"\W+", "-", shown.name).strip("-")
            page.screenshot(path=str(Path(PICTURES) / f"{file}-{size['width']}.png"), full_page=True)
    is_framed = shown.templates[0] not in WITHOUT_MENU
    if is_framed and not frame["skips"]:
        wrong.append("has no link past the menu")
    if frame["headings"] != 1:
        wrong.append(f"has {frame['headings']} headings of level 1")
    if not re.fullmatch(r".+ · Waymark staff" if is_framed else ".+", frame["title"]):
        wrong.append(f"has the title {frame['title']!r}")
    return [f"{shown.name} ({shown.templates[0]}) {each}" for each in wrong]


def _reach(page: Page, shown: Shown) -> list[str]:
    """What a keyboard and a reader of screens would meet on a wide page."""
    wrong = []
    if page.viewport_size != DESK:
        page.set_viewport_size(DESK)  # type: ignore[arg-type]
    if shown.templates[0] not in WITHOUT_MENU:
        page.keyboard.press("Tab")
        wrong += page.evaluate(KEYBOARD)
    for fault in page.evaluate(FAULTS, RULES):
        wrong.append(f"{fault['id']}: {[node['html'][:160] for node in fault['nodes']][:3]}")
    return wrong


class _Shelf(BaseHTTPRequestHandler):
    """Hands out the page that is on show at whatever address, and the static files of our folders."""

    protocol_version = "HTTP/1.1"
    on_show: Shown

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if self.headers.get("Sec-Fetch-Mode") == "navigate":
            self._give(200, self.on_show.headers, self.on_show.body)
        elif path.startswith("/static/") and (found := finders.find(path.removeprefix("/static/"))):
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            body = Path(str(found)).read_bytes()
            self._give(200, {"Content-Type": kind, "Cache-Control": "max-age=3600"}, body)
        else:
            self._give(204, {}, b"")

    def _give(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in ({**headers, "Content-Length": str(len(body))} if body else headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the name that the library calls

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def _shelf() -> Iterator[str]:
    """The address of a staff site that shows what is put there."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Shelf)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://staff.localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def _open(page: Page, site: str, shown: Shown) -> None:
    """Show an answer at its own address, under its own content security policy; styles come from our folders."""
    _Shelf.on_show = shown
    if shown.templates[0] in SENDS_ITSELF:
        page.route("**/*.js", lambda route: route.fulfill(status=200, content_type="text/javascript", body=""))
    page.goto(site + shown.url)
    if shown.templates[0] in SENDS_ITSELF:
        page.unroute("**/*.js")


def templates_of_the_staff_site() -> set[str]:
    """Every template in our folders that a staff page could be made of."""
    folders = sorted((ROOT / "src/waymark").glob("*/templates"))
    found = {str(path.relative_to(folder)) for folder in folders for path in folder.rglob("*.html")}
    return {name for name in found if not name.startswith(("finder/", "newsroom/public/"))}


def test_every_template_of_the_staff_site_was_shown(shown: list[Shown]) -> None:
    seen = {name for each in shown for name in each.templates}
    assert sorted(templates_of_the_staff_site() - seen) == sorted(ELSEWHERE), "give it an address, steps or a reason"


def test_every_page_is_for_every_reader_and_every_screen(shown: list[Shown], browser: Browser) -> None:
    wrong: list[str] = []
    context = browser.new_context(viewport=DESK, locale="en-US")  # type: ignore[arg-type]
    context.add_init_script(AXE)
    page = context.new_page()
    page.on("pageerror", lambda error: wrong.append(f"an error in a script: {error}"))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    with _shelf() as site:
        # What has the same template comes together, and its styles stay as they are.
        for template in dict.fromkeys(each.templates[0] for each in shown):
            for place, each in enumerate(one for one in shown if one.templates[0] == template):
                wrong += look(page, site, each, is_new=place == 0)
        context.close()
    assert wrong == [], "\n".join(wrong)
