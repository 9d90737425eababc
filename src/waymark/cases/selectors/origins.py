"""By what a case came, and the cases that came by something. Both need the vault; the sender learns of neither.

What came in may be gone meanwhile: taken back, past its last day, deleted. The case stays, and says so. How a thing stands
is told by the app that keeps it, which says so when it starts.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse

from waymark.accounts.models import User
from waymark.cases.formats.origins import PLACES, takeable
from waymark.cases.models import Case, CaseOrigin, State
from waymark.cases.policies import may_work, visible
from waymark.disclosures.formats.kinds import label_of
from waymark.disclosures.models import InboxPacket
from waymark.disclosures.policies import may_read
from waymark.disclosures.selectors import Beside, put_beside_packets, received_one
from waymark.people.formats.sealed import unpack
from waymark.vault.selectors import OpenVault, RecordSecret

PACKAGE, REFERRAL = "package", "referral"
GONE = "It is not here any more."


@dataclass(frozen=True)
class Standing:
    """How something that came in stands now: where it is read, and what to say when it is over."""

    url: str = ""
    says: str = ""


@dataclass(frozen=True)
class Origin:
    """By what a case came, in words."""

    way: str
    agency: str = field(repr=False)
    on: dt.date
    standing: Standing


Look = Callable[[uuid.UUID, User, dt.datetime], Standing]
_looks: dict[str, Look] = {}


def tells_of(way: str, look: Look) -> None:
    """Say how what came in by a way stands now. Called by an app when it starts."""
    _looks[way] = look


def found_by(vault: OpenVault, way: str, thing: uuid.UUID) -> bytes:
    """By what the cases of something that came in are found, inside this agency alone."""
    return vault.index("case_origin", f"{way} {thing}")


def origin_of(case: Case, secret: RecordSecret, *, to: User, at: dt.datetime) -> Origin | None:
    """By what a case came, or None for one that was opened by itself."""
    row = CaseOrigin.objects.filter(agency_id=case.agency_id, case=case).first()
    if row is None:
        return None
    said = unpack(secret.open("cases_caseorigin", "sealed", row.pk, row.sealed))
    standing = _looks[said["way"]](uuid.UUID(said["thing"]), to, at)
    return Origin(said["way"], said["agency"], dt.date.fromisoformat(said["on"]), standing)


def cases_from(way: str, thing: uuid.UUID, *, vault: OpenVault, to: User) -> list[Case]:
    """The cases that came by something, as far as they are open to `to`; destroyed ones came by nothing."""
    rows = CaseOrigin.objects.filter(agency_id=vault.agency, found_by=found_by(vault, way, thing))
    found = visible(Case.objects.filter(pk__in=rows.values("case_id")), to=to)
    return list(found.exclude(state=State.SHREDDED).order_by("opened_on", "code"))


def links_to(cases: list[Case]) -> list[tuple[str, str]]:
    return [(f"Case {case.code}", reverse("cases:detail", args=[case.pk])) for case in cases]


def how_a_packet_stands(thing: uuid.UUID, to: User, at: dt.datetime) -> Standing:
    packet = received_one(thing, to=to) if may_read(to) else None
    if packet is None:
        return Standing(says=GONE)
    return Standing(reverse("disclosures:inbox_detail", args=[packet.pk]), says_of(packet, at))


def says_of(packet: InboxPacket, at: dt.datetime) -> str:
    """That a packet is over, and what that means for a case that came by it; nothing while it can be read."""
    if packet.taken_back_at is not None:
        return "They took it back: use nothing of it that the person has not told you themselves."
    return "Its last day is over: it cannot be read any more." if packet.expires_at <= at else ""


def beside_packet(packet: InboxPacket, values: dict[str, str], vault: OpenVault, to: User) -> Beside | None:
    """On a packet about a person: the cases that came by it, and the way to open one."""
    if packet.kind not in PLACES or not may_work(to):
        return None
    return Beside(
        title="In your agency",
        links=links_to(cases_from(PACKAGE, packet.pk, vault=vault, to=to)),
        url=reverse("cases:new_from", args=[packet.pk]) if values else "",
        choices=[(code, label_of(packet.kind, code)) for code in takeable(packet.kind, values)],
    )


def register_origins() -> None:
    """Called when the app starts."""
    tells_of(PACKAGE, how_a_packet_stands)
    put_beside_packets(beside_packet)
