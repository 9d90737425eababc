"""Where every address of the staff site leads, for the question "who asks?" (tests/architecture/test_who_asks.py).

A new address fails that test until its app has placed it. Each app keeps `tests/waymark/<app>/places.py` with

    PLACES = {
        "directory:service_list": no_object(),
        "directory:service_detail": of_coalition(lambda world: {"pk": world.once(full_service).pk}),
        "cases:detail": of_agency(lambda world, agency: {"pk": world.once(CaseFactory, agency=agency).pk}),
        "accounts:passkey_remove": of_member(lambda world, user: {"pk": PasskeyFactory(user=user).pk}),
    }

The key is the name of the view as `reverse` takes it (for an address without a name: its route). The function gives the
arguments of the address; it runs once for each agency (in that agency's context, by `world.member_of(agency)`) or member,
in the committed world of the test, and may make what it needs with the factories: `world.once(factory, **fields)` makes a
row once for the same fields. Whoever asks, the object of another agency and an id that was never given must be answered
alike: status, headers, body, queries.

- `no_object()`               the address names nothing (a list, a form for something new)
- `of_coalition(make)`        what every agency may see, if the role does: present or absent
- `of_agency(make)`           belongs to one agency: own, other agency on the same side, on the other side, absent
- `of_member(make)`           belongs to one member: own, a colleague's, absent

`hidden_from={Role.MEMBER: "why"}`: the role holds the permission of the address, and a policy still hides the object.
`closed="why"`: the address opens for nobody in an installation that runs (its first hour is over).
`only=frozenset({AgencyKind.VICTIM_SERVICES})`: the kinds of agency that can have such a thing at all.
`made_by=Role.ADVOCATE`: the role of the colleague who makes a thing of an agency, where the database asks for one.
`data={..}`: what a POST sends, when an empty form would tell too little; `query={..}`: as `?name=value`, a value may be a
key of the arguments in braces (`{"about": "{pk}"}`).
An argument that is the same for every agency (a kind of listing, a step) is not replaced when the absent id is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from waymark.access.permissions import Role
from waymark.access.sites import URLCONFS, Site

ROOT = Path(__file__).resolve().parents[2]


class Owner(StrEnum):
    """To whom the object of an address belongs."""

    NOBODY = "no object"
    COALITION = "the coalition"
    AGENCY = "one agency"
    MEMBER = "one member"


@dataclass(frozen=True, eq=False)
class Place:
    """What an address of the staff site names, and how the test makes one."""

    owner: Owner
    make: Callable[..., Mapping[str, Any]] | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    hidden_from: Mapping[Role, str] = field(default_factory=dict)
    only: frozenset[str] | None = None
    closed: str = ""
    made_by: Role = Role.MEMBER


def no_object(**more: Any) -> Place:
    """A list, a form for something new, a page about nothing in particular."""
    return Place(Owner.NOBODY, **more)


def of_coalition(make: Callable[[Any], Mapping[str, Any]], **more: Any) -> Place:
    """Something that all agencies share: `make(world)`."""
    return Place(Owner.COALITION, make, **more)


def of_agency(make: Callable[[Any, Any], Mapping[str, Any]], **more: Any) -> Place:
    """Something of one agency: `make(world, agency)`."""
    return Place(Owner.AGENCY, make, **more)


def of_member(make: Callable[[Any, Any], Mapping[str, Any]], **more: Any) -> Place:
    """Something of one member: `make(world, user)`."""
    return Place(Owner.MEMBER, make, **more)


@dataclass(frozen=True)
class Address:
    """One address of the staff site: its key among the places, its route, its view and the kinds of its arguments."""

    key: str
    route: str
    view: Callable[..., object]
    kinds: Mapping[str, Any]


def addresses() -> Iterator[Address]:
    """Every address of the staff site."""

    def walk(found: list[URLPattern | URLResolver], route: str, space: str, kinds: dict[str, Any]) -> Iterator[Address]:
        for item in found:
            here = route + str(item.pattern)
            known = kinds | getattr(item.pattern, "converters", {})
            if isinstance(item, URLResolver):
                yield from walk(item.url_patterns, here, space + (f"{item.namespace}:" if item.namespace else ""), known)
            else:
                yield Address(space + item.name if item.name else here, here, item.callback, known)

    yield from walk(get_resolver(URLCONFS[Site.STAFF]).url_patterns, "", "", {})


def registered() -> dict[str, Place]:
    """The places of all apps."""
    found: dict[str, Place] = {}
    for path in sorted((ROOT / "tests/waymark").glob("*/places.py")):
        places: dict[str, Place] = import_module(f"tests.waymark.{path.parent.name}.places").PLACES
        twice = found.keys() & places.keys()
        assert not twice, f"{path} places {sorted(twice)} a second time"
        found |= places
    return found
