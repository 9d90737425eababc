"""What docs/asvs.csv promises of passwords, factors, sessions and letters, asked through the pages as a person would."""

from __future__ import annotations

import datetime as dt
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from tests.factories.accounts import PASSWORD, UserFactory
from tests.plugins.factors import App, SoftKey, give_app, sign_in_by_app
from tests.plugins.staff import SiteClient

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.actions.factors import check_recovery_code, make_recovery_codes
from waymark.accounts.models import User
from waymark.audit.models import Event

NOW = dt.datetime(2026, 11, 22, 17, tzinfo=dt.UTC)
Visitor = Callable[[str], SiteClient]


@pytest.fixture(autouse=True)
def _set_up(db: None) -> None:
    UserFactory(role=Role.COORDINATOR.value)


@pytest.fixture
def ana() -> User:
    return UserFactory(email="ana@example.org", display_name="Ana Invented", password=PASSWORD)


@pytest.fixture
def app(ana: User) -> App:
    return give_app(ana)


@pytest.fixture
def signed_in(visitor: Visitor, ana: User, app: App) -> SiteClient:
    client = visitor("staff")
    sign_in_by_app(client, ana.email, PASSWORD, app)
    return client


def _change(client: SiteClient, current: str, new: str) -> Any:
    return client.send("/my/sign-in/password/", {"current": current, "password": new})


@pytest.mark.parametrize(
    "password",
    [
        "only small letters here",
        "1029 3847 5601 9283",
        "пароль из многих слов",
        "🐢🐢🐢🐢 turtles 🐢🐢🐢🐢",
        "  spaces at both ends count  ",
        "long " * 200,
    ],
)
def test_any_characters_and_any_length_make_a_password(signed_in: SiteClient, ana: User, password: str) -> None:
    assert _change(signed_in, PASSWORD, password).status_code == 302
    ana.refresh_from_db()
    assert ana.check_password(password)
    assert not ana.check_password(password.strip() if password != password.strip() else password.swapcase() + "x")
    assert not ana.check_password(password[:72] + "x"), "nothing is cut off"


@pytest.mark.parametrize(
    "password", ["tinyw0rd", "elevenchars", "qwertyuiop123456", "Password123456789", "ana@example.org", "ana invented one"]
)
def test_short_stolen_and_personal_passwords_are_refused(signed_in: SiteClient, ana: User, password: str) -> None:
    answer = _change(signed_in, PASSWORD, password)
    assert answer.status_code == 422
    assert password not in answer.content.decode()
    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)


def test_changing_the_password_asks_for_the_one_now(signed_in: SiteClient, ana: User) -> None:
    assert _change(signed_in, "not the one now", "an entirely different phrase").status_code == 422
    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)


def test_a_password_stays_good_for_years(visitor: Visitor, ana: User) -> None:
    with time_machine.travel(NOW + dt.timedelta(days=3 * 365), tick=True):
        assert sign_in_by_app(visitor("staff"), ana.email, PASSWORD, give_app(ana))["Location"] == "/"


@pytest.mark.parametrize("address", ["/sign-in/", "/my/sign-in/password/"])
def test_password_fields_hide_what_is_typed_and_let_managers_help(
    signed_in: SiteClient, visitor: Visitor, address: str
) -> None:
    client = visitor("staff") if address == "/sign-in/" else signed_in
    form = client.get(address).context["form"]
    fields = [form[name] for name in ("password", "current") if name in form.fields]
    assert fields
    for field in fields:
        text = str(field)
        assert 'type="password"' in text
        assert 'autocomplete="current-password"' in text or 'autocomplete="new-password"' in text
        assert "onpaste" not in text
        assert "readonly" not in text


def test_a_password_alone_opens_nothing(visitor: Visitor, ana: User, app: App) -> None:
    client = visitor("staff")
    assert client.send("/sign-in/", {"email": ana.email, "password": PASSWORD}).status_code == 302
    for address in ("/", "/directory/services/", "/my/sign-in/", "/my/sessions/", "/my/sign-in/codes/"):
        assert client.get(address).status_code == 302, address
        assert "/sign-in/" in client.get(address)["Location"]


def test_a_code_of_the_app_works_once_and_for_minutes(visitor: Visitor, ana: User, app: App) -> None:
    with time_machine.travel(NOW, tick=True) as clock:
        app = give_app(ana)
        code = app.code()
        first, second = visitor("staff"), visitor("staff")
        for client in (first, second):
            client.send("/sign-in/", {"email": ana.email, "password": PASSWORD})
        assert first.send("/sign-in/second-step/", {"code": code})["Location"] == "/"
        assert second.send("/sign-in/second-step/", {"code": code}).status_code == 422, "used before"
        unused = app.code(steps=1)
        clock.shift(dt.timedelta(minutes=3))
        assert second.send("/sign-in/second-step/", {"code": unused}).status_code == 422, "too old"
        assert second.send("/sign-in/second-step/", {"code": app.code()})["Location"] == "/"


def test_recovery_codes_are_random_sealed_and_good_once(ana: User, app: App) -> None:
    codes = make_recovery_codes(user=ana)
    plain = [code.replace("-", "") for code in codes]
    assert len(set(plain)) == len(plain) == 10
    assert all(len(code) == 10 and code.isdigit() for code in plain), "10 digits are 33 bits"
    stored = str(list(Authenticator.objects.filter(user_id=ana.pk).values_list("data", flat=True)))
    assert not [code for code in [*codes, *plain] if code in stored]
    assert app.secret not in stored
    assert check_recovery_code(user=ana, code=codes[3])
    assert not check_recovery_code(user=ana, code=codes[3])
    assert make_recovery_codes(user=ana) != codes


def test_a_new_password_by_mail_still_asks_for_the_second_factor(visitor: Visitor, ana: User, app: App) -> None:
    from django.contrib.auth.tokens import default_token_generator
    from django.utils.http import urlsafe_base64_encode

    who = urlsafe_base64_encode(str(ana.pk).encode())
    client = visitor("staff")
    client.get(f"/password/link/?t={who}.{default_token_generator.make_token(ana)}")
    assert client.send("/password/new/", {"password": "an entirely different phrase"}).status_code == 200
    assert client.get("/").status_code == 302, "the link signs nobody in"
    client.send("/sign-in/", {"email": ana.email, "password": "an entirely different phrase"})
    assert client.get("/").status_code == 302, "nor does the new password alone"
    assert client.send("/sign-in/second-step/", {"code": app.code()})["Location"] == "/"


def test_signing_in_is_told_with_the_factors(visitor: Visitor, ana: User, app: App) -> None:
    client = visitor("staff")
    client.send("/sign-in/", {"email": ana.email, "password": "wrong wrong wrong"})
    client.send("/sign-in/", {"email": ana.email, "password": PASSWORD})
    client.send("/sign-in/second-step/", {"code": "000000"})
    client.send("/sign-in/second-step/", {"code": app.code()})
    with acting_for(ana.memberships.get().agency_id, ana.pk):
        told = {event.verb: event for event in Event.objects.all()}
    assert set(told["session.begun"].fields) == {"password", "app"}
    words = " ".join(f"{event.actor} {event.verb} {event.object_id} {event.fields}" for event in told.values())
    assert ana.email not in words
    assert "wrong wrong wrong" not in words


def test_a_passkey_of_another_site_or_without_its_owner_is_refused(visitor: Visitor, ana: User) -> None:
    for key in (SoftKey("http://staff.localhost.example"), SoftKey("http://localhost"), SoftKey(verifies=False)):
        client = visitor("staff")
        client.force_login(ana)
        page = client.get("/my/sign-in/add/passkey/")
        answer = client.send("/my/sign-in/add/passkey/", {"name": "Key", "credential": key.make(page.context["options"])})
        assert answer.status_code == 422
    assert not Authenticator.objects.filter(user_id=ana.pk, type=Authenticator.Type.WEBAUTHN).exists()


def test_challenges_are_long_and_never_alike(visitor: Visitor, ana: User) -> None:
    client = visitor("staff")
    seen = set()
    for _ in range(12):
        asked = client.send("/sign-in/passkey/options/", page="/sign-in/")
        (challenge,) = re.findall(r'"challenge": ?"([\w-]+)"', asked.content.decode().replace("\\", ""))
        assert len(urlsafe_b64decode(challenge + "==")) >= 16
        seen.add(challenge)
    assert len(seen) == 12


def test_every_page_of_a_member_has_the_way_out(signed_in: SiteClient) -> None:
    for address in ("/", "/directory/services/", "/my/sessions/", "/my/sign-in/", "/keyboard/"):
        text = signed_in.get(address).content.decode()
        assert 'action="/sign-out/"' in text, address


def test_signing_out_tells_the_browser_to_forget(signed_in: SiteClient) -> None:
    answer = signed_in.send("/sign-out/", page="/")
    assert '"storage"' in answer["Clear-Site-Data"]
    assert '"cache"' in answer["Clear-Site-Data"]
    assert signed_in.get("/").status_code == 302
