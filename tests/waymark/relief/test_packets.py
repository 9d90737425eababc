"""Packets of a relief case: who hears of it, when, and of what."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from tests.factories.accounts import AgencyFactory
from tests.factories.vault import Person as Member
from tests.factories.vault import compare, founder_of
from tests.waymark.cases.desks import Desk
from tests.waymark.relief.steps import drafted_relief, move, vault_of

from waymark.accounts.models import AgencyKind
from waymark.disclosures.actions import open_packet
from waymark.disclosures.models import InboxPacket, LedgerLine
from waymark.people.policies import Refused
from waymark.relief.actions.holders import confirm_holder, drop_holder, name_holder, serve_by_packet, tell_of_order
from waymark.relief.formats.words import day_in_words
from waymark.relief.models import Holder, ReliefCase, State

pytestmark = pytest.mark.django_db


def prosecutor_of(desk: Desk) -> Member:
    """The founder of a prosecutor's office with which words were compared, both ways."""
    office = founder_of(AgencyFactory(name="Prosecutor (invented)", kind=AgencyKind.PROSECUTION))
    compare(desk.founder, office)
    compare(office, desk.founder)
    return office


def named(desk: Desk, case: ReliefCase, member: Member) -> Holder:
    with desk.person.acting():
        return name_holder(case=case, agency=member.user.acting.agency, name="", by=desk.user)  # type: ignore[union-attr]


def test_the_prosecution_first_sees_a_petition_when_it_is_served(desk: Desk) -> None:
    case, office = drafted_relief(desk), prosecutor_of(desk)
    holder = named(desk, case, office)
    vault = vault_of(desk)
    for moves in ((), ("review",)):
        case = move(desk, case, *moves)
        with desk.person.acting(), pytest.raises(Refused, match="before the petition was served"):
            serve_by_packet(vault=vault, case=case, holder=holder, by=desk.user)
    with office.acting():
        assert InboxPacket.objects.count() == 0
    case = move(desk, case, "serve")
    sent = desk.client.send(f"/relief/{case.pk}/agencies/{holder.pk}/send/petition/", {})
    assert sent.status_code == 302, sent.content
    desk.client.send(f"/relief/{case.pk}/agencies/{holder.pk}/send/petition/", {})
    with desk.person.acting():
        assert LedgerLine.objects.filter(kind="petition").count() == 1, "sent once, however often it is pressed"
        with pytest.raises(Refused, match="told already"):
            drop_holder(case=case, holder=holder, by=desk.user)
    with office.acting():
        packet = InboxPacket.objects.get()
        content = open_packet(vault=office.vault(), packet=packet.pk, by=office.user)
    assert content is not None
    assert content.values["petitioner"] == "Ana Invented"
    answer_by = day_in_words((timezone.localdate() + dt.timedelta(days=45)).isoformat())
    assert content.values["answer_by"] == f"{answer_by} (Cal. Penal Code 236.14)"
    assert "brother" not in str(content.values)
    assert "trafficked" not in str(content.values)


def test_when_relief_is_ordered_each_member_gets_its_task(desk: Desk) -> None:
    office = prosecutor_of(desk)
    case = move(desk, drafted_relief(desk, program_reference="R-7K2M-9QXA"), "review", "serve", "file")
    holder, today = named(desk, case, office), timezone.localdate()
    vault = vault_of(desk)
    with desk.person.acting(), pytest.raises(Refused, match="Without an order"):
        tell_of_order(vault=vault, case=case, holder=holder, by=desk.user)
    with desk.person.acting(), pytest.raises(Refused, match="Without an order"):
        confirm_holder(case=case, holder=holder, sealed_on=today, destroyed_on=None, by=desk.user)
    case = move(desk, case, "order")
    assert case.due_on == today + dt.timedelta(days=90), "90 days after the order"
    assert desk.client.send(f"/relief/{case.pk}/agencies/{holder.pk}/send/relief_order/", {}).status_code == 302
    with office.acting():
        packet = InboxPacket.objects.get()
        content = open_packet(vault=office.vault(), packet=packet.pk, by=office.user)
    assert content is not None
    assert (content.values["reference"], content.values["program_reference"]) == (case.code, "R-7K2M-9QXA")
    assert content.values["task"].startswith("Find your own rows")
    for sealed, destroyed, why in (
        (today - dt.timedelta(days=1), None, "before the order"),
        (today, today - dt.timedelta(days=1), "destroyed after"),
        (today + dt.timedelta(days=1), None, "not come yet"),
    ):
        with desk.person.acting(), pytest.raises(Refused, match=why):
            confirm_holder(case=case, holder=holder, sealed_on=sealed, destroyed_on=destroyed, by=desk.user)
    with desk.person.acting():
        confirm_holder(case=case, holder=holder, sealed_on=today, destroyed_on=today, by=desk.user)
    assert move(desk, case, "confirm").state == State.CONFIRMED
