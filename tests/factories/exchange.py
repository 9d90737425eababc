"""Two installations for tests: two databases, each with its office, one agency with a vault, and an administrator.

`Installation.here()` points the application at one of them; what is done inside is committed there. `introduce` gives each
the other's card and compares the six words, as two people do by phone.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from tests.factories.accounts import AgencyFactory, UserFactory, the_office
from tests.factories.disclosures import acting, compare_words_with, permit_of
from tests.factories.vault import Person, founder_of
from tests.plugins.database import TestCluster, pointed_at

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind, User
from waymark.disclosures.actions import (
    deliver_packet,
    freeze_packet,
    make_packet_file,
    make_recall_file,
    make_receipt_file,
    recall_packet,
    take_in_file,
)
from waymark.disclosures.formats.files import PURPOSE
from waymark.disclosures.models import CarriedFile, LedgerLine, OutboxPacket
from waymark.disclosures.policies import REASONS, Refused
from waymark.sealing.files import Envelope, Kind, body_of, write
from waymark.vault.actions import sign_as
from waymark.vault.actions.cards import make_card, take_card

PERSONAL = {"language": "Mam", "needs": "A bed from Friday on."}


@dataclass
class Installation:
    """One database with an agency that works there."""

    cluster: TestCluster
    name: str
    agency: Agency
    member: Person
    administrator: User

    @contextmanager
    def here(self) -> Iterator[Any]:
        """The application works on this installation; gives the open vault of its member, who acts."""
        with pointed_at(self.cluster, self.name), self.member.acting():
            yield self.member.vault()

    @contextmanager
    def pointed(self) -> Iterator[None]:
        """The same for a client, whose requests begin their own transactions."""
        with pointed_at(self.cluster, self.name):
            yield

    def card(self) -> bytes:
        with self.here() as vault:
            return make_card(vault=vault, by=self.member.user)

    def take_card(self, content: bytes) -> Any:
        with self.pointed(), acting(self.administrator):
            return take_card(content=content, by=self.administrator)

    def compare(self, other: Agency) -> None:
        with self.pointed():
            compare_words_with(self.member, other.pk)


def installation(cluster: TestCluster, agency: str, kind: str = AgencyKind.VICTIM_SERVICES) -> Installation:
    """A fresh installation: an office that runs it, and one agency whose vault is founded."""
    database = cluster.clone()
    with pointed_at(cluster, database):
        administrator = UserFactory(agency=the_office(), role=Role.ADMINISTRATOR.value)
    return another_in(cluster, database, administrator, agency, kind)


def another_in(cluster: TestCluster, database: str, administrator: User, agency: str, kind: str) -> Installation:
    """Another agency in a database that is there: cheaper than another database."""
    with pointed_at(cluster, database):
        member = founder_of(AgencyFactory(name=agency, kind=kind), display_name=f"Of {agency}")
        assert member.user.acting is not None
        return Installation(cluster, database, member.user.acting.agency, member, administrator)


def introduce(one: Installation, other: Installation) -> None:
    """Cards both ways, then the six words both ways."""
    one.take_card(other.card())
    other.take_card(one.card())
    one.compare(other.agency)
    other.compare(one.agency)


def packet_for(sender: Installation, recipient: Installation, **permit: Any) -> OutboxPacket:
    """A packet about a person that stands in the ledger and can be saved as a file."""
    with sender.here() as vault:
        there = Agency.objects.get(pk=recipient.agency.pk)
        by = sender.member.user
        packet = freeze_packet(
            vault=vault,
            page=uuid.uuid4(),
            recipient=there,
            kind="personal",
            values=PERSONAL,
            permit=permit_of(by, there, **permit),
            by=by,
        )
        deliver_packet(packet=packet.pk, by=by)
        packet.refresh_from_db()
        return packet


def file_of(sender: Installation, packet: OutboxPacket) -> bytes:
    with sender.here() as vault:
        return make_packet_file(vault=vault, packet=packet.pk, by=sender.member.user)


def takes(one: Installation, content: bytes) -> Any:
    with one.here() as vault:
        return take_in_file(vault=vault, content=content, by=one.member.user)


def refusal(one: Installation, content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        takes(one, content)
    assert refused.value.code in REASONS, "every refusal has words"
    return refused.value.code


def recall_of(sender: Installation, packet: OutboxPacket) -> bytes:
    with sender.here() as vault:
        recall_packet(packet=packet.pk, by=sender.member.user)
        return make_recall_file(vault=vault, packet=packet.pk, by=sender.member.user)


def receipt_of(reader: Installation, packet: OutboxPacket) -> bytes:
    with reader.here() as vault:
        line = CarriedFile.objects.filter(packet=packet.pk).first()
        assert line is not None
        return make_receipt_file(vault=vault, line=line, by=reader.member.user)


def state_of(sender: Installation, packet: OutboxPacket) -> tuple[str, list[str], list[str]]:
    with sender.here():
        said = CarriedFile.objects.filter(packet=packet.pk).values_list("what", flat=True)
        lines = LedgerLine.objects.filter(packet=packet.pk).order_by("at").values_list("what", flat=True)
        return OutboxPacket.objects.get(pk=packet.pk).state, list(lines), sorted(said)


def signed_by(
    sender: Installation, recipient: Installation, kind: Kind, parts: list[Any], other: dict[str, Any] | None = None
) -> bytes:
    """A file as an altered program of the sender could make it: anything in it, and a good signature."""
    with recipient.here() as vault:
        theirs = vault.statement.digest()
    with sender.here() as vault:
        outer = {"recipient": recipient.agency.pk, "recipient_print": theirs, **(other or {})}
        envelope = Envelope(kind, vault.agency, vault.number, vault.statement.digest(), body=body_of(parts), **outer)
        return write(envelope, lambda signed: sign_as(vault=vault, purpose=PURPOSE, parts=(signed,)).signature)
