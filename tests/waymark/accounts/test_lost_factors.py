"""A lost second factor: two officers, a code by voice, the password; nobody goes round it, and nobody stays locked out."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.factories.accounts import PASSWORD, AgencyFactory, UserFactory
from tests.factories.vault import PASSPHRASE, founder_of
from tests.plugins.factors import App, SoftKey, give_app, set_up_app, sign_in_by_app
from tests.plugins.staff import SiteClient
from tests.waymark.accounts.test_factors import add_passkey, told, use_passkey

from waymark.access.permissions import Role
from waymark.accounts import tasks
from waymark.accounts.actions import factor_resets, factors
from waymark.accounts.models import Agency, FactorReset, Session, User
from waymark.vault.models import UserKey

pytestmark = pytest.mark.django_db
LIST, ASK, CODE = "/agency/lost-factors/", "/agency/lost-factors/new/", "/sign-in/set-up/code/"
StaffOf = Callable[..., SiteClient]


@pytest.fixture
def shelter(db: None) -> Agency:
    UserFactory(role=Role.COORDINATOR.value)
    return AgencyFactory(name="Invented shelter")


@pytest.fixture
def ana(shelter: Agency) -> User:
    return UserFactory(
        email="ana@example.org", display_name="Ana Invented", password=PASSWORD, role=Role.OFFICER.value, agency=shelter
    )


@pytest.fixture
def first(staff_of: StaffOf, shelter: Agency) -> SiteClient:
    return staff_of(Role.OFFICER.value, agency=shelter, display_name="Ola Invented")


@pytest.fixture
def second(staff_of: StaffOf, shelter: Agency) -> SiteClient:
    return staff_of(Role.OFFICER.value, agency=shelter, display_name="Uma Invented")


def asked(ana: User) -> dict[str, str]:
    return {"member": str(ana.memberships.get().pk), "how_proved": "Called back at the number that we have"}


def ask(officer: SiteClient, ana: User) -> FactorReset:
    assert officer.send(ASK, asked(ana)).status_code == 302
    return FactorReset.objects.get(state="asked")


def grant(officer: SiteClient, reset: FactorReset) -> str:
    answer = officer.send(f"{LIST}{reset.pk}/", {"decision": "grant"})
    found = re.search(r"<code>([A-Z0-9-]{14})</code>", answer.content.decode())
    assert found is not None
    return found[1]


def pending(visitor: Callable[[str], SiteClient], ana: User) -> SiteClient:
    client = visitor("staff")
    assert client.send("/sign-in/", {"email": ana.email, "password": PASSWORD}).status_code == 302
    return client


def test_a_lost_factor_is_replaced_and_nothing_old_opens(
    visitor: Any, first: SiteClient, second: SiteClient, ana: User
) -> None:
    app, key = give_app(ana), SoftKey()
    codes = factors.make_recovery_codes(user=ana)
    open_one = SiteClient("staff")
    open_one.force_login(ana)
    assert add_passkey(open_one, "/my/sign-in/add/passkey/", key).status_code == 302
    password = ana.password

    reset = ask(first, ana)
    assert open_one.get("/my/sign-in/").status_code == 200, "asking changes nothing yet"
    assert Authenticator.objects.filter(user_id=ana.pk).count() == 3
    code = grant(second, reset)

    assert open_one.get("/my/sign-in/").status_code == 302, "every open session has ended"
    assert not Session.objects.filter(user=ana).exists()
    assert use_passkey(visitor("staff"), key).status_code == 422
    client = pending(visitor, ana)
    for page in ("/", "/my/sign-in/", "/sign-in/second-step/", "/sign-in/set-up/", "/sign-in/set-up/passkey/"):
        assert client.get(page)["Location"].startswith("/sign-in/"), page
    for old in (app.code(), codes[0]):
        assert client.send(CODE, {"code": old}).status_code == 422
    assert client.send(CODE, {"code": code.replace("-", " ").lower()})["Location"] == "/sign-in/set-up/"
    for page in ("/", "/my/sign-in/", "/members/"):
        assert client.get(page)["Location"].startswith("/sign-in/"), "a new factor comes before every other page"
    new = set_up_app(client)
    assert client.get("/my/sign-in/").status_code == 200

    ana.refresh_from_db()
    assert ana.password == password, "the password is the person's own all the way"
    for page in (first, second):
        shown = page.get(LIST).content.decode()
        assert "Ana Invented" in shown
        assert code not in shown
    for old in (app.code(), codes[1]):
        assert pending(visitor, ana).send("/sign-in/second-step/", {"code": old}).status_code == 422
    assert use_passkey(visitor("staff"), key).status_code == 422
    assert isinstance(new, App)


def test_each_act_is_told_once(visitor: Any, first: SiteClient, second: SiteClient, ana: User) -> None:
    def new_ones() -> list[str]:
        now = sorted(told(ana))
        fresh = list(now)
        for verb in seen:
            fresh.remove(verb)
        seen[:] = now
        return fresh

    seen: list[str] = sorted(told(ana))
    reset = ask(first, ana)
    assert new_ones() == ["factor_reset.asked"]
    assert second.send(f"{LIST}{reset.pk}/", {"decision": "refuse"}).status_code == 302
    assert new_ones() == ["factor_reset.refused"]
    code = grant(second, ask(first, ana))
    assert new_ones() == ["factor_reset.asked", "factor_reset.granted"]
    client = pending(visitor, ana)
    client.send(CODE, {"code": code})
    set_up_app(client)
    client.get("/my/sign-in/codes/")
    assert new_ones() == ["factor.added", "factor_reset.used", "recovery_codes.made", "session.begun"]


def test_a_letter_tells_the_person_that_their_factors_are_gone(first: SiteClient, second: SiteClient, ana: User) -> None:
    code = grant(second, ask(first, ana))
    (job,) = ProcrastinateJob.objects.filter(task_name="accounts.send_notice")
    assert job.args == {"kind": "factors_reset", "user": str(ana.pk)}
    mail.outbox.clear()
    tasks.send_notice(**job.args)
    (letter,) = mail.outbox
    assert letter.to == [ana.email]
    assert code not in str(letter.body)
    assert "Invented" not in str(letter.body)


def test_who_asked_does_not_decide(first: SiteClient, second: SiteClient, ana: User) -> None:
    reset = ask(first, ana)
    page = f"{LIST}{reset.pk}/"
    token = first.get(ASK).content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    for decision in ("grant", "refuse"):
        answer = first.post(page, {"decision": decision, "csrfmiddlewaretoken": token})
        assert answer.status_code == 404
    for act in (factor_resets.grant_reset, factor_resets.refuse_reset):
        with pytest.raises(PermissionDenied):
            act(reset=reset, by=first.user)
    with (
        pytest.raises(IntegrityError, match="factor_reset_has_a_second_look"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE accounts_factorreset SET state = 'granted', decided_by_id = asked_by_id")
    with (
        pytest.raises(IntegrityError, match="factor_reset_is_decided_by_somebody"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE accounts_factorreset SET state = 'granted'")
    reset.refresh_from_db()
    assert reset.state == "asked"
    assert grant(second, reset)
    assert second.get(page).status_code == 404, "decided once, and the code is shown once"


def test_nobody_asks_or_decides_for_themselves(staff_of: StaffOf, first: SiteClient, shelter: Agency) -> None:
    me = staff_of(Role.OFFICER.value, agency=shelter)
    answer = me.send(ASK, asked(me.user))
    assert answer.status_code == 422
    assert "Called back" in answer.content.decode(), "what was typed is still there"
    with pytest.raises(PermissionDenied):
        factor_resets.ask_reset(membership=me.user.memberships.get(), how_proved="I am I", by=me.user)
    reset = ask(first, me.user)
    assert me.get(f"{LIST}{reset.pk}/").status_code == 404
    assert str(reset.pk) not in me.get(LIST).content.decode()
    with pytest.raises(PermissionDenied):
        factor_resets.grant_reset(reset=reset, by=me.user)


def test_another_agency_s_officer_meets_nothing(staff_of: StaffOf, first: SiteClient, ana: User) -> None:
    reset = ask(first, ana)
    stranger = staff_of(Role.OFFICER.value, agency=AgencyFactory())
    there, nowhere = (stranger.get(f"{LIST}{pk}/") for pk in (reset.pk, uuid.uuid4()))
    assert there.status_code == nowhere.status_code == 404
    assert there.content.replace(str(reset.pk).encode(), b"") == nowhere.content.replace(
        nowhere.request["PATH_INFO"].split("/")[-2].encode(), b""
    )
    assert "Ana Invented" not in stranger.get(LIST).content.decode() + stranger.get(ASK).content.decode()
    assert stranger.send(ASK, asked(ana)).status_code == 422
    for act in (factor_resets.grant_reset, factor_resets.refuse_reset):
        with pytest.raises(PermissionDenied):
            act(reset=reset, by=stranger.user)


def test_a_code_works_one_day_and_a_late_one_keeps_nobody_out(
    visitor: Any, time_machine: Any, staff_of: StaffOf, shelter: Agency, ana: User
) -> None:
    begun = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
    time_machine.move_to(begun, tick=False)
    early = [staff_of(Role.OFFICER.value, agency=shelter) for _ in range(2)]
    late_code = grant(early[1], ask(early[0], ana))
    time_machine.move_to(begun + dt.timedelta(days=1), tick=False)
    client = pending(visitor, ana)
    assert client.send(CODE, {"code": late_code}).status_code == 422
    assert client.get("/sign-in/set-up/app/").status_code == 302, "a late code does not leave the password alone"

    officers = [staff_of(Role.OFFICER.value, agency=shelter) for _ in range(2)]
    reset = ask(officers[0], ana)
    assert client.get("/sign-in/second-step/")["Location"] == CODE, "not while somebody looks again, either"
    code = grant(officers[1], reset)
    assert sorted(FactorReset.objects.values_list("state", "code_hash"))[1] == ("lapsed", "")
    assert client.get(CODE)["Location"] == "/sign-in/", "a sign-in that was under way has ended too"
    assert pending(visitor, ana).send(CODE, {"code": late_code}).status_code == 422
    time_machine.move_to(begun + dt.timedelta(days=2, seconds=-1), tick=False)
    client = pending(visitor, ana)
    assert client.send(CODE, {"code": code}).status_code == 302
    set_up_app(client)


def test_a_code_works_once(visitor: Any, first: SiteClient, second: SiteClient, ana: User) -> None:
    code = grant(second, ask(first, ana))
    client, thief = pending(visitor, ana), pending(visitor, ana)
    for each in (client, thief):
        assert each.send(CODE, {"code": code}).status_code == 302
    app = set_up_app(client)
    # Somebody who has overheard it was a moment too late.
    assert thief.get("/sign-in/set-up/app/")["Location"] == "/sign-in/second-step/"
    assert thief.get(CODE)["Location"] == "/sign-in/second-step/"
    assert FactorReset.objects.get().code_hash == ""
    factors.remove_all_factors(user=ana)
    assert not factor_resets.is_handover_code(reset=FactorReset.objects.get(), code=code)
    assert isinstance(app, App)


def test_guessing_the_code_is_stopped_and_told(visitor: Any, first: SiteClient, second: SiteClient, ana: User) -> None:
    code = grant(second, ask(first, ana))
    client = pending(visitor, ana)
    for _ in range(5):
        assert client.send(CODE, {"code": "BCDF-GHJK-LMNP"}).status_code == 422
    assert client.send(CODE, {"code": code}).status_code == 422
    assert client.get("/sign-in/set-up/app/").status_code == 302
    assert told(ana).count("code.refused") == 1


def test_one_request_at_a_time(first: SiteClient, second: SiteClient, ana: User) -> None:
    ask(first, ana)
    again = second.send(ASK, asked(ana))
    assert again.status_code == 422
    assert "open request for this person already" in again.content.decode()


def test_no_vault_is_opened_or_touched(visitor: Any, first: SiteClient, second: SiteClient, shelter: Agency) -> None:
    person = founder_of(shelter, email="fay@example.org", password=PASSWORD)
    give_app(person.user)
    with person.acting():
        before = list(UserKey.objects.filter(user=person.user).values())
    code = grant(second, ask(first, person.user))
    client = pending(visitor, person.user)
    client.send(CODE, {"code": code})
    set_up_app(client)
    with person.acting():
        assert list(UserKey.objects.filter(user=person.user).values()) == before
    assert client.get("/vault/members/")["Location"].startswith("/vault/unlock/")
    for wrong in (code, PASSWORD):
        assert client.send("/vault/unlock/", {"passphrase": wrong}).status_code == 422
    assert client.send("/vault/unlock/", {"passphrase": PASSPHRASE}).status_code == 302


def test_an_ordinary_sign_in_needs_no_officer(visitor: Any, first: SiteClient, ana: User) -> None:
    """A request that nobody has granted stands in nobody's way."""
    app = give_app(ana)
    ask(first, ana)
    assert sign_in_by_app(visitor("staff"), ana.email, PASSWORD, app)["Location"] == "/"
