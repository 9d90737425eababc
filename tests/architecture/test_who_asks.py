"""Who asks for what: every address of the staff site × every role × own, another's and absent objects.

For each address everybody asks with GET and POST, one who may asks with every other method too, and a stranger with one of
them by turns. Where an object is not the asker's, the answer must be the one for an id that was never given: status,
headers, body, queries. What comes out is printed to docs/who-asks.md; `pytest tests/architecture/test_who_asks.py
--write-who-asks` writes it anew.
How to place a new address is said in tests/plugins/places.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from tests.architecture.sources import ROOT
from tests.plugins import askers
from tests.plugins.askers import Answer, Asker, World, ask, question
from tests.plugins.database import TestCluster, _point_at
from tests.plugins.places import Address, Owner, Place, addresses, registered
from tests.plugins.staff import prove
from tests.plugins.who_asks_page import page, sign

from waymark.access.guard import access_of
from waymark.access.permissions import ROLE_PERMISSIONS, Permission, permissions_of
from waymark.accounts.models import Side

ADDRESSES = {address.key: address for address in addresses()}
PLACES = registered()
PLACED = sorted(ADDRESSES.keys() & PLACES.keys())
EVERYBODY_S = ("GET", "POST")
RARE = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")
SEEN: dict[str, dict[str, str]] = {}


@pytest.fixture(scope="module")
def world(test_cluster: TestCluster, django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[World, list[Asker]]]:
    """The one world of this module, committed in a database of its own."""
    name = test_cluster.clone()
    with django_db_blocker.unblock():
        _point_at(test_cluster, name)
        try:
            yield askers.build()
        finally:
            _point_at(test_cluster, "waymark_test")
            test_cluster.drop(name)


def test_every_address_is_placed_and_every_place_is_an_address() -> None:
    assert sorted(ADDRESSES.keys() - PLACES.keys()) == [], "say in tests/waymark/<app>/places.py where they lead"
    assert sorted(PLACES.keys() - ADDRESSES.keys()) == [], "these addresses do not exist any more"
    arguments = {key for key, address in ADDRESSES.items() if address.kinds}
    assert {key for key in PLACED if PLACES[key].owner is not Owner.NOBODY} == arguments & set(PLACED)


@pytest.mark.parametrize("key", PLACED)
def test_hidden_and_absent_are_answered_alike(world: tuple[World, list[Asker]], key: str) -> None:
    """The row of one address. It also fails when nobody may open it, when a role opens more than its permissions say, and
    when somebody who may is refused."""
    here, everybody = world
    address, place = ADDRESSES[key], PLACES[key]
    seen: dict[str, str] = {}
    for asker in everybody:
        seen[asker.name] = askers.like(asker, place) or _ask_all(here, address, place, asker)
    SEEN[key] = seen
    assert place.closed or set(seen.values()) & {"opens", "sends"}, f"nobody opens {key}: {seen}"


def _ask_all(world: World, address: Address, place: Place, asker: Asker) -> str:
    if settings.SESSION_COOKIE_NAME in asker.client.cookies:
        # The matrix takes longer than a fresh proof lasts, where the machine is slow.
        prove(asker.client)
    own, others = askers.things(world, place, asker)
    may = _may(address, asker)
    words = {}
    for method in EVERYBODY_S:
        answer = None
        if own is not None:
            answer = _answer(address, place, asker, method, own)
            words[method] = sign(address, place, asker, method, answer, may=may)
        if may:
            _compare(address, place, asker, method, own, others if method == "GET" else others[:1], may=may)
        elif method == "GET":
            # Whom the guard refuses meets no object, not even their own: one of another agency is as good as all.
            _compare(address, place, asker, method, own, others[:1], may=may, gone=answer)
    if asker.name == ("officer" if place.owner is Owner.AGENCY else "coordinator"):
        for method in RARE:
            _compare(address, place, asker, method, own, others[:1], may=may)
    elif asker.name == "anonymous":
        _compare(address, place, asker, RARE[len(address.key) % len(RARE)], own, others[:1], may=may)
    if own is None:
        return "nothing of theirs"
    return words["GET"] if words["GET"] != "post only" else words["POST"]


def _compare(
    address: Address,
    place: Place,
    asker: Asker,
    method: str,
    own: Any,
    others: list[Any],
    *,
    may: bool,
    gone: Answer | None = None,
) -> None:
    """Each thing of others against an absent one, whole and argument by argument, or against the answer that is given."""
    shape = own or (others[0] if others else {})
    names = askers.replaceable(
        address, shape, [thing for thing in [own, *others] if thing is not None and thing is not shape]
    )
    if not names or place.owner is Owner.NOBODY:
        return
    # One argument alone shows a thing of others below a thing of one's own; it tells more only where views run.
    alone = [[name] for name in names] if len(names) > 1 and may and method in EVERYBODY_S else []
    positions = [names, *alone]
    for replaced in positions:
        absent = gone or _answer(address, place, asker, method, askers.absent(address, shape, replaced))
        if may and asker.agency is not None and method in {"GET", "POST"} and absent.status != 405:
            assert absent.status == 404, (
                f"{asker.name} {method} {address.key}: an id never given is answered {absent.status}"
            )
        for thing in others:
            hidden = {**shape, **{name: thing[name] for name in replaced}}
            answer = _answer(address, place, asker, method, hidden)
            _alike(answer, absent, f"{asker.name} {method} {address.key}, {replaced} of another against never given")


def _answer(address: Address, place: Place, asker: Asker, method: str, thing: Any) -> Answer:
    target = question(address, thing, place.query)
    return ask(asker, method, target.url, target.blanks, place.data)


def _alike(one: Answer, other: Answer, what: str) -> None:
    assert one.status == other.status, what
    assert one.headers == other.headers, what
    assert one.body == other.body, what
    assert one.queries == other.queries, what


def _may(address: Address, asker: Asker) -> bool:
    access = access_of(address.view)
    assert access is not None
    if access.permission is None:
        return True
    if asker.agency is None or asker.role is None:
        return False
    return access.permission in permissions_of(asker.role, is_justice=asker.agency.side == Side.JUSTICE)


def test_an_object_that_is_not_there_is_answered_like_an_address_that_is_not_there(world: Any) -> None:
    here, everybody = world
    officer = next(asker for asker in everybody if asker.name == "coordinator")
    nowhere = ask(officer, "GET", "/no/such/page/", ["/no/such/page/"])
    address, place = ADDRESSES["directory:service_detail"], PLACES["directory:service_detail"]
    own, _ = askers.things(here, place, officer)
    gone = _answer(address, place, officer, "GET", askers.absent(address, own, ["pk"]))
    assert (gone.status, gone.body, gone.headers) == (nowhere.status, nowhere.body, nowhere.headers)


def test_the_table_for_readers_is_what_was_seen(request: pytest.FixtureRequest) -> None:
    if set(SEEN) != set(PLACED):
        pytest.skip("the table is compared when all addresses were asked for")
    path = ROOT / "docs/who-asks.md"
    text = page(ADDRESSES, PLACES, SEEN)
    if request.config.getoption("--write-who-asks"):
        path.write_text(text)
    assert path.read_text() == text, "pytest tests/architecture/test_who_asks.py --write-who-asks"


def test_every_permission_is_held_by_a_role_of_the_table() -> None:
    held = frozenset[Permission]().union(*ROLE_PERMISSIONS.values())
    assert set(Permission) - held == set()


def test_the_matrix_left_the_world_as_it_was(world: Any) -> None:
    assert not connections["default"].in_atomic_block
