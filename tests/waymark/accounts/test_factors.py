"""Second factors: obligatory, good once, and out of reach of whoever holds a copy of the database."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from tests.factories.accounts import PASSWORD, UserFactory
from tests.plugins.factors import SoftKey, give_app, set_up_app, sign_in_by_app
from tests.plugins.staff import SiteClient

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.actions import factors
from waymark.accounts.actions.factor_keys import open_for, seal_for
from waymark.accounts.actions.passkeys import enroll_passkey
from waymark.accounts.models import User
from waymark.accounts.selectors.factors import recovery_codes_left, ways_of
from waymark.audit.models import Event
from waymark.sealing.errors import CannotOpenError

pytestmark = pytest.mark.django_db
STEP = "/sign-in/second-step/"


@pytest.fixture
def ana(db: None) -> User:
    UserFactory(role=Role.COORDINATOR.value)
    return UserFactory(email="ana@example.org", display_name="Ana Invented", password=PASSWORD)


@pytest.fixture
def pending(visitor: Callable[[str], SiteClient], ana: User) -> SiteClient:
    client = visitor("staff")
    client.send("/sign-in/", {"email": ana.email, "password": PASSWORD})
    return client


def told(user: User) -> list[str]:
    """The verbs in the chain of the user's agency, as its members may read them."""
    membership = user.memberships.get()
    with acting_for(membership.agency_id, user.pk):
        return list(Event.objects.filter(chain=membership.agency_id).values_list("verb", flat=True))


def options_of(page: str) -> str:
    found = page.split('data-passkey-options="')[1].split('"')[0]
    return found.replace("&quot;", '"').replace("&#x27;", "'")


def add_passkey(client: SiteClient, address: str, key: SoftKey, **more: str) -> Any:
    page = client.get(address).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    return client.post(address, {"csrfmiddlewaretoken": token, "credential": key.make(options_of(page)), **more})


def use_passkey(client: SiteClient, key: SoftKey) -> Any:
    page = client.get("/sign-in/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    options = client.post("/sign-in/passkey/options/", {"csrfmiddlewaretoken": token})
    answer = {"csrfmiddlewaretoken": token, "credential": key.use(options.content.decode())}
    return client.post("/sign-in/passkey/", answer)


@pytest.mark.parametrize("address", ["/", "/directory/services/", "/my/sign-in/", "/my/sessions/", "/keyboard/"])
def test_without_a_second_factor_no_staff_page_opens(pending: SiteClient, address: str) -> None:
    assert pending.get(address)["Location"].startswith("/sign-in/")
    assert pending.get(STEP)["Location"] == "/sign-in/set-up/"
    assert "A passkey" in pending.get("/sign-in/set-up/").content.decode()


def test_a_session_that_somebody_signed_in_without_a_proof_opens_nothing(visitor: Any, ana: User) -> None:
    client = visitor("staff")
    super(SiteClient, client).force_login(ana)
    assert client.get("/")["Location"] == "/sign-in/?next=/"
    assert client.post("/my/sessions/others/end/").status_code in {302, 403}


def test_the_first_app_makes_the_sign_in_whole_and_shows_recovery_codes_once(pending: SiteClient, ana: User) -> None:
    set_up_app(pending)
    page = pending.get("/my/sign-in/codes/").content.decode()
    assert page.count("<code>") == 10
    code = page.split("<code>")[1].split("</code>")[0]
    saved = pending.send("/my/sign-in/codes/file/", page="/my/sign-in/codes/").content.decode()
    assert code in saved
    session = pending.session
    del session["codes_shown_until"]
    session.save()
    later = pending.get("/my/sign-in/codes/").content.decode()
    assert code not in later
    assert "cannot be shown again" in later
    assert pending.get("/").status_code == 200


def test_a_code_of_the_app_is_good_once(visitor: Any, ana: User) -> None:
    app = give_app(ana)
    assert sign_in_by_app(visitor("staff"), ana.email, PASSWORD, app)["Location"] == "/"
    second = visitor("staff")
    again = sign_in_by_app(second, ana.email, PASSWORD, app)
    assert again.status_code == 422
    assert second.get("/").status_code == 302
    # An older one than the last that was used is no good either.
    assert not factors.check_app_code(user=ana, code=app.code(steps=-1))


def test_a_recovery_code_is_good_once_and_tells(visitor: Any, ana: User) -> None:
    give_app(ana)
    code = factors.make_recovery_codes(user=ana)[3]
    for expected in (302, 422):
        client = visitor("staff")
        client.send("/sign-in/", {"email": ana.email, "password": PASSWORD})
        assert client.send(STEP, {"code": f" {code.replace('-', ' ')} "}).status_code == expected
    assert recovery_codes_left(ana) == 9
    assert told(ana).count("recovery_code.used") == 1
    factors.make_recovery_codes(user=ana)
    assert not factors.check_recovery_code(user=ana, code=code), "new codes put the old ones out of use"


def test_guessing_codes_is_stopped_even_with_the_right_one(pending: SiteClient, ana: User) -> None:
    app = give_app(ana)
    for _ in range(5):
        assert pending.send(STEP, {"code": "000000"}).status_code == 422
    assert pending.send(STEP, {"code": app.code()}).status_code == 422
    assert pending.get("/").status_code == 302


def test_a_new_password_ends_a_sign_in_that_waits_for_its_second_step(pending: SiteClient, ana: User) -> None:
    app = give_app(ana)
    ana.set_password("another long enough passphrase")
    ana.save()
    assert pending.post(STEP, {"code": app.code()}).status_code in {302, 403}
    assert pending.get(STEP)["Location"] == "/sign-in/"


def test_secrets_of_factors_lie_sealed_and_do_not_open_in_another_row(ana: User) -> None:
    app = give_app(ana)
    codes = factors.make_recovery_codes(user=ana)
    stored = json.dumps([row.data for row in Authenticator.objects.all()])
    assert app.secret not in stored
    assert all(code.replace("-", "") not in stored for code in codes)
    ben = UserFactory()
    row = Authenticator.objects.get(user_id=ana.pk, type="totp")
    Authenticator.objects.create(user_id=ben.pk, type="totp", data=row.data)
    assert not factors.check_app_code(user=ben, code=app.code())
    with pytest.raises(CannotOpenError):
        open_for(ben.pk, row.data["secret"])
    with pytest.raises(CannotOpenError):
        open_for(ana.pk, seal_for(ana.pk, "x", what="offer"))
    with pytest.raises(CannotOpenError):
        open_for(ana.pk, "not even base64!")


def test_another_key_of_the_installation_opens_nothing(ana: User, settings: Any) -> None:
    app = give_app(ana)
    settings.FACTOR_KEY = bytes(32)
    assert not factors.check_app_code(user=ana, code=app.code())


def test_a_passkey_is_a_whole_sign_in(pending: SiteClient, visitor: Any, ana: User) -> None:
    key = SoftKey()
    done = add_passkey(pending, "/sign-in/set-up/passkey/", key, name="Office laptop")
    assert done["Location"] == "/my/sign-in/codes/"
    assert [way.name for way in ways_of(ana)] == ["Office laptop"]
    client = visitor("staff")
    key.counter += 1
    assert use_passkey(client, key)["Location"] == "/"
    assert client.get("/").status_code == 200
    assert set(client.session["proof"]["factors"]) == {"passkey"}


@pytest.fixture
def key(pending: SiteClient, ana: User) -> SoftKey:
    made = SoftKey()
    assert add_passkey(pending, "/sign-in/set-up/passkey/", made).status_code == 302
    return made


def refused(client: SiteClient, key: SoftKey) -> bool:
    answer = use_passkey(client, key)
    return (
        answer.status_code == 422 and "was not accepted" in answer.content.decode() and client.get("/").status_code == 302
    )


@pytest.mark.parametrize("origin", ["https://staff.localhost", "http://evil.example", "http://x.staff.localhost"])
def test_a_passkey_used_on_another_page_is_refused(visitor: Any, key: SoftKey, origin: str) -> None:
    key.origin = origin
    assert refused(visitor("staff"), key)


def test_a_passkey_that_did_not_check_its_owner_is_refused(visitor: Any, key: SoftKey) -> None:
    key.verifies = False
    assert refused(visitor("staff"), key)


def test_a_copied_passkey_whose_counter_runs_backwards_is_refused(visitor: Any, key: SoftKey) -> None:
    key.counter = 7
    assert not refused(visitor("staff"), key)
    assert refused(visitor("staff"), key), "the same counter again"
    key.counter = 3
    assert refused(visitor("staff"), key)


def test_an_answer_to_a_challenge_is_good_once(visitor: Any, key: SoftKey) -> None:
    client = visitor("staff")
    page = client.get("/sign-in/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    options = client.post("/sign-in/passkey/options/", {"csrfmiddlewaretoken": token}).content.decode()
    answer = {"csrfmiddlewaretoken": token, "credential": key.use(options)}
    thief = visitor("staff")
    stolen = thief.get("/sign-in/").content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert thief.post("/sign-in/passkey/", {**answer, "csrfmiddlewaretoken": stolen}).status_code == 422
    assert client.post("/sign-in/passkey/", answer).status_code == 302
    assert visitor("staff").post("/sign-in/passkey/", answer).status_code in {403, 422}


@pytest.mark.parametrize(
    "junk", ["", "x", "[]", "{}", '{"id":1}', '{"response":{"userHandle":"AA"}}', "\x00", "9" * 19_000]
)
def test_junk_for_a_passkey_is_refused_like_a_wrong_one(visitor: Any, ana: User, junk: str) -> None:
    client = visitor("staff")
    answer = client.send("/sign-in/passkey/", {"credential": junk}, page="/sign-in/")
    assert answer.status_code == 422
    assert "was not accepted" in answer.content.decode()


def test_the_passkey_of_another_does_not_pass_my_second_step(visitor: Any, key: SoftKey, ana: User) -> None:
    ben = UserFactory(email="ben@example.org", password=PASSWORD)
    other = SoftKey()
    client = visitor("staff")
    client.send("/sign-in/", {"email": ben.email, "password": PASSWORD})
    add_passkey(client, "/sign-in/set-up/passkey/", other)
    again = visitor("staff")
    again.send("/sign-in/", {"email": ben.email, "password": PASSWORD})
    page = again.get(STEP).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    answer = again.post(STEP, {"csrfmiddlewaretoken": token, "credential": key.use(options_of(page))})
    assert answer.status_code == 422


def test_the_last_way_in_stays(steward: SiteClient) -> None:
    app = give_app(steward.user)
    number = ways_of(steward.user)[0].id
    answer = steward.send(f"/my/sign-in/{number}/remove/")
    assert answer.status_code == 422
    assert "only one" in answer.content.decode()
    assert factors.check_app_code(user=steward.user, code=app.code())
    assert add_passkey(steward, "/my/sign-in/add/passkey/", SoftKey()).status_code == 302
    assert steward.send(f"/my/sign-in/{number}/remove/").status_code == 302
    assert [way.kind for way in ways_of(steward.user)] == ["webauthn"]


def test_ten_passkeys_are_enough(steward: SiteClient) -> None:
    for _ in range(10):
        Authenticator.objects.create(user_id=steward.user.pk, type="webauthn", data={"name": "x", "credential": {}})
    request = RequestFactory().get("/", headers={"host": "staff.localhost"})
    with pytest.raises(ValidationError, match="Ten passkeys"):
        enroll_passkey(request=request, user=steward.user, name="", credential="{}")
