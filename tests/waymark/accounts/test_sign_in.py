"""Signing in: simple for the right person, slow for a guesser, silent about who has an account."""

from __future__ import annotations

import datetime as dt
import io
import time
from collections.abc import Callable

import pytest
import time_machine
from django.core.management import CommandError, call_command
from tests.factories.accounts import PASSWORD, UserFactory
from tests.plugins.factors import give_app, sign_in_by_app
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.accounts.actions.attempts import key_of
from waymark.accounts.forms.sign_in import REFUSED
from waymark.accounts.models import SignInAttempt, User
from waymark.accounts.policies.sign_in import LIMITS, Limit

SIGN_IN = "/sign-in/"


@pytest.fixture(autouse=True)
def _set_up(db: None) -> None:
    """The installation has its coordinator; before that, every address leads to the first-run page."""
    UserFactory(role=Role.COORDINATOR.value)


@pytest.fixture
def ana(db: None) -> User:
    return UserFactory(email="ana@example.org", display_name="Ana Invented", password=PASSWORD)


def _try(client: SiteClient, email: str, password: str, **more: str) -> object:
    return client.send(SIGN_IN, {"email": email, "password": password, **more})


def test_the_right_password_opens_the_home_page(visitor: Callable[[str], SiteClient], ana: User) -> None:
    client = visitor("staff")
    answer = sign_in_by_app(client, " Ana@Example.org ", PASSWORD, give_app(ana))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    page = client.get("/")
    assert page.status_code == 200
    assert "Ana Invented" in page.content.decode()
    # Who is signed in does not need the form again.
    assert client.get(SIGN_IN)["Location"] == "/"


def test_signing_in_leads_to_the_page_that_was_wanted(visitor: Callable[[str], SiteClient], ana: User) -> None:
    client = visitor("staff")
    first = client.get("/directory/services/?q=bed")
    assert first["Location"] == "/sign-in/?next=/directory/services/%3Fq%3Dbed"
    page = client.get(first["Location"])
    assert 'value="/directory/services/?q=bed"' in page.content.decode()
    answer = sign_in_by_app(client, ana.email, PASSWORD, give_app(ana), next="/directory/services/?q=bed")
    assert answer["Location"] == "/directory/services/?q=bed"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_elsewhere(visitor: Callable[[str], SiteClient], ana: User, elsewhere: str) -> None:
    answer = sign_in_by_app(visitor("staff"), ana.email, PASSWORD, give_app(ana), next=elsewhere)
    assert answer["Location"] == "/"


def test_a_wrong_password_an_unknown_and_a_closed_account_read_alike(
    visitor: Callable[[str], SiteClient], ana: User
) -> None:
    closed = UserFactory(email="closed@example.org", password=PASSWORD, is_active=False)
    texts = set()
    for email, password in (
        (ana.email, "wrong wrong wrong"),
        ("nobody@example.org", PASSWORD),
        (closed.email, PASSWORD),
    ):
        answer = visitor("staff").send(SIGN_IN, {"email": email, "password": password})
        assert answer.status_code == 422
        text = answer.content.decode()
        assert REFUSED in text
        assert email in text, "what was typed is never cleared"
        assert password not in text
        token = text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        texts.add(text.replace(email, "").replace(token, ""))
    assert len(texts) == 1


@pytest.mark.usefixtures("costly_passwords")
def test_an_unknown_account_costs_as_much_time_as_a_known_one(visitor: Callable[[str], SiteClient], ana: User) -> None:
    """Measured as the processor's time, which a busy machine does not stretch."""
    ana.set_password(PASSWORD)
    ana.save()

    def cost(email: str) -> float:
        client = visitor("staff")
        client.get(SIGN_IN)
        begun = time.process_time()
        client.send(SIGN_IN, {"email": email, "password": "wrong wrong wrong"})
        return time.process_time() - begun

    known = min(cost(ana.email) for _ in range(3))
    unknown = min(cost("nobody@example.org") for _ in range(3))
    # One password hash takes most of the time; leaving it out would make the unknown one many times faster.
    assert 0.4 < unknown / known < 2.5


def test_guessing_is_stopped_even_with_the_right_password(visitor: Callable[[str], SiteClient], ana: User) -> None:
    for email in (ana.email, "nobody@example.org"):
        for _ in range(LIMITS["account"].account):
            SignInAttempt.objects.create(
                account_key=key_of("account", email), sender_key="other", tried_at=dt.datetime.now(dt.UTC)
            )
        answer = visitor("staff").send(SIGN_IN, {"email": email, "password": PASSWORD})
        assert answer.status_code == 422
        assert REFUSED in answer.content.decode()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=16), tick=True):
        assert visitor("staff").send(SIGN_IN, {"email": ana.email, "password": PASSWORD}).status_code == 302


def test_a_sender_that_tries_many_accounts_is_stopped(
    visitor: Callable[[str], SiteClient], ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "account", Limit(account=8, sender=2))
    for number in range(2):
        visitor("staff").send(SIGN_IN, {"email": f"nobody{number}@example.org", "password": "wrong wrong wrong"})
    assert visitor("staff").send(SIGN_IN, {"email": ana.email, "password": PASSWORD}).status_code == 422


def test_the_table_of_tries_names_nobody_and_is_kept_for_a_day(visitor: Callable[[str], SiteClient], ana: User) -> None:
    visitor("staff").send(SIGN_IN, {"email": ana.email, "password": "wrong wrong wrong"})
    row = SignInAttempt.objects.get()
    assert ana.email not in f"{row.account_key}{row.sender_key}"
    assert "127.0.0.1" not in row.sender_key
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=2), tick=True):
        visitor("staff").send(SIGN_IN, {"email": "nobody@example.org", "password": "wrong wrong wrong"})
    assert not SignInAttempt.objects.filter(pk=row.pk).exists()


def test_signing_in_makes_a_new_session(visitor: Callable[[str], SiteClient], ana: User) -> None:
    """An id that someone planted before is worth nothing after."""
    client = visitor("staff")
    session = client.session
    session["planted"] = True
    session.save()
    planted = client.cookies["waymark_session"].value
    app = give_app(ana)
    client.send(SIGN_IN, {"email": ana.email, "password": PASSWORD})
    pending = client.cookies["waymark_session"].value
    client.send("/sign-in/second-step/", {"code": app.code()})
    assert len({client.cookies["waymark_session"].value, pending, planted}) == 3
    for known in (planted, pending):
        thief = visitor("staff")
        thief.cookies["waymark_session"] = known
        assert thief.get("/").status_code == 302
        assert thief.get("/sign-in/second-step/")["Location"] == "/sign-in/"


def test_signing_out_takes_a_post_and_ends_the_session(steward: SiteClient) -> None:
    assert steward.get("/sign-out/").status_code == 405
    assert steward.get("/").status_code == 200
    old = steward.cookies["waymark_session"].value
    answer = steward.send("/sign-out/", page="/")
    assert answer["Location"] == "/sign-in/"
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    steward.cookies["waymark_session"] = old
    assert steward.get("/").status_code == 302


def test_the_session_cookie_is_out_of_reach(visitor: Callable[[str], SiteClient], ana: User) -> None:
    client = visitor("staff")
    client.send(SIGN_IN, {"email": ana.email, "password": PASSWORD})
    cookie = client.cookies["waymark_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"


@pytest.mark.parametrize("site", ["finder", "newsroom"])
def test_the_public_sites_have_no_sign_in(visitor: Callable[[str], SiteClient], db: None, site: str) -> None:
    answer = visitor(site).get(SIGN_IN)
    assert answer.status_code == 404
    assert not answer.cookies


def test_a_staff_user_is_made_on_the_command_line(
    visitor: Callable[[str], SiteClient], db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("create_staff_user", "New@Example.org", "--name", "New Person", "--role", "coordinator", "--generate")
    password = capsys.readouterr().out.strip().rsplit(": ", 1)[1]
    assert visitor("staff").send(SIGN_IN, {"email": "new@example.org", "password": password}).status_code == 302
    with pytest.raises(CommandError, match="already has an account"):
        call_command("create_staff_user", "new@example.org", "--name", "Again", "--generate")


@pytest.mark.parametrize(
    ("password", "why"), [("short", "too short"), ("password1234", "too common"), ("new@example.org", "similar")]
)
def test_a_weak_password_is_refused(db: None, monkeypatch: pytest.MonkeyPatch, password: str, why: str) -> None:

    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    with pytest.raises(CommandError, match=why):
        call_command("create_staff_user", "new@example.org", "--name", "New Person", "--password-stdin")
    assert not User.objects.filter(email="new@example.org").exists()


def test_without_a_way_to_give_a_password_nothing_is_made(db: None, monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(CommandError, match="--password-stdin"):
        call_command("create_staff_user", "new@example.org", "--name", "New Person")


def test_a_new_password_and_a_closed_account_end_open_sessions(steward: SiteClient, second_steward: SiteClient) -> None:
    call_command("set_staff_password", steward.user.email, "--generate")
    assert steward.get("/").status_code == 302
    call_command("close_staff_user", second_steward.user.email)
    assert second_steward.get("/").status_code == 302
    with pytest.raises(CommandError, match="No staff user"):
        call_command("close_staff_user", "nobody@example.org")
