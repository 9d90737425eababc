"""One world with four agencies, and everybody who could ask for a thing of one of them.

The world is built once and committed; every question is asked inside a transaction that is undone, so each meets the same
world. An answer is what the asker can perceive: status, headers, body, and the shape of the database's work, which shows
in time. Two things that the asker knows already are blanked: the CSRF token (body and cookie) and the address that was
asked for itself (a sign-in page repeats it in `next`).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.core.cache import caches
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.accounts import AgencyFactory, MembershipFactory, UserFactory
from tests.plugins.places import Address, Owner, Place
from tests.plugins.staff import SiteClient

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.access.sites import URLCONFS, Site
from waymark.accounts.models import Agency, AgencyKind, Membership, User
from waymark.accounts.selectors import ACTING

SURVIVOR, JUSTICE, COMMON = AgencyKind.VICTIM_SERVICES, AgencyKind.LAW_ENFORCEMENT, AgencyKind.OTHER_NON_PROFIT
COURT = AgencyKind.COURT
LAWYERS = AgencyKind.LEGAL_AID
# Asks only for what lawyers alone keep: everywhere else they are answered like every advocate.
COUNSEL = "advocate of lawyers"
COALITION_S = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR, Role.STEWARD})
OF_A_COURT = "of a court"
CSRF = "a" * 32
NEVER_GIVEN = uuid.UUID("0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a")
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(eq=False)
class World:
    """Agencies, their people and their things."""

    agencies: dict[str, Agency] = field(default_factory=dict)
    _made: dict[object, Any] = field(default_factory=dict)

    def once(self, maker: Callable[..., Any], **fields: Any) -> Any:
        """What `maker(**fields)` makes, made once for the same fields."""
        key = (maker, *sorted((name, getattr(value, "pk", value)) for name, value in fields.items()))
        if key not in self._made:
            self._made[key] = maker(**fields)
        return self._made[key]

    def member_of(self, agency: Agency, role: Role = Role.MEMBER) -> User:
        """A colleague in an agency, who never asks."""
        made: User = self.once(_member, agency=agency, role=role)
        return made


def _member(*, agency: Agency, role: Role) -> User:
    user: User = UserFactory(agency=agency, role=role.value)
    return user


@dataclass(frozen=True)
class Asker:
    """Somebody at a browser: a client, the agency they act for (or none), and a name for the table."""

    name: str
    client: SiteClient
    agency: Agency | None
    role: Role | None
    user: User | None


@dataclass(frozen=True)
class Answer:
    """What the asker perceives."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    queries: tuple[str, ...]


def build() -> tuple[World, list[Asker]]:
    """The world and its askers. Those who keep the coalition's own things stand in the common agency."""
    world = World()
    for name, kind in (
        ("home", SURVIVOR),
        ("second", SURVIVOR),
        ("justice", JUSTICE),
        ("common", COMMON),
        ("court", COURT),
        ("counsel", LAWYERS),
    ):
        world.agencies[name] = AgencyFactory(name=f"Invented {name} agency", kind=kind.value, is_host=kind is COMMON)
    askers = [Asker("anonymous", _client(), None, None, None)]
    for role in sorted(Role):
        at = "common" if role in COALITION_S else "home"
        askers.append(_asker(str(role), world.agencies[at], role))
    askers.append(_asker("of the justice side", world.agencies["justice"], Role.OFFICER))
    askers.append(_asker(OF_A_COURT, world.agencies["court"], Role.MEMBER))
    askers.append(_of_two(world))
    askers.append(_asker(COUNSEL, world.agencies["counsel"], Role.ADVOCATE))
    suspended = _asker("suspended", world.agencies["home"], Role.OFFICER)
    assert suspended.user is not None
    Membership.objects.filter(user=suspended.user).update(state=Membership.State.SUSPENDED)
    askers.append(Asker("suspended", suspended.client, None, None, suspended.user))
    return world, askers


def _client(user: User | None = None) -> SiteClient:
    client = SiteClient("staff")
    client.raise_request_exception = False
    if user is not None:
        client.force_login(user)
    client.cookies["csrftoken"] = CSRF
    return client


def _asker(name: str, agency: Agency, role: Role) -> Asker:
    user: User = UserFactory(agency=agency, role=role.value, display_name=f"Invented {name}")
    return Asker(name, _client(user), agency, role, user)


def _of_two(world: World) -> Asker:
    """A person of two agencies who acts for the second: what is the first one's is another agency's now."""
    asker = _asker("of two agencies, acting for the second", world.agencies["home"], Role.OFFICER)
    there = MembershipFactory(user=asker.user, agency=world.agencies["second"], role=Role.OFFICER.value)
    session = asker.client.session
    session[ACTING] = str(there.pk)
    session.save()
    return Asker(asker.name, asker.client, world.agencies["second"], Role.OFFICER, asker.user)


def like(asker: Asker, place: Place) -> str:
    """As whom somebody is answered who is asked only where their kind of agency alone can have something; else empty."""
    if asker.name == OF_A_COURT and COURT not in (place.only or ()):
        # A court is one more agency of the justice side.
        return "as justice"
    if asker.name == COUNSEL and place.only != frozenset({LAWYERS.value}):
        return "as the advocate"
    return ""


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(asker: Asker, method: str, url: str, blanks: list[str], data: Mapping[str, Any] | None = None) -> Answer:
    """Ask, and put the world and the browser back as they were."""
    for cache in caches.all(initialized_only=True):
        cache.clear()
    kept = {name: morsel.value for name, morsel in asker.client.cookies.items()}
    sent = {"csrfmiddlewaretoken": CSRF, **(data or {})} if method in UNSAFE else {}
    with undone(), ExitStack() as stack:
        work = [stack.enter_context(CaptureQueriesContext(each)) for each in connections.all()]
        for each in connections.all():
            each.queries_log.clear()
        if method == "POST":
            response = asker.client.post(url, sent)
        else:
            response = asker.client.generic(method, url, headers={"X-CSRFToken": CSRF} if method in UNSAFE else {})
        body = response.content
        headers = dict(response.headers)
        cookies = [_cookie(morsel) for morsel in response.cookies.values()]
        shapes = [_shape(query["sql"]) for each in work for query in each.connection.queries]
        # Once a minute a session notes that it was seen: that follows the clock and not the question.
        queries = tuple(shape for shape in shapes if not shape.startswith('UPDATE "accounts_session" SET "seen_at"'))
    asker.client.cookies.clear()
    for name, value in kept.items():
        asker.client.cookies[name] = value
    asked = [(re.escape(blank)) for blank in sorted({each for blank in blanks for each in (blank, quote(blank, safe=""))})]
    pattern = re.compile("|".join(sorted(asked, key=len, reverse=True)) or r"(?!)")
    text = pattern.sub("<asked>", body.decode(errors="surrogateescape"))
    text = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1<token>", text)
    listed = [(name, pattern.sub("<asked>", value)) for name, value in headers.items()]
    return Answer(
        response.status_code,
        tuple(sorted([*listed, *(("Set-Cookie", cookie) for cookie in cookies)])),
        text.encode(errors="surrogateescape"),
        queries,
    )


def _cookie(morsel: Any) -> str:
    """A cookie as it was set, without its value when that is a token."""
    words = morsel.OutputString()
    return re.sub(r"^([^=]+)=[^;]*", r"\1=<token>", words) if morsel.key == "csrftoken" else words


def _shape(sql: str) -> str:
    """A statement without the values in it."""
    return re.sub(r"'(?:[^']|'')*'(?:::\w+)?|\b\d+\b|s\d+_x\d+|_django_curs_\d+_sync_\d+", "?", sql)


@dataclass(frozen=True)
class Question:
    """An address with its arguments filled in, and what must be blanked because the asker typed it."""

    url: str
    blanks: list[str]


def question(address: Address, arguments: Mapping[str, Any], query: Mapping[str, str]) -> Question:
    words = {name: str(value) for name, value in arguments.items()}
    try:
        url = reverse(address.key, kwargs=dict(arguments), urlconf=URLCONFS[Site.STAFF])
    except Exception:
        pytest.fail(f"{address.key}: the place gives {dict(arguments)} for {address.route}")
    extra = {name: value.format(**words) for name, value in query.items()}
    typed = [word for name, word in words.items() if address.kinds]
    return Question(url + (f"?{urlencode(extra)}" if extra else ""), typed)


def things(world: World, place: Place, asker: Asker) -> tuple[Mapping[str, Any] | None, list[Mapping[str, Any]]]:
    """The asker's own object (or None), and those of others that must be hidden from them."""
    if place.make is None:
        return {}, []
    if place.owner is Owner.COALITION:
        return world.once(_shared, place=place, world=world), []
    if place.owner is Owner.MEMBER:
        colleague = world.member_of(asker.agency or world.agencies["home"])
        stranger = world.member_of(world.agencies["justice"])
        own = world.once(_of_member, place=place, world=world, user=asker.user) if asker.user else None
        return own, [world.once(_of_member, place=place, world=world, user=user) for user in (colleague, stranger)]
    able = [agency for agency in world.agencies.values() if place.only is None or agency.kind in place.only]
    made = {agency.pk: world.once(_of_agency, place=place, world=world, agency=agency) for agency in able}
    own = made.get(asker.agency.pk) if asker.agency else None
    others = [agency for agency in able if asker.agency is None or agency.pk != asker.agency.pk]
    # One on the asker's own side of the wall and one on another are as good as all.
    apart = {agency.side: made[agency.pk] for agency in reversed(others)}
    return own, list(apart.values())[:2]


def _shared(*, place: Place, world: World) -> Mapping[str, Any]:
    assert place.make is not None
    return place.make(world)


def _of_agency(*, place: Place, world: World, agency: Agency) -> Mapping[str, Any]:
    assert place.make is not None
    with acting_for(agency.pk, world.member_of(agency, place.made_by).pk):
        return place.make(world, agency)


def _of_member(*, place: Place, world: World, user: User) -> Mapping[str, Any]:
    assert place.make is not None
    membership = user.memberships.first()
    with acting_for(membership.agency_id, user.pk) if membership else nullcontext():
        return place.make(world, user)


def absent(address: Address, thing: Mapping[str, Any], names: list[str]) -> Mapping[str, Any]:
    """The same arguments, with ids of the same length that were never given in place of `names`."""
    return {name: _never(address, name, value) if name in names else value for name, value in thing.items()}


def replaceable(address: Address, thing: Mapping[str, Any], others: list[Mapping[str, Any]]) -> list[str]:
    """The arguments that name an object: not a step or a kind, which are the same for everybody."""
    named = [name for name, value in thing.items() if _never(address, name, value) is not None]
    return [name for name in named if not others or any(other[name] != thing[name] for other in others)]


def _never(address: Address, name: str, value: Any) -> Any:
    if isinstance(value, uuid.UUID) or re.fullmatch(r"[0-9a-f]{8}-[0-9a-f-]{27}", str(value)):
        return NEVER_GIVEN if isinstance(value, uuid.UUID) else str(NEVER_GIVEN)
    candidate = "9" * len(str(value)) if isinstance(value, int) else ("zq" * len(str(value)))[: len(str(value))]
    kind = address.kinds.get(name)
    if kind is None or not re.fullmatch(kind.regex, candidate):
        return None
    return type(value)(candidate)
