"""People in a real browser: invited on paper, in by a passkey, out in the middle of a page; and every screen looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from playwright.sync_api import Page, expect
from tests.browser.looking import DESK, PHONE, looked_at
from tests.factories.accounts import AgencyFactory, MembershipFactory, UserFactory, an_invitation, the_office
from tests.plugins.database import TestCluster
from tests.plugins.server import Server, serving

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.access.proof import set_proof
from waymark.accounts.actions.administrators import ask_for_administrator
from waymark.accounts.actions.sessions import BACKEND
from waymark.accounts.models import User
from waymark.accounts.models.sessions import SessionStore

pytestmark = pytest.mark.browser

FINGER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class House:
    server: Server
    open_phone: Callable[..., Page]
    officer: User
    administrator: User

    def page_for(self, user: User) -> Page:
        """A browser of its own in which `user` is signed in."""
        store = SessionStore()
        store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        set_proof(store, factors=("password", "app"), device="Test computer")
        store.create()
        page = self.open_phone(viewport=DESK)
        cookie = {"name": "waymark_session", "value": str(store.session_key), "url": self.server.staff_url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        return page

    def go(self, page: Page, path: str) -> None:
        page.goto(f"{self.server.staff_url}{path}")


@pytest.fixture
def house(test_cluster: TestCluster, committed_db: str, open_phone: Callable[..., Page]) -> Iterator[House]:
    UserFactory(role=Role.COORDINATOR.value, display_name="Cora Invented", email="cora@example.org")
    administrator = UserFactory(role=Role.ADMINISTRATOR.value, display_name="Ada Invented", email="ada@example.org")
    shelter = AgencyFactory(name="Lantern House", short_name="Lantern House", kind="victim_services")
    officer = UserFactory(role=Role.OFFICER.value, agency=shelter, display_name="Ona Invented", email="ona@example.org")
    with serving(test_cluster, committed_db) as server:
        yield House(server, open_phone, officer, administrator)


def test_from_an_invitation_on_paper_to_a_page_that_ends_at_once(house: House) -> None:
    ona = house.page_for(house.officer)
    house.go(ona, "/members/")
    ona.get_by_role("link", name="Invite somebody").click()
    expect(ona.get_by_role("heading", level=1)).to_have_text("Invite somebody")
    looked_at(ona, "invite")
    ona.get_by_role("button", name="Invite").click()
    expect(ona.get_by_role("alert")).to_contain_text("to fix. Nothing you typed is lost.")
    ona.get_by_label("Work e-mail").fill("nia@example.org")
    ona.get_by_label("Advocate.").check()
    ona.get_by_role("button", name="Invite").click()
    expect(ona.get_by_role("heading", level=1)).to_have_text("Hand this over")
    code = ona.locator(".code").inner_text()
    looked_at(ona, "code")

    nia = house.open_phone(viewport=PHONE)
    keys = nia.context.new_cdp_session(nia)
    keys.send("WebAuthn.enable")
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})
    house.go(nia, f"/invitation/#{code}")
    expect(nia.get_by_label("Code")).to_have_value(code)
    assert nia.url.endswith("/invitation/"), "the code is gone from the address"
    looked_at(nia, "invitation")
    nia.get_by_label("Your work e-mail").fill("wrong@example.org")
    nia.get_by_role("button", name="Go on").click()
    expect(nia.get_by_role("alert")).to_contain_text("open no invitation")
    expect(nia.get_by_label("Code")).to_have_value(code)
    nia.get_by_label("Your work e-mail").fill("nia@example.org")
    nia.get_by_role("button", name="Go on").click()
    expect(nia.get_by_role("heading", level=1)).to_have_text("Lantern House invites you")
    looked_at(nia, "answer")
    nia.get_by_label("Your name").fill("Nia Invented")
    nia.get_by_label("Password").fill("willow lantern pebble orchard")
    nia.get_by_role("button", name="Accept").click()
    nia.get_by_role("link", name="Set up a passkey").click()
    nia.get_by_role("button", name="Make the passkey").click()
    nia.get_by_role("link", name="I have kept them: go on").click()
    expect(nia.get_by_role("heading", level=1)).to_have_text("Good to see you, Nia Invented")
    expect(nia.locator(".acting")).to_contain_text("Acting for Lantern House as advocate")
    looked_at(nia, "home-of-a-new-member")

    # By keyboard alone: the list, the person, the act.
    house.go(ona, "/members/")
    ona.keyboard.press("/")
    ona.keyboard.type("nia")
    ona.keyboard.press("Enter")
    ona.wait_for_url("**q=nia**")  # the list before it has the same link
    ona.get_by_role("link", name="Nia Invented").focus()
    ona.keyboard.press("Enter")
    ona.get_by_role("link", name="Suspend").focus()
    ona.keyboard.press("Enter")
    expect(ona.locator(".consequences")).to_contain_text("out at once")
    looked_at(ona, "suspend")
    ona.get_by_role("button", name="Suspend now").focus()
    ona.keyboard.press("Enter")
    expect(ona.get_by_role("status")).to_contain_text("Nia Invented is suspended.")

    nia.get_by_role("link", name="Nia Invented").click()
    expect(nia.get_by_role("heading", level=1)).to_have_text("Sign in")


@pytest.mark.nightly
def test_every_screen_about_people_is_free_of_faults(house: House) -> None:
    shelter, today = house.officer.acting.agency, dt.date.today()  # type: ignore[union-attr]
    member = MembershipFactory(
        agency=shelter,
        role="advocate",
        user__display_name="Mia Invented",
        training_expires_on=today + dt.timedelta(days=20),
        reports_child_abuse="no",
    )
    MembershipFactory(agency=shelter, user__display_name="Zoe Invented", training_expires_on=today - dt.timedelta(days=2))
    MembershipFactory(agency=shelter, user__display_name="Sam Invented", state="suspended")
    invitation, _ = an_invitation(house.officer)
    closed = AgencyFactory(name="An agency that closed", state="closed")
    empty = AgencyFactory(name="Rivermont Sheriff", kind="law_enforcement")
    MembershipFactory(user=house.officer, agency=AgencyFactory(name="Rivermont Legal Aid", kind="legal_aid"))
    cora = User.objects.get(email="cora@example.org")
    cora.act_as(cora.memberships.get())
    candidate = UserFactory(role=Role.STEWARD.value, display_name="Sue Invented")
    with acting_for(the_office().pk, cora.pk):
        asked = ask_for_administrator(member=candidate.acting, reason="Holidays of the first one", by=cora)
    ona, ada = house.page_for(house.officer), house.page_for(house.administrator)
    pages: list[tuple[Page, str, str]] = [
        (ona, "/members/", "members"),
        (ona, "/members/?q=nobody", "members-none"),
        (ona, f"/members/{member.pk}/", "member"),
        (ona, f"/members/{member.pk}/role/", "member-role"),
        (ona, f"/members/{member.pk}/duties/", "member-duties"),
        (ona, f"/members/{member.pk}/end/", "member-end"),
        (ona, "/invitations/", "invitations"),
        (ona, f"/invitations/{invitation.pk}/", "invitation-kept"),
        (ona, f"/invitations/{invitation.pk}/code/", "invitation-renew"),
        (ona, "/agencies/", "agencies"),
        (ona, f"/agencies/{shelter.pk}/", "agency-own"),
        (ona, f"/agencies/{shelter.pk}/contact/", "agency-contact"),
        (ona, f"/agencies/{shelter.pk}/close/", "agency-close"),
        (ona, "/acting/", "acting"),
        (ona, "/your-place/", "your-place"),
        (ona, "/your-place/leave/", "leave"),
        (ada, "/agencies/", "agencies-of-the-administrator"),
        (ada, "/agencies/new/", "agency-add"),
        (ada, f"/agencies/{empty.pk}/", "agency-empty"),
        (ada, f"/agencies/{empty.pk}/first-officer/", "agency-first-officer"),
        (ada, f"/agencies/{closed.pk}/reopen/", "agency-reopen"),
        (ada, "/administrators/", "administrators"),
        (ada, f"/administrators/{asked.pk}/", "administrator-request"),
        (ada, f"/administrators/{asked.pk}/approve/", "administrator-approve"),
        (ada, "/administrators/ask/", "administrator-ask"),
    ]
    faults: dict[str, Any] = {}
    for page, path, name in pages:
        house.go(page, path)
        expect(page.locator(".acting")).to_contain_text("Acting for")
        try:
            looked_at(page, name)
        except AssertionError as fault:
            faults[name] = str(fault)[:300]
    assert faults == {}
