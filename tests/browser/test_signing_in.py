"""Signing in with a real browser and a virtual authenticator: passkey, app, recovery code, step-up, ending a session."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import texts_of
from tests.plugins.database import ROOT, TestCluster
from tests.plugins.factors import App
from tests.plugins.server import Server, serving

from waymark.accounts.models.sessions import SessionStore

pytestmark = pytest.mark.browser

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PEOPLE = ("ana", "ben", "cat")


@dataclass(frozen=True)
class SignInSite:
    server: Server
    passwords: dict[str, str]

    @property
    def url(self) -> str:
        return self.server.staff_url


@pytest.fixture(scope="module")
def site(test_cluster: TestCluster, demo_region: str) -> Iterator[SignInSite]:
    name = test_cluster.clone("signing_in", template=demo_region)
    with serving(test_cluster, name) as server:
        passwords = {}
        for who in PEOPLE:
            address = f"{who}@example.org"
            told = server.manage(
                "create_staff_user", address, "--name", f"{who.title()} Invented", "--role", "coordinator", "--generate"
            )
            passwords[address] = told.strip().rsplit(": ", 1)[1]
        yield SignInSite(server, passwords)
    test_cluster.drop(name)


def virtual_authenticator(page: Page) -> None:
    """A platform authenticator that checks its owner, as a phone's finger reader does."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def first_step(page: Page, site: SignInSite, email: str) -> None:
    page.goto(f"{site.url}/sign-in/")
    page.get_by_label("Work e-mail").fill(email)
    page.get_by_label("Password").fill(site.passwords[email])
    page.get_by_role("button", name="Sign in", exact=True).click()


def at_home(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("Good to see you")


def faultless(page: Page, width: int) -> None:
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run({runOnly: tags})", RULES)["violations"]
    assert [(fault["id"], [node["target"] for node in fault["nodes"]][:3]) for fault in found] == []


@pytest.mark.parametrize("width", [360])
def test_first_sign_in_passkey_sign_out_and_in_again_by_keyboard(
    open_phone: Callable[..., Page], site: SignInSite, width: int
) -> None:
    page = open_phone(viewport={"width": width, "height": 740})
    virtual_authenticator(page)
    page.goto(f"{site.url}/sign-in/")
    faultless(page, width)
    first_step(page, site, "ana@example.org")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your second step")
    faultless(page, width)
    page.get_by_role("link", name="Set up a passkey").press("Enter")
    page.get_by_label("What do you call this device?").fill("Office laptop")
    faultless(page, width)
    page.get_by_role("button", name="Make the passkey").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    expect(page.locator("code")).to_have_count(10)
    faultless(page, width)
    page.get_by_role("link", name="I have kept them: go on").click()
    at_home(page)
    if width < 600:
        page.get_by_role("button", name="Menu").press("Enter")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").press("Enter")
    at_home(page)
    page.goto(f"{site.url}/my/sign-in/")
    expect(page.locator(".row .bold").first).to_have_text("Office laptop")
    faultless(page, width)
    page.goto(f"{site.url}/my/sessions/")
    faultless(page, width)


def test_the_app_a_recovery_code_and_ending_another_session(open_phone: Callable[..., Page], site: SignInSite) -> None:
    page = open_phone(viewport={"width": 1280, "height": 800})
    first_step(page, site, "ben@example.org")
    page.get_by_role("link", name="Set up an app").click()
    page.get_by_text("I cannot use the camera").click()
    faultless(page, 1280)
    app = App("".join(texts_of(page.locator(".app-key span"))))
    page.get_by_label("The code that your app shows now").fill(app.code())
    page.get_by_role("button", name="Finish").click()
    codes = texts_of(page.locator("code"))
    page.get_by_role("link", name="I have kept them: go on").click()
    at_home(page)

    other = open_phone()
    first_step(other, site, "ben@example.org")
    expect(other.get_by_role("heading", level=1)).to_have_text("The second step")
    faultless(other, 360)
    other.get_by_label("Code").fill("000000")
    other.get_by_role("button", name="Go on").click()
    expect(other.get_by_role("alert").first).to_contain_text("does not fit")
    other.get_by_label("Code").fill(codes[0])
    other.get_by_role("button", name="Go on").click()
    at_home(other)

    page.goto(f"{site.url}/my/sessions/")
    page.get_by_role("button", name=re.compile("End this session")).click()
    expect(page.get_by_role("status")).to_contain_text("That session has ended")
    other.reload()
    expect(other.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_demo_code_is_printed_for_the_second_step(open_phone: Callable[..., Page], site: SignInSite) -> None:
    code = site.server.manage("print_demo_code", "cat@example.org").strip()
    page = open_phone()
    begun = time.monotonic()
    first_step(page, site, "cat@example.org")
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Go on").click()
    at_home(page)
    assert time.monotonic() - begun < 60


def test_a_fresh_proof_by_passkey_goes_on_to_the_page(open_phone: Callable[..., Page], site: SignInSite) -> None:
    page = open_phone(viewport={"width": 1280, "height": 800})
    virtual_authenticator(page)
    key = site.server.sessions_of("cat@example.org", 1)[0]
    cookie = {"name": "waymark_session", "value": key, "domain": "staff.localhost", "path": "/"}
    page.context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Strict"}])
    page.goto(f"{site.url}/my/sign-in/add/passkey/")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("Recovery codes|My sign-in"))
    value = next(each["value"] for each in page.context.cookies() if each["name"] == "waymark_session")
    with site.server.inside():
        store = SessionStore(value)
        store["proof"] = {**store["proof"], "proved_at": store["proof"]["proved_at"] - 3600}
        store.save()
    page.goto(f"{site.url}/my/sign-in/add/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it you?")
    faultless(page, 1280)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a way to sign in")
