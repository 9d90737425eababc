"""Passwords: refused when thieves have them, made anew by a letter that tells nothing, and never a way round the rest."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import argon2
import pytest
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.factories.accounts import PASSWORD, UserFactory
from tests.plugins.factors import give_app, set_up_app, sign_in_by_app
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.accounts import tasks
from waymark.accounts.actions import factor_resets
from waymark.accounts.models import FactorReset, User
from waymark.accounts.policies.passwords import is_known_from_a_breach
from waymark.accounts.selectors.factors import has_second_factor

pytestmark = pytest.mark.django_db
NEW = "pebbles under a slow river"


@pytest.fixture
def ana(db: None) -> User:
    UserFactory(role=Role.COORDINATOR.value)
    return UserFactory(email="ana@example.org", display_name="Ana Invented", password=PASSWORD)


@pytest.mark.parametrize("known", ["1234567890123", "passwordpassword", "PasswordPassword", "qwertyuiop1234567890"])
def test_a_password_that_thieves_have_is_refused(known: str) -> None:
    assert is_known_from_a_breach(known)
    with pytest.raises(ValidationError, match="Thieves know"):
        validate_password(known)


@pytest.mark.parametrize("good", [NEW, "correct pony battery clip", "aaaa bbbb cccc d", "ñandú über 東京 straße"])
def test_a_long_password_of_any_characters_is_taken(good: str) -> None:
    validate_password(good)


def _shape(client: SiteClient, url: str, typed: dict[str, str]) -> tuple[Any, ...]:
    page = client.get(url).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(url, {"csrfmiddlewaretoken": token, **typed})
    body = re.sub(r'csrfmiddlewaretoken" value="\w+', "", answer.content.decode()).replace(typed["email"], "")
    work = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries]
    headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
    return answer.status_code, headers, body, work


@pytest.mark.parametrize(("url", "more"), [("/sign-in/", {"password": "wrong wrong wrong"}), ("/password/", {})])
def test_a_known_and_an_unknown_address_are_answered_alike(
    visitor: Callable[[str], SiteClient], ana: User, monkeypatch: pytest.MonkeyPatch, url: str, more: dict[str, str]
) -> None:
    hashes: list[int] = []
    for module, name in ((argon2.low_level, "hash_secret"), (argon2._password_hasher, "verify_secret")):
        kept = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *a, kept=kept, **k: (hashes.append(1), kept(*a, **k))[1])
    UserFactory(email="bare@example.org")
    UserFactory(email="over@example.org", password=PASSWORD, is_active=False)
    seen, counts = [], []
    for address in ("ana@example.org", "none@example.org", "bare@example.org", "over@example.org"):
        hashes.clear()
        seen.append(_shape(visitor("staff"), url, {"email": address, **more}))
        counts.append(len(hashes))
    assert all(each == seen[0] for each in seen)
    assert len(set(counts)) == 1
    assert counts[0] == (1 if more else 0)


def _letter(client: SiteClient, email: str) -> str:
    ProcrastinateJob.objects.all()
    client.send("/password/", {"email": email})
    job = ProcrastinateJob.objects.filter(task_name="accounts.send_reset_link").latest("id")
    assert email not in str(job.args)
    mail.outbox.clear()
    tasks.send_reset_link(**job.args)
    return str(mail.outbox[0].body) if mail.outbox else ""


def test_a_letter_leads_to_a_new_password_once_and_not_past_the_second_step(visitor: Any, ana: User) -> None:
    app = give_app(ana)
    client = visitor("staff")
    text = _letter(client, " Ana@example.org ".strip())
    link = re.search(r"http://staff\.localhost(\S+)", text)
    assert link is not None
    for word in ("coalition", "traffick", "survivor", "Waymark", "Ana", "agency"):
        assert word.lower() not in f"{mail.outbox[0].subject} {text}".replace(link[0], "").lower()
    assert client.get(link[1])["Location"] == "/password/new/"
    assert client.send("/password/new/", {"password": "short"}).status_code == 422
    done = client.send("/password/new/", {"password": NEW})
    assert done.status_code == 200
    assert client.get("/").status_code == 302, "the letter signs nobody in"
    other = visitor("staff")
    other.get(link[1])
    assert other.get("/password/new/").status_code == 410
    assert sign_in_by_app(visitor("staff"), ana.email, NEW, app)["Location"] == "/"


def test_nobody_gets_a_letter_for_an_address_that_nobody_has(visitor: Any, ana: User) -> None:
    assert _letter(visitor("staff"), "nobody@example.org") == ""


def test_many_letters_to_one_address_are_not_sent(visitor: Any, ana: User) -> None:
    for _ in range(6):
        assert visitor("staff").send("/password/", {"email": ana.email}).status_code == 200
    assert ProcrastinateJob.objects.filter(task_name="accounts.send_reset_link").count() == 3


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(staff_of: Any) -> None:
    client = staff_of(password=PASSWORD)
    other = SiteClient("staff")
    other.force_login(client.user)
    wrong = client.send("/my/sign-in/password/", {"current": "not this one at all", "password": NEW})
    assert wrong.status_code == 422
    assert client.send("/my/sign-in/password/", {"current": PASSWORD, "password": NEW}).status_code == 302
    assert client.get("/my/sign-in/").status_code == 200
    assert other.get("/").status_code == 302


def test_a_lost_factor_takes_two_people_a_code_and_the_password(staff_of: Any, visitor: Any, ana: User) -> None:
    app = give_app(ana)
    agency = ana.memberships.get().agency
    first, second = (staff_of(Role.OFFICER.value, agency=agency) for _ in range(2))
    stranger = staff_of(Role.OFFICER.value, agency=None)
    asked = {"member": str(ana.memberships.get().pk), "how_proved": "Met in the office"}
    assert first.send("/agency/lost-factors/new/", asked).status_code == 302
    reset = FactorReset.objects.get()
    page = f"/agency/lost-factors/{reset.pk}/"
    assert first.get(page).status_code == 404, "who asked does not decide"
    with pytest.raises(PermissionDenied):
        factor_resets.grant_reset(reset=reset, by=first.user)
    assert stranger.user.acting.agency_id == agency.pk or stranger.get(page).status_code == 404
    shown = second.send(page, {"decision": "grant"}).content.decode()
    code = re.search(r"<code>([A-Z0-9-]+)</code>", shown)
    assert code is not None
    assert not has_second_factor(ana)
    assert app.secret
    client = visitor("staff")
    client.send("/sign-in/", {"email": ana.email, "password": PASSWORD})
    assert client.get("/sign-in/second-step/")["Location"] == "/sign-in/set-up/code/"
    assert client.get("/sign-in/set-up/app/").status_code == 302, "the password alone sets up nothing"
    assert client.send("/sign-in/set-up/code/", {"code": "BCDF-GHJK-LMNP"}).status_code == 422
    assert client.send("/sign-in/set-up/code/", {"code": code[1].lower()}).status_code == 302
    set_up_app(client)
    reset.refresh_from_db()
    assert (reset.state, reset.code_hash) == ("used", "")
    assert has_second_factor(ana)
