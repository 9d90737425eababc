"""The three functions of the database, called as an attacker would: with SQL, as the application's role."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from tests.factories.disclosures import acting, frozen, permit_of, with_key
from tests.waymark.disclosures.conftest import Owner, Two

from waymark.disclosures.actions import crossing
from waymark.disclosures.models import InboxPacket, LedgerLine, OutboxPacket, Permit
from waymark.disclosures.policies import Refused

FUNCTIONS = [
    ("SELECT disclosures.deliver(%s)", 1),
    ("SELECT disclosures.recall(%s)", 1),
    ("SELECT disclosures.acknowledge(%s, %s)", 2),
]


def refusal(call: Any, *arguments: Any) -> str:
    """The code with which a call is refused."""
    with pytest.raises(Refused) as caught:
        call(*arguments)
    return caught.value.code


def run(statement: str, *parameters: Any) -> Any:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0] if cursor.description else cursor.rowcount


def test_a_packet_crosses_once_and_is_copied_whole(two: Two) -> None:
    with acting(two.advocate):
        permit = permit_of(two.advocate, two.office)
        packet = frozen(two.advocate, two.office, permit)
        sealed = bytes(packet.sealed)
        assert crossing.deliver(packet.pk) == "delivered"
        assert crossing.deliver(packet.pk) == "repeated"
        packet.refresh_from_db()
        assert (packet.state, packet.sealed) == ("delivered", None)
        line = LedgerLine.objects.get()
        assert (line.what, line.recipient_id, line.permit, line.by) == (
            "disclosed",
            two.office.pk,
            permit.pk,
            two.advocate.pk,
        )
        assert InboxPacket.objects.count() == 0, "the sender does not see the recipient's copy"
    with acting(two.prosecutor):
        copy = InboxPacket.objects.get()
        assert bytes(copy.sealed) == sealed
        assert copy.header == packet.header
        assert OutboxPacket.objects.count() == LedgerLine.objects.count() == Permit.objects.count() == 0
    with acting(two.stranger):
        assert InboxPacket.objects.count() == OutboxPacket.objects.count() == 0


def test_reading_comes_back_as_a_state_and_once(two: Two) -> None:
    with acting(two.advocate):
        packet = frozen(two.advocate, two.office)
        crossing.deliver(packet.pk)
    with acting(two.prosecutor):
        assert crossing.acknowledge(two.shelter.pk, packet.pk) == "read"
        first = InboxPacket.objects.get().read_at
        assert crossing.acknowledge(two.shelter.pk, packet.pk) == "repeated"
        assert InboxPacket.objects.get().read_at == first
    with acting(two.advocate):
        packet.refresh_from_db()
        assert (packet.state, packet.read_at) == ("read", first)


def test_recalled_unopened_nothing_stays_with_the_recipient(two: Two) -> None:
    with acting(two.advocate):
        packet = frozen(two.advocate, two.office)
        crossing.deliver(packet.pk)
        assert crossing.recall(packet.pk) == "recalled"
        assert crossing.recall(packet.pk) == "repeated"
        assert refusal(crossing.deliver, packet.pk) == "packet.over"
        assert list(LedgerLine.objects.order_by("at").values_list("what", "was_read")) == [
            ("disclosed", False),
            ("recalled", False),
        ]
    with acting(two.prosecutor):
        assert InboxPacket.objects.count() == 0
        assert refusal(crossing.acknowledge, two.shelter.pk, packet.pk) == "packet.absent"


def test_recalled_after_reading_the_content_goes_and_the_fact_stays(two: Two) -> None:
    with acting(two.advocate):
        packet = frozen(two.advocate, two.office)
        crossing.deliver(packet.pk)
    with acting(two.prosecutor):
        crossing.acknowledge(two.shelter.pk, packet.pk)
    with acting(two.advocate):
        assert crossing.recall(packet.pk) == "recalled_after_reading"
        assert LedgerLine.objects.get(what="recalled").was_read
    with acting(two.prosecutor):
        copy = InboxPacket.objects.get()
        assert copy.sealed is None
        assert copy.taken_back_at is not None
        assert copy.read_at is not None
        assert crossing.acknowledge(two.shelter.pk, packet.pk) == "recalled"


def test_stopped_before_sending_leaves_no_line(two: Two) -> None:
    with acting(two.advocate):
        packet = frozen(two.advocate, two.office)
        assert crossing.recall(packet.pk) == "stopped"
        assert refusal(crossing.deliver, packet.pk) == "packet.over"
        packet.refresh_from_db()
        assert packet.sealed is None
        assert LedgerLine.objects.count() == 0


def test_after_its_last_moment_a_packet_is_neither_sent_nor_opened(two: Two, owner: Owner) -> None:
    soon = timezone.now() + dt.timedelta(milliseconds=300)
    with acting(two.advocate):
        late = frozen(two.advocate, two.office, expires_at=soon)
        sent = frozen(two.advocate, two.office, expires_at=soon)
        crossing.deliver(sent.pk)
        run("SELECT pg_sleep(0.35)")
        assert refusal(crossing.deliver, late.pk) == "packet.expired"
    with acting(two.prosecutor):
        assert crossing.acknowledge(two.shelter.pk, sent.pk) == "expired"
        assert InboxPacket.objects.get().sealed is None
        assert InboxPacket.objects.get().read_at is None


@pytest.mark.parametrize(("statement", "ids"), FUNCTIONS)
def test_without_context_nobody_is_anybody(two: Two, statement: str, ids: int) -> None:
    with acting(two.advocate):
        packet = frozen(two.advocate, two.office)
    with pytest.raises(DatabaseError, match=r"context\.missing"):
        run(statement, *[packet.pk] * ids)
    with acting(two.advocate):
        assert OutboxPacket.objects.get().state == "waiting"


@pytest.mark.parametrize(("statement", "ids"), FUNCTIONS)
def test_a_forged_context_is_none(two: Two, statement: str, ids: int) -> None:
    with acting(two.advocate):
        packet = frozen(two.advocate, two.office)
    with transaction.atomic():
        run(
            "SELECT set_config('waymark.context', format('%%s|%%s|%%s|%%s|%%s', %s::text, %s::text, pg_backend_pid(),"
            " (extract(epoch FROM transaction_timestamp()) * 1000000)::bigint, repeat('0', 64)), true)",
            str(two.shelter.pk),
            str(two.advocate.pk),
        )
        with pytest.raises(DatabaseError, match=r"context\.missing"):
            run(statement, *[packet.pk] * ids)
        run("SELECT set_config('waymark.context', '', true)")


def test_another_agencys_packet_is_an_absent_packet(two: Two) -> None:
    with acting(two.advocate):
        waiting = frozen(two.advocate, two.office)
        delivered = frozen(two.advocate, two.office)
        crossing.deliver(delivered.pk)
    absent = uuid.uuid4()
    for outsider in (two.prosecutor, two.stranger):
        with acting(outsider):
            for packet in (waiting.pk, delivered.pk, absent):
                assert refusal(crossing.deliver, packet) == "packet.absent"
                assert refusal(crossing.recall, packet) == "packet.absent"
    with acting(two.stranger):
        for packet in (waiting.pk, delivered.pk, absent):
            assert refusal(crossing.acknowledge, two.shelter.pk, packet) == "packet.absent"
            assert refusal(crossing.acknowledge, two.third.pk, packet) == "packet.absent"
    with acting(two.advocate):
        # Not even the sender may say that it was read.
        assert refusal(crossing.acknowledge, two.shelter.pk, delivered.pk) == "packet.absent"
        assert set(OutboxPacket.objects.values_list("state", flat=True)) == {"waiting", "delivered"}


def test_the_same_id_from_two_senders_is_two_packets(two: Two) -> None:
    """What one sender does never meets another sender's packet: the key is sender and id."""
    with acting(two.advocate):
        packet = frozen(two.advocate, two.office)
        crossing.deliver(packet.pk)
    with acting(two.stranger):
        assert refusal(crossing.deliver, packet.pk) == "packet.absent"
    with acting(two.prosecutor):
        assert refusal(crossing.acknowledge, two.third.pk, packet.pk) == "packet.absent"
        assert crossing.acknowledge(two.shelter.pk, packet.pk) == "read"


LIVE = {"purpose": "housing", "fields": ["language", "name_to_use", "needs"]}


@pytest.mark.parametrize(
    ("packet", "permit", "code"),
    [
        ({}, {"starts_at": dt.timedelta(hours=1)}, "permit.not_started"),
        ({}, {"ends_at": dt.timedelta(seconds=-1)}, "permit.expired"),
        ({"purpose": "court"}, {}, "permit.other_purpose"),
        ({"fields": ["language", "contact"]}, {}, "permit.other_field"),
        ({"fields": ["language", "language", "Needs"]}, {}, "permit.other_field"),
        ({"recipient": "third"}, {}, "permit.other_recipient"),
    ],
)
def test_a_personal_packet_needs_a_permit_that_is_live_for_it(
    two: Two, packet: dict[str, Any], permit: dict[str, Any], code: str
) -> None:
    now = timezone.now()
    times = {name: now + value for name, value in permit.items()}
    with acting(two.advocate):
        leave = permit_of(two.advocate, two.office, **{"starts_at": now - dt.timedelta(days=9), **times})
        changes = {**packet, **({"recipient": two.third} if "recipient" in packet else {})}
        recipient = changes.pop("recipient", two.office)
        held = frozen(two.advocate, recipient, leave, **changes)
        assert refusal(crossing.deliver, held.pk) == code
        assert LedgerLine.objects.count() == 0
        assert OutboxPacket.objects.get().state == "waiting"


@pytest.mark.parametrize(
    ("shift", "trouble"),
    [
        (dt.timedelta(0), "permit.expired"),
        (dt.timedelta(microseconds=-1), None),
        (dt.timedelta(days=-30), None),
        (dt.timedelta(days=-30, microseconds=-1), "permit.not_started"),
    ],
)
def test_a_permit_begins_at_its_first_and_ends_before_its_last_moment(
    two: Two, shift: dt.timedelta, trouble: str | None
) -> None:
    with acting(two.advocate):
        permit = permit_of(two.advocate, two.office)
        begin = permit.ends_at - dt.timedelta(days=30)
        exact = permit_of(two.advocate, two.office, starts_at=begin, ends_at=permit.ends_at)
        found = run(
            "SELECT disclosures.permit_trouble(p, %s, 'housing', ARRAY['needs'], %s) FROM disclosures_permit p"
            " WHERE id = %s",
            two.office.pk,
            exact.ends_at + shift,
            exact.pk,
        )
        assert found == trouble


def test_a_revoked_permit_opens_nothing_and_cannot_be_revived(two: Two) -> None:
    with acting(two.advocate):
        permit = permit_of(two.advocate, two.office)
        packet = frozen(two.advocate, two.office, permit)
        Permit.objects.update(revoked_at=timezone.now() - dt.timedelta(days=300))
        permit.refresh_from_db()
        assert permit.revoked_at is not None
        assert permit.revoked_at > timezone.now() - dt.timedelta(minutes=1), "the moment is the database's"
        assert refusal(crossing.deliver, packet.pk) == "permit.revoked"
        for change in ({"revoked_at": None}, {"ends_at": timezone.now()}, {"purpose": "court"}, {"fields": ["contact"]}):
            with pytest.raises(DatabaseError, match="revoked once"), transaction.atomic():
                Permit.objects.update(**change)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "personal", "permit": None},
        {"fields": ["ask_for", "needs"]},
        {"fields": []},
        {"kind": "letter"},
        {"purpose": "housing"},
        {"state": "delivered"},
        {"sealed": None},
        {"sealed": b"short"},
        {"sealed": b"x" * 131_073},
        {"own_copy": b"x" * 131_073},
        {"fields": ["needs"] * 41},
        {"expires_at": timezone.now() - dt.timedelta(seconds=1)},
        {"expires_at": timezone.now() + dt.timedelta(days=400)},
        {"delivered_at": timezone.now()},
    ],
)
def test_what_cannot_be_a_packet_cannot_be_frozen(two: Two, changes: dict[str, Any]) -> None:
    with acting(two.advocate):
        with pytest.raises(DatabaseError), transaction.atomic():
            frozen(two.advocate, two.office, **changes)
        assert OutboxPacket.objects.count() == 0


def test_a_packet_to_oneself_or_under_another_agencys_permit_cannot_be(two: Two) -> None:
    with acting(two.advocate):
        with pytest.raises(DatabaseError), transaction.atomic():
            frozen(two.advocate, two.shelter)
        theirs = permit_of(two.advocate, two.office)
    with acting(two.stranger), transaction.atomic():
        frozen(two.stranger, two.office, theirs)
        with pytest.raises(DatabaseError, match="of_agency"):
            run("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def test_who_froze_it_and_when_is_the_databases_word(two: Two) -> None:
    with acting(two.advocate):
        packet = frozen(
            two.advocate, two.office, frozen_by=two.prosecutor, frozen_at=dt.datetime(2001, 1, 1, tzinfo=dt.UTC)
        )
        packet.refresh_from_db()
        assert packet.frozen_by_id == two.advocate.pk
        assert packet.frozen_at > timezone.now() - dt.timedelta(minutes=1)


def test_a_closed_agency_neither_sends_nor_gets(two: Two) -> None:
    with acting(two.advocate):
        packet = frozen(two.advocate, two.office)
        two.office.memberships.update(state="ended")
        type(two.office).objects.filter(pk=two.office.pk).update(state="closed")
        assert refusal(crossing.deliver, packet.pk) == "agency.closed"


def test_a_changed_key_or_one_that_was_never_compared_stops_delivery(two: Two) -> None:
    with acting(two.advocate):
        packet = frozen(two.advocate, two.office)
    with_key(two.prosecutor, number=2)
    with acting(two.advocate):
        assert refusal(crossing.deliver, packet.pk) == "key.changed"
        assert crossing.deliver(frozen(two.advocate, two.office, sealed_epoch=2).pk) == "delivered"
    with acting(two.prosecutor):
        stranger = frozen(two.prosecutor, two.third)
        assert refusal(crossing.deliver, stranger.pk) == "key.not_compared"
        assert LedgerLine.objects.count() == 0
