"""The vault's pages as a person meets them: set up, print, found, lock, unlock, let in, recover."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.factories.accounts import AgencyFactory
from tests.factories.vault import PASSPHRASE, founder_of, person_of
from tests.plugins.staff import SiteClient

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.models.sessions import Session, hashed
from waymark.audit.models import Event
from waymark.sealing import passphrases
from waymark.vault import policies
from waymark.vault.models import EpochSeal, UserKey

pytestmark = pytest.mark.django_db
NEW = "other green patient windows"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least cost that unlocking accepts; the standard cost has its own tests."""
    monkeypatch.setattr(policies, "COST", passphrases.FLOOR)


@pytest.fixture
def clock(time_machine: Any) -> Any:
    """Stands at six before anybody has signed in."""
    time_machine.move_to("2026-11-22T18:00:00Z", tick=False)
    return time_machine


@pytest.fixture
def officer(staff_of: Callable[..., SiteClient]) -> SiteClient:
    return staff_of(Role.OFFICER.value, agency=AgencyFactory(name="Harbor Invented"), display_name="Ola Invented")


def groups_on(page: Any) -> list[str]:
    return re.findall(r"<li><span>(\w{4})</span></li>", page.content.decode())


def prove(client: SiteClient) -> list[str]:
    """Type the two groups back that the page asks for."""
    page = client.get("/vault/printed-key/")
    groups = groups_on(page)
    asked = re.findall(r'name="group_(\d)"', page.content.decode())
    done = client.send("/vault/printed-key/", {f"group_{place}": groups[int(place) - 1].lower() for place in asked})
    assert done.status_code == 302, done.content
    return groups


def set_up(client: SiteClient) -> list[str]:
    done = client.send("/vault/set-up/", {"passphrase": PASSPHRASE, "again": PASSPHRASE})
    assert (done.status_code, done["Location"]) == (302, "/vault/printed-key/")
    return prove(client)


def found(client: SiteClient, kit: str = "no") -> None:
    assert client.send("/vault/found/", {"kit": kit, "understood": "on"}).status_code == 302


def told(client: SiteClient) -> list[str]:
    """What the agency's chain says, oldest first; what was no success says so."""
    acting = client.user.acting
    assert acting is not None
    with acting_for(acting.agency_id, client.user.pk):
        rows = Event.objects.order_by("id").values_list("verb", "result")
        return [verb if result == "done" else f"{verb} {result}" for verb, result in rows]


def test_from_no_key_to_an_open_vault(officer: SiteClient) -> None:
    assert "You need a key of your own" in officer.get("/vault/").content.decode()
    groups = set_up(officer)
    assert len(groups) == 9
    assert "has no vault yet" in officer.get("/vault/").content.decode()
    found(officer)
    page = officer.get("/vault/").content.decode()
    assert "Vault of Harbor Invented" in page
    assert "You are the only one who can open this vault" in page
    assert "Vault open, locks in 15 min" in page
    assert told(officer) == ["vault_key.made", "printed_key.proved", "vault.founded"]
    # Proved once, shown never again.
    assert officer.get("/vault/printed-key/")["Location"] == "/vault/"


def test_locking_and_unlocking(officer: SiteClient) -> None:
    set_up(officer)
    found(officer)
    assert officer.send("/vault/lock/", page="/vault/").status_code == 302
    assert officer.get("/vault/members/")["Location"] == "/vault/unlock/?next=%2Fvault%2Fmembers%2F"
    wrong = officer.send("/vault/unlock/", {"passphrase": "not the passphrase"})
    assert wrong.status_code == 422
    assert "does not open your key" in wrong.content.decode()
    before = officer.session.session_key
    right = officer.send("/vault/unlock/", {"passphrase": PASSPHRASE, "next": "/vault/members/"})
    assert right["Location"] == "/vault/members/"
    assert officer.session.session_key != before, "a session key taken earlier never sees the vault open"
    assert not Session.objects.filter(session_key=hashed(before)).exists()
    assert officer.get("/vault/members/").status_code == 200
    assert told(officer)[3:] == ["vault.locked", "vault.unlocked failed", "vault.unlocked"]


def test_a_guesser_is_stopped_even_with_the_right_passphrase(officer: SiteClient) -> None:
    set_up(officer)
    officer.send("/vault/lock/", page="/vault/")
    for _ in range(6):
        assert officer.send("/vault/unlock/", {"passphrase": "a wrong passphrase"}).status_code == 422
    stopped = officer.send("/vault/unlock/", {"passphrase": PASSPHRASE})
    assert stopped.status_code == 422
    assert "Too many tries" in stopped.content.decode()


def test_the_printed_key_opens_and_sets_a_new_passphrase(officer: SiteClient) -> None:
    groups = set_up(officer)
    found(officer)
    officer.send("/vault/lock/", page="/vault/")
    slip = officer.send("/vault/recover/", {"printed": "ABCD", "passphrase": NEW, "again": NEW})
    assert slip.status_code == 422
    assert "36 letters and digits" in slip.content.decode()
    assert 'value="ABCD"' in slip.content.decode()
    done = officer.send("/vault/recover/", {"printed": " ".join(groups), "passphrase": NEW, "again": NEW})
    assert done["Location"] == "/vault/"
    assert "Vault of Harbor Invented" in officer.get("/vault/").content.decode()
    officer.send("/vault/lock/", page="/vault/")
    assert officer.send("/vault/unlock/", {"passphrase": PASSPHRASE}).status_code == 422
    assert officer.send("/vault/unlock/", {"passphrase": NEW}).status_code == 302


def test_a_colleague_compares_words_and_lets_in(officer: SiteClient, staff_of: Callable[..., SiteClient]) -> None:
    set_up(officer)
    found(officer)
    advocate = staff_of(Role.ADVOCATE.value, agency=officer.user.acting.agency, display_name="Ada Invented")  # type: ignore[union-attr]
    set_up(advocate)
    assert advocate.get("/vault/")["Location"] == "/vault/waiting/"
    waiting = advocate.get("/vault/waiting/").content.decode()
    assert "Ola Invented" in waiting
    words = re.search(r'class="six-words" lang="zxx">([^<]+)<', waiting)
    assert words is not None
    members = officer.get("/vault/members/").content.decode()
    assert "Waiting for key" in members
    confirm = re.search(r"/vault/members/[0-9a-f-]+/confirm/", members)
    assert confirm is not None
    assert words[1] not in officer.get(confirm[0]).content.decode()
    wrong = officer.send(confirm[0], {"words": "babad babad babad babad babad babad"})
    assert wrong.status_code == 422
    assert "These are not the words" in wrong.content.decode()
    assert officer.send(confirm[0], {"words": words[1].upper()}).status_code == 302
    waiting = advocate.get("/vault/waiting/").content.decode()
    accepted = advocate.send("/vault/waiting/", {"digest": re.search(r'name="digest" value="(\w+)"', waiting)[1]})  # type: ignore[index]
    assert accepted["Location"] == "/vault/"
    assert "Vault of Harbor Invented" in advocate.get("/vault/").content.decode()
    assert officer.get(confirm[0]).status_code == 404


def test_the_session_row_alone_and_the_cookie_alone_open_nothing(officer: SiteClient) -> None:
    set_up(officer)
    found(officer)
    cookie = officer.cookies["waymark_vault"]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/"
    thief = SiteClient("staff")
    thief.cookies["waymark_session"] = officer.cookies["waymark_session"].value
    assert thief.get("/vault/members/")["Location"].startswith("/vault/unlock/")
    thief.cookies["waymark_vault"] = "A" * 43 + "="
    assert thief.get("/vault/members/")["Location"].startswith("/vault/unlock/")
    row = Session.objects.get(session_key=hashed(officer.cookies["waymark_session"].value))
    assert isinstance(row.get_decoded()["vault"], str)


def test_the_vault_locks_by_itself(clock: Any, officer: SiteClient) -> None:
    set_up(officer)
    found(officer)
    for minutes in range(10, 60, 10):
        clock.move_to(f"2026-11-22T18:{minutes}:00Z", tick=False)
        assert officer.get("/vault/").status_code == 200
    clock.move_to("2026-11-22T19:05:00Z", tick=False)
    assert officer.get("/vault/")["Location"] == "/vault/unlock/"
    assert "vault" not in officer.session


def test_no_activity_stretches_the_absolute_limit(clock: Any, officer: SiteClient) -> None:
    set_up(officer)
    found(officer)
    for quarter in range(1, 24):
        clock.move_to(f"2026-11-22T{18 + quarter // 6}:{quarter % 6}0:00Z", tick=False)
        assert officer.get("/vault/").status_code == 200
    clock.move_to("2026-11-22T22:00:00Z", tick=False)
    assert officer.get("/vault/")["Location"] == "/vault/unlock/"


def test_administrators_acts_give_no_key(officer: SiteClient, staff_of: Callable[..., SiteClient]) -> None:
    """A new password, a new session, another role: each leads to the same locked door."""
    set_up(officer)
    found(officer)
    officer.user.set_password("a new password by reset")
    officer.user.save()
    again = SiteClient("staff")
    again.force_login(officer.user)
    assert again.get("/vault/members/")["Location"].startswith("/vault/unlock/")
    assert again.send("/vault/unlock/", {"passphrase": "a new password by reset"}).status_code == 422
    administrator = staff_of(Role.ADMINISTRATOR.value)
    for url in ("/vault/", "/vault/unlock/", "/vault/members/", "/vault/kit/"):
        assert administrator.get(url).status_code == 403


def test_nobody_reads_a_colleagues_key_row(officer: SiteClient) -> None:
    founder = founder_of(AgencyFactory())
    colleague = person_of(founder.user.acting.agency, Role.OFFICER.value)  # type: ignore[union-attr]
    with colleague.acting():
        assert [row.user_id for row in UserKey.objects.all()] == [colleague.user.pk]
        assert EpochSeal.objects.count() == 1
    assert UserKey.objects.count() == 0
    assert EpochSeal.objects.count() == 0


@pytest.mark.parametrize(
    "url",
    [
        "/vault/printed-key/new/",
        "/vault/start-over/",
        "/vault/kit/make/",
        "/vault/kit/withdraw/",
        "/vault/kit/use/",
        "/vault/found/",
    ],
)
def test_what_a_thief_of_an_open_desk_wants_asks_for_a_fresh_proof(clock: Any, officer: SiteClient, url: str) -> None:
    """Ten minutes after signing in the vault is still open, and making another key of it takes a factor again."""
    set_up(officer)
    found(officer)
    clock.move_to("2026-11-22T18:12:00Z", tick=False)
    assert officer.get("/vault/").status_code == 200
    asked = officer.get(url)
    assert asked.status_code == 401
