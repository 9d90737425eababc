"""Signing in through one's agency: a real provider on this machine, and every lie that it could tell."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from tests.factories.accounts import AgencyFactory, MembershipFactory, UserFactory
from tests.plugins.factors import App, give_app, set_up_app
from tests.plugins.openid import Provider, provider
from tests.plugins.staff import SiteClient

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.actions.agency_sign_in import set_up_agency_sign_in
from waymark.accounts.formats.openid import is_allowed_address
from waymark.accounts.models import Agency, AgencyIdentity, AgencySignIn, Membership, User
from waymark.accounts.selectors.factors import has_second_factor
from waymark.audit.models import Event
from waymark.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def idp(settings: Any) -> Iterator[Provider]:
    settings.AGENCY_SIGN_IN_LOOPBACK = True
    cache.clear()
    with provider() as made:
        yield made
    cache.clear()


@pytest.fixture
def agency(idp: Provider) -> Agency:
    UserFactory(role=Role.COORDINATOR.value)
    found = AgencyFactory(name="Invented shelter", short_name="Shelter")
    officer = UserFactory(role=Role.OFFICER.value, agency=found)
    set_up_agency_sign_in(issuer=idp.issuer, client_id="waymark", client_secret="open sesame", is_on=True, by=officer)
    return found


@pytest.fixture
def ana(agency: Agency) -> User:
    return UserFactory(email="ana@example.org", role=Role.MEMBER.value, agency=agency)


def come_back(client: SiteClient, agency: Agency, idp: Provider, **changes: str) -> Any:
    """Start, and come back from the provider with its answer."""
    page = client.get(f"/sign-in/agency/{agency.pk}/?next=/my/sessions/").content.decode()
    address = html.unescape(page.split(f'href="{idp.issuer}')[1].split('"')[0])
    asked = parse_qs(urlsplit(address).query)
    idp.nonce = asked["nonce"][0]
    answer = {"code": "a-code", "state": asked["state"][0], **changes}
    back = client.get(f"/sign-in/agency/{agency.pk}/back/", answer).content.decode()
    token = back.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    return client.post(f"/sign-in/agency/{agency.pk}/finish/", {"csrfmiddlewaretoken": token, **answer})


def is_refused(answer: Any) -> bool:
    return answer.status_code == 422 and "This did not work" in answer.content.decode()


def test_a_member_comes_in_and_still_owes_the_second_step(
    visitor: Callable[[str], SiteClient], agency: Agency, idp: Provider, ana: User
) -> None:
    app = give_app(ana)
    client = visitor("staff")
    assert come_back(client, agency, idp)["Location"] == "/sign-in/second-step/"
    assert client.get("/")["Location"].startswith("/sign-in/")
    done = client.send("/sign-in/second-step/", {"code": app.code()})
    assert done["Location"] == "/my/sessions/"
    assert client.session["proof"]["through"] == str(agency.pk)
    assert AgencyIdentity.objects.get().subject == "number-1"
    sent = idp.forms[0]
    assert sent["code_verifier"]
    assert sent["redirect_uri"] == [f"http://staff.localhost/sign-in/agency/{agency.pk}/back/"]
    assert "open sesame" not in AgencySignIn.objects.get().client_secret


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": "nobody@example.org"},
        {"email": None},
        {"iss": "https://elsewhere.example"},
        {"aud": "another"},
        {"aud": ["waymark", "another"]},
        {"nonce": "of another sign-in"},
        {"exp": 1},
        {"sub": ""},
        {"sub": 7},
    ],
    ids=str,
)
def test_what_is_not_right_in_the_token_lets_nobody_in(
    visitor: Callable[[str], SiteClient], agency: Agency, idp: Provider, ana: User, claims: dict[str, Any]
) -> None:
    idp.claims = claims
    assert is_refused(come_back(visitor("staff"), agency, idp))
    assert not AgencyIdentity.objects.exists()


@pytest.mark.parametrize("lie", ["another key", "a key in its own header", "none", "HS256 with the client secret"])
def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(
    visitor: Callable[[str], SiteClient], agency: Agency, idp: Provider, ana: User, lie: str
) -> None:
    if lie == "another key":
        idp.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    elif lie == "a key in its own header":
        idp.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(idp.signing_key.public_key()))
        idp.headers = {"jwk": jwk, "jku": "https://elsewhere.example/keys"}
    elif lie == "none":
        idp.signing_key, idp.algorithm = None, "none"
    else:
        idp.signing_key, idp.algorithm = "open sesame open sesame open sesame", "HS256"
    assert is_refused(come_back(visitor("staff"), agency, idp))


def test_another_s_state_is_refused(visitor: Any, agency: Agency, idp: Provider, ana: User) -> None:
    assert is_refused(come_back(visitor("staff"), agency, idp, state="somebody else's"))
    assert is_refused(come_back(visitor("staff"), agency, idp, code=""))


def test_a_provider_speaks_for_its_own_agency_only(visitor: Any, agency: Agency, idp: Provider) -> None:
    UserFactory(email="ana@example.org", role=Role.MEMBER.value, agency=AgencyFactory())
    assert is_refused(come_back(visitor("staff"), agency, idp))


def test_an_answer_to_one_agency_s_sign_in_is_no_answer_to_another_s(
    visitor: Any, agency: Agency, idp: Provider, ana: User
) -> None:
    other = AgencyFactory()
    officer = UserFactory(role=Role.OFFICER.value, agency=other)
    set_up_agency_sign_in(issuer=idp.issuer, client_id="waymark", client_secret="other", is_on=True, by=officer)
    client = visitor("staff")
    page = client.get(f"/sign-in/agency/{agency.pk}/").content.decode()
    asked = parse_qs(urlsplit(html.unescape(page.split(f'href="{idp.issuer}')[1].split('"')[0])).query)
    assert asked["scope"] == ["openid email"], "no more than is needed"
    idp.nonce = asked["nonce"][0]
    answer = {"code": "a-code", "state": asked["state"][0]}
    back = client.get(f"/sign-in/agency/{other.pk}/back/", answer).content.decode()
    token = back.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert is_refused(client.post(f"/sign-in/agency/{other.pk}/finish/", {"csrfmiddlewaretoken": token, **answer}))
    assert idp.forms == [], "the code went to nobody"


def test_a_person_of_two_agencies_does_not_come_in_through_one(
    visitor: Any, agency: Agency, idp: Provider, ana: User
) -> None:
    MembershipFactory(user=ana, agency=AgencyFactory(), role=Role.MEMBER.value)
    assert is_refused(come_back(visitor("staff"), agency, idp))


@pytest.mark.parametrize("what", ["suspended", "ended", "closed account", "switched off"])
def test_who_may_not_sign_in_may_not_through_the_agency_either(
    visitor: Any, agency: Agency, idp: Provider, ana: User, what: str
) -> None:
    if what == "switched off":
        AgencySignIn.objects.update(is_on=False)
        assert visitor("staff").get(f"/sign-in/agency/{agency.pk}/").status_code == 404
        return
    if what == "closed account":
        User.objects.filter(pk=ana.pk).update(is_active=False)
    else:
        Membership.objects.filter(user=ana).update(state=what)
    assert is_refused(come_back(visitor("staff"), agency, idp))


def test_an_address_that_is_given_to_somebody_new_opens_nothing(
    visitor: Any, agency: Agency, idp: Provider, ana: User
) -> None:
    assert come_back(visitor("staff"), agency, idp).status_code == 302
    idp.claims = {"sub": "number-2"}
    assert is_refused(come_back(visitor("staff"), agency, idp))
    idp.claims = {"sub": "number-1", "email": "renamed@example.org", "email_verified": False}
    assert come_back(visitor("staff"), agency, idp).status_code == 302, "the number decides"


def test_a_factor_that_was_set_up_through_an_agency_counts_for_it_alone(
    visitor: Any, agency: Agency, idp: Provider, ana: User
) -> None:
    client = visitor("staff")
    come_back(client, agency, idp)
    assert isinstance(set_up_app(client), App)
    assert has_second_factor(ana)
    MembershipFactory(user=ana, agency=AgencyFactory(), role=Role.MEMBER.value)
    assert not has_second_factor(ana)


def test_another_issuer_drops_the_pins_and_a_false_one_is_refused(
    staff_of: Any, visitor: Any, agency: Agency, idp: Provider, ana: User
) -> None:
    come_back(visitor("staff"), agency, idp)
    officer = staff_of(Role.OFFICER.value, agency=agency)
    typed = {"issuer": idp.issuer, "client_id": "another", "client_secret": "", "is_on": "on"}
    assert officer.send("/agency/sign-in/", typed).status_code == 302
    assert not AgencyIdentity.objects.exists()
    idp.stated_issuer = "https://elsewhere.example"
    answer = officer.send("/agency/sign-in/", typed)
    assert answer.status_code == 422
    assert "of another issuer" in answer.content.decode()
    assert "open sesame" not in officer.get("/agency/sign-in/").content.decode()


def test_every_other_officer_is_told_of_a_change_at_once(staff_of: Any, agency: Agency, idp: Provider, ana: User) -> None:
    other = AgencyFactory(name="Invented other agency")
    colleague = UserFactory(role=Role.OFFICER.value, agency=agency)
    suspended = MembershipFactory(agency=agency, role=Role.OFFICER.value, state="suspended").user
    stranger = UserFactory(role=Role.OFFICER.value, agency=other)
    officer = staff_of(Role.OFFICER.value, agency=agency)
    founder = AgencySignIn.objects.get().changed_by

    def told(user: User, of: Agency = agency) -> list[str]:
        with acting_for(of.pk, user.pk):
            return list(Notice.objects.filter(kind="agency_sign_in.changed").values_list("path", flat=True))

    typed = {"issuer": idp.issuer, "client_id": "waymark", "client_secret": "", "is_on": "on"}
    assert officer.send("/agency/sign-in/", typed).status_code == 302
    assert told(colleague) == [], "nothing was changed"
    assert officer.send("/agency/sign-in/", {**typed, "client_id": "another"}).status_code == 302
    assert told(colleague) == told(founder) == ["/agency/sign-in/"]
    changer = AgencySignIn.objects.get().changed_by
    assert told(changer) == told(ana) == told(suspended) == told(stranger, other) == []
    with acting_for(agency.pk, colleague.pk):
        event = Event.objects.filter(verb="agency_sign_in.changed").latest("pk")
        assert event.fields == ["client_id"]


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("https://login.agency.example", True),
        ("https://login.agency.example:443/realm", True),
        ("http://login.agency.example", False),
        ("https://login.agency.example:8443", False),
        ("https://127.0.0.1", False),
        ("https://[::1]", False),
        ("https://localhost", False),
        ("https://user@login.agency.example", False),
        ("https://login.agency.example/?x=1", False),
        ("file:///etc/passwd", False),
        ("https://[", False),
    ],
)
def test_only_plain_https_names_are_called(url: str, fits: bool) -> None:
    assert is_allowed_address(url) is fits
