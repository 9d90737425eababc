"""The staff site's pages as the application answers them: every address once, and the steps that show what no address does.

The world is the one of "who asks?" (tests/plugins/askers.py), so a new address is photographed as soon as its app has
placed it. An answer knows what templates it was made of. What only a state shows (a lost factor, a lock, a packet under
way, an error in a form) has its steps below.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.core.cache import caches
from django.test import override_settings
from django.utils import timezone
from django.utils.http import urlsafe_base64_encode
from tests.factories.accounts import PASSWORD, AgencyFactory, MembershipFactory, UserFactory, an_invitation
from tests.factories.disclosures import compare_words
from tests.factories.vault import PASSPHRASE, Person, founder_of, leave, let_in, person_of
from tests.plugins import askers, openid
from tests.plugins.askers import Asker, World, question, things, undone
from tests.plugins.factors import give_app
from tests.plugins.mail_photographs import mail_between_open_vaults
from tests.plugins.photographs_of_calendar import calendar_in_use
from tests.plugins.places import Address, addresses, registered
from tests.plugins.staff import SiteClient
from tests.waymark.accounts.places import provider

from waymark.access.context import acting_for
from waymark.access.guard import access_of
from waymark.access.permissions import Role, permissions_of
from waymark.accounts.actions.factor_resets import ask_reset
from waymark.accounts.models import AgencyKind, AgencySignIn, User
from waymark.vault.actions import new_record_key
from waymark.vault.models import MemberKey, VaultMemo


@dataclass
class Shown:
    """One answer of the application, and where it came from."""

    name: str
    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    templates: list[str]


@dataclass
class Stage:
    """The world, who asks in it, and two agencies with vaults that have compared words."""

    world: World
    everybody: list[Asker]
    # Addresses of the vault are asked where one is founded; the mail of the world has keys of its own.
    founded: World
    opened: Asker
    shelter: Person
    office: Person
    shown: list[Shown] = field(default_factory=list)


def set_stage() -> Stage:
    """The world of "who asks?", and two agencies with vaults that have compared words."""
    world, everybody = askers.build()
    shelter = founder_of(
        AgencyFactory(name="Harbor House (invented)", kind=AgencyKind.VICTIM_SERVICES), display_name="Ola Invented"
    )
    office = founder_of(
        AgencyFactory(name="District Attorney (invented)", kind=AgencyKind.PROSECUTION), display_name="Pat Invented"
    )
    compare_words(shelter, office)
    opened = Asker("with an open vault", unlocked(shelter), agency_of(shelter), Role.OFFICER, shelter.user)
    return Stage(world, _by_use(everybody), World({"shelter": agency_of(shelter)}), opened, shelter, office)


def _by_use(everybody: list[Asker]) -> list[Asker]:
    """Who sees most comes first."""
    order = ["coordinator", "officer", "administrator", "steward", "anonymous"]
    return sorted(everybody, key=lambda asker: order.index(asker.name) if asker.name in order else len(order))


def agency_of(person: Person) -> Any:
    assert person.user.acting is not None
    return person.user.acting.agency


def signed_in(user: User) -> SiteClient:
    client = SiteClient("staff")
    client.raise_request_exception = False
    client.force_login(user)
    return client


def unlocked(person: Person) -> SiteClient:
    client = signed_in(person.user)
    answer = client.send("/vault/unlock/", {"passphrase": PASSPHRASE})
    assert answer.status_code == 302, answer.content
    return client


class Camera:
    """Asks as one person does, and keeps each answer that is a page."""

    def __init__(self, shown: list[Shown]) -> None:
        self.shown = shown

    def get(self, client: SiteClient, url: str, name: str = "") -> Any:
        return self._keep(name or url, url, client.get(url))

    def post(self, client: SiteClient, url: str, data: dict[str, Any] | None = None, *, page: str = "") -> Any:
        """POST with the token of the page; the answer of a redirect is not a page, and is not kept."""
        return self._keep(f"POST {url}", url, client.send(url, data, page=page))

    def _keep(self, name: str, url: str, answer: Any) -> Any:
        if answer.headers.get("Content-Type", "").startswith("text/html") and answer.templates:
            templates = [template.name for template in answer.templates if template.name]
            self.shown.append(Shown(name, url, answer.status_code, dict(answer.headers), answer.content, templates))
        return answer


@contextmanager
def as_if(client: SiteClient) -> Iterator[None]:
    """What is asked inside has not been asked, neither by the world nor by this browser."""
    for cache in caches.all(initialized_only=True):
        cache.clear()
    kept = {name: morsel.value for name, morsel in client.cookies.items()}
    with undone():
        yield
    client.cookies.clear()
    for name, value in kept.items():
        client.cookies[name] = value


def photograph_addresses(stage: Stage) -> list[str]:
    """GET every address as the first asker who sees a page there; gives the addresses where nobody does."""
    places, nowhere = registered(), []
    for address in addresses():
        if not _photograph(stage, address, places[address.key]):
            nowhere.append(address.key)
    return nowhere


def _photograph(stage: Stage, address: Address, place: Any) -> bool:
    access = access_of(address.view)
    need = access.permission if access else None
    candidates = [(asker, stage.world) for asker in stage.everybody]
    if address.key.startswith("vault:"):
        candidates.insert(0, (stage.opened, stage.founded))
    for asker, world in candidates:
        if need is not None and (asker.role is None or need not in permissions_of(asker.role)):
            continue
        own, _ = things(world, place, asker)
        if own is None:
            continue
        taken = Camera([])
        with as_if(asker.client):
            answer = taken.get(asker.client, question(address, own, place.query).url, address.key)
        if answer.status_code == 200:
            stage.shown.extend(taken.shown)
            return True
        if answer.status_code == 405:
            return False
    return False


Step = Callable[[Stage, Camera], None]


def first_sign_in(stage: Stage, camera: Camera) -> None:
    UserFactory(email="new@example.org", password=PASSWORD, role=Role.OFFICER.value, agency=AgencyFactory())
    client = SiteClient("staff")
    camera.post(client, "/sign-in/", {"email": "new@example.org", "password": "not the right one"})
    camera.post(client, "/sign-in/", {"email": "new@example.org", "password": PASSWORD})
    for url in ("/sign-in/set-up/", "/sign-in/set-up/app/", "/sign-in/set-up/passkey/"):
        camera.get(client, url)


def second_step(stage: Stage, camera: Camera) -> None:
    user = UserFactory(email="again@example.org", password=PASSWORD)
    give_app(user)
    client = SiteClient("staff")
    client.send("/sign-in/", {"email": user.email, "password": PASSWORD})
    camera.get(client, "/sign-in/second-step/")
    camera.post(client, "/sign-in/second-step/", {"code": "000000"})


def own_factors(stage: Stage, camera: Camera) -> None:
    """Recovery codes are shown once; a grave act asks for the factor again when the proof is old."""
    user = UserFactory()
    give_app(user)
    client = signed_in(user)
    client.send("/my/sign-in/codes/new/")
    camera.get(client, "/my/sign-in/codes/", "recovery codes")
    camera.get(client, "/my/sign-in/", "ways with an app")
    session = client.session
    session["proof"] = {**session["proof"], "proved_at": session["proof"]["proved_at"] - 7200}
    session.save()
    camera.get(client, "/my/sign-in/add/", "is it you")


def forgotten_password(stage: Stage, camera: Camera) -> None:
    user = UserFactory(email="forgot@example.org", password=PASSWORD)
    client = SiteClient("staff")
    camera.post(client, "/password/", {"email": user.email})
    link = f"{urlsafe_base64_encode(str(user.pk).encode())}.{default_token_generator.make_token(user)}"
    client.get(f"/password/link/?t={link}")
    camera.get(client, "/password/new/", "new password")
    camera.post(client, "/password/new/", {"password": "short"})
    camera.post(client, "/password/new/", {"password": "pebbles under a slow river"})
    camera.get(SiteClient("staff"), "/password/new/", "the link is over")


def invited(stage: Stage, camera: Camera) -> None:
    officer = UserFactory(role=Role.OFFICER.value, agency=AgencyFactory(name="Lantern House (invented)"))
    client = signed_in(officer)
    camera.post(client, "/members/invite/", {"email": "not an address"})
    camera.post(client, "/members/invite/", {"email": "ida@example.org", "role": "member", "delivery": "hand"})
    for _ in range(30):
        an_invitation(officer)
    camera.get(client, "/invitations/", "invitations with pages")
    invitation, code = an_invitation(officer)
    newcomer = SiteClient("staff")
    camera.post(newcomer, "/invitation/", {"code": "no", "email": "nobody"})
    newcomer.send("/invitation/", {"code": code, "email": invitation.email})
    camera.get(newcomer, "/invitation/answer/", "invitation answer")
    camera.post(newcomer, "/invitation/decline/", page="/invitation/answer/")


def handed_over(stage: Stage, camera: Camera) -> None:
    """A colleague's lost factor: the second officer grants it and reads the code out."""
    agency = AgencyFactory()
    first, second, loser = (
        UserFactory(agency=agency, role=role) for role in (Role.OFFICER.value, Role.OFFICER.value, Role.MEMBER.value)
    )
    with acting_for(agency.pk, first.pk):
        reset = ask_reset(membership=loser.acting, how_proved="Called back at the number that we have", by=first)
    client = signed_in(second)
    camera.get(client, "/agency/lost-factors/", "a lost factor waits")
    camera.post(client, f"/agency/lost-factors/{reset.pk}/", {"decision": "grant"})


def agency_s_own_sign_in(stage: Stage, camera: Camera) -> None:
    """The provider of the world's agency is not called; one on this machine answers."""
    agency = provider(stage.world)["agency"]
    camera.get(SiteClient("staff"), f"/sign-in/agency/{agency}/", "agency refused")
    camera.get(SiteClient("staff"), f"/sign-in/agency/{agency}/back/?code=1&state=2", "agency back")
    with openid.provider() as answers, override_settings(AGENCY_SIGN_IN_LOOPBACK=True):
        AgencySignIn.objects.filter(agency=agency).update(issuer=answers.issuer)
        camera.get(SiteClient("staff"), f"/sign-in/agency/{agency}/", "agency start")


def places_of_one_person(stage: Stage, camera: Camera) -> None:
    """Two agencies to choose from, and none at all."""
    user = UserFactory(role=Role.MEMBER.value, agency=stage.world.agencies["home"])
    MembershipFactory(user=user, agency=stage.world.agencies["second"])
    camera.get(signed_in(user), "/acting/", "acting for one of two")
    nobody = UserFactory(role=None)
    camera.get(signed_in(nobody), "/", "acting for nobody")


def homes_of_all_roles(stage: Stage, camera: Camera) -> None:
    """The first page of the day of each role, and what the search answers."""
    for asker in stage.everybody:
        if asker.name in {str(role) for role in Role}:
            camera.get(asker.client, "/", f"home of {asker.name}")
    coordinator = next(asker for asker in stage.everybody if asker.name == "coordinator").client
    camera.get(coordinator, "/changed/?q=no+such+thing", "no line matches")
    camera.post(coordinator, "/search/", {"q": "invented"})
    camera.post(coordinator, "/search/", {"q": "no such thing"})
    notice = {"level": "warning", "title_en": "Hot", "text_en": "Drink.", "first_day": "today", "last_day": "tomorrow"}
    camera.post(coordinator, "/region/notices/new/", {**notice, "preview": "1"})


def members_of_all_kinds(stage: Stage, camera: Camera) -> None:
    agency = AgencyFactory(name="Lantern House (invented)", short_name="Lantern House", kind=AgencyKind.VICTIM_SERVICES)
    officer = UserFactory(role=Role.OFFICER.value, agency=agency, display_name="Ona Invented")
    today = timezone.localdate()
    MembershipFactory(agency=agency, state="suspended")
    MembershipFactory(agency=agency, state="ended", ends_on=today)
    long = UserFactory(
        role=None, email="maximiliana.wolfeschlegelsteinhausenbergerdorff@a-very-long-invented-agency-name.example"
    )
    late = MembershipFactory(user=long, agency=agency, role="advocate", training_expires_on=today - dt.timedelta(days=3))
    client = signed_in(officer)
    camera.get(client, "/members/", "members of all kinds")
    camera.get(client, f"/members/{late.pk}/", "a member with a long address")
    camera.get(client, "/members/?q=nobody&state=active", "no member matches")
    camera.post(client, f"/members/{late.pk}/duties/", {"ends_on": "never"})


def first_days_of_a_vault(stage: Stage, camera: Camera) -> None:
    agency = AgencyFactory(name="Lantern House (invented)")
    client = signed_in(UserFactory(role=Role.OFFICER.value, agency=agency))
    camera.get(client, "/vault/", "no key")
    client.send("/vault/set-up/", {"passphrase": PASSPHRASE, "again": PASSPHRASE})
    camera.get(client, "/vault/printed-key/", "printed key")
    founder = unlocked(person_of(AgencyFactory(), Role.OFFICER.value))
    camera.get(founder, "/vault/", "not founded")
    camera.get(founder, "/vault/found/", "found")
    camera.post(founder, "/vault/found/")


def closed_vaults(stage: Stage, camera: Camera) -> None:
    agency = agency_of(stage.shelter)
    newcomer = person_of(agency, Role.OFFICER.value)
    client = unlocked(newcomer)
    camera.get(client, "/vault/waiting/", "waiting")
    camera.get(signed_in(stage.shelter.user), "/vault/unlock/", "unlock")
    camera.post(signed_in(stage.shelter.user), "/vault/unlock/", {"passphrase": "another one entirely"})
    with newcomer.acting():
        MemberKey.objects.filter(agency=agency, user=newcomer.user).delete()
    camera.get(client, "/vault/", "not asked")
    with stage.shelter.acting():
        VaultMemo.objects.filter(agency=agency, user=stage.shelter.user).update(sealed=bytes(90))
    camera.get(stage.opened.client, "/vault/", "alarm")


def vault_in_use(stage: Stage, camera: Camera) -> None:
    gone = let_in(stage.shelter, display_name="Gia Invented")
    leave(gone)
    with stage.shelter.acting():
        for _ in range(3):
            new_record_key(vault=stage.shelter.vault(), kind="case", record=uuid.uuid4())
    camera.get(stage.opened.client, "/vault/", "vault when somebody has left")


def errors(stage: Stage, camera: Camera) -> None:
    steward = next(asker for asker in stage.everybody if asker.name == "steward").client
    camera.get(steward, "/no/such/page/", "nothing there")
    camera.get(steward, "/members/", "not in this role")
    camera.get(steward, "/sign-out/", "wrong method")


STEPS: tuple[Step, ...] = (
    agency_s_own_sign_in,
    calendar_in_use,
    closed_vaults,
    errors,
    first_days_of_a_vault,
    first_sign_in,
    forgotten_password,
    handed_over,
    homes_of_all_roles,
    invited,
    mail_between_open_vaults,
    members_of_all_kinds,
    own_factors,
    places_of_one_person,
    second_step,
    vault_in_use,
)


def photograph(stage: Stage) -> list[Shown]:
    """Everything that there is to see."""
    from tests.plugins.fairness_photographs import a_survey
    from tests.plugins.photographs_of_money import money_and_housing
    from tests.plugins.photographs_of_obligations import courts_and_own_record
    from tests.plugins.photographs_of_reports import reports_and_exchange
    from tests.plugins.referral_photographs import referral_side
    from tests.plugins.relief_photographs import lawyers
    from tests.plugins.sharing_photographs import sharing
    from tests.plugins.survivor_photographs import survivor_side

    photograph_addresses(stage)
    for step in (
        *STEPS,
        survivor_side,
        lawyers,
        courts_and_own_record,
        money_and_housing,
        sharing,
        referral_side,
        reports_and_exchange,
        a_survey,
    ):
        with as_if(stage.opened.client):
            step(stage, Camera(stage.shown))
    return stage.shown
