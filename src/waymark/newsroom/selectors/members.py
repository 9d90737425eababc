"""Who the coalition is, for the public: agencies by kind, in the order of the alphabet. Never a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models.functions import Lower

from waymark.accounts.models import Agency, AgencyKind
from waymark.newsroom.models import AgencyOffPage


@dataclass(frozen=True)
class MembersOfKind:
    kind: str
    names: Sequence[str]


@dataclass(frozen=True)
class Desk:
    """How the agency that runs the installation is reached: a role, never a name."""

    agency: str
    phone: str
    email: str


def members_by_kind() -> list[MembersOfKind]:
    """Open agencies that stand on the page. Kinds and names are in the order of the alphabet."""
    off = AgencyOffPage.objects.values("agency_id")
    found = Agency.objects.filter(state=Agency.State.ACTIVE).exclude(pk__in=off).order_by(Lower("name"))
    names: dict[str, list[str]] = {}
    for agency in found.only("name", "kind"):
        names.setdefault(AgencyKind(agency.kind).label, []).append(agency.name)
    return [MembersOfKind(kind, names[kind]) for kind in sorted(names)]


def the_desk() -> Desk | None:
    host = Agency.objects.filter(is_host=True, state=Agency.State.ACTIVE).first()
    return Desk(host.name, host.phone, host.email) if host is not None else None
