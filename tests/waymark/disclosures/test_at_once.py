"""Two things at the same moment end as if one had come after the other. Real commits, real connections, real waiting."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections
from tests.factories.disclosures import acting, frozen, permit_of
from tests.waymark.disclosures.conftest import Owner, Slot, Two

from waymark.accounts.models import User
from waymark.disclosures import actions
from waymark.disclosures.actions import crossing
from waymark.disclosures.models import InboxPacket
from waymark.disclosures.policies import Refused

SlotOf = Callable[[uuid.UUID], Slot]


class Act(threading.Thread):
    """Something that somebody does in a transaction of their own, and what came of it."""

    def __init__(self, who: User, act: Callable[[], Any], hold: threading.Event | None = None) -> None:
        super().__init__(daemon=True)
        self.who, self.act, self.hold = who, act, hold
        self.acted = threading.Event()
        self.backend = 0
        self.result: Any = None

    def run(self) -> None:
        try:
            with acting(self.who):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    self.backend = cursor.fetchone()[0]
                self.result = self.act()
                self.acted.set()
                if self.hold is not None:
                    self.hold.wait(20)
        except Refused as refused:
            self.result = refused.code
        finally:
            self.acted.set()
            connections.close_all()


def one_after_the_other(owner: Owner, first: Act, second: Act) -> tuple[Any, Any]:
    """Let `first` act and hold its transaction open until `second` waits for it; then both end."""
    hold = first.hold = threading.Event()
    first.start()
    assert first.acted.wait(20)
    second.start()
    until = time.monotonic() + 8
    while not _waits(owner, second) and not second.acted.is_set():
        assert time.monotonic() < until
        time.sleep(0.01)
    assert not second.acted.is_set(), "the second did not wait for the first"
    hold.set()
    for each in (first, second):
        each.join(20)
        assert not each.is_alive()
    return first.result, second.result


def _waits(owner: Owner, act: Act) -> bool:
    return bool(owner("SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted", (act.backend,)))


@pytest.fixture
def under_permit(committed_two: Two) -> tuple[Two, Any, Any]:
    two = committed_two
    with acting(two.advocate):
        permit = permit_of(two.advocate, two.office)
        packet = frozen(two.advocate, two.office, permit)
    return two, permit, packet


def deliver(two: Two, packet: Any) -> Act:
    return Act(two.advocate, lambda: actions.deliver_packet(packet=packet.pk, by=two.advocate))


def recall(two: Two, packet: Any) -> Act:
    return Act(two.advocate, lambda: actions.recall_packet(packet=packet.pk, by=two.advocate))


def read(two: Two, packet: Any) -> Act:
    return Act(two.prosecutor, lambda: crossing.acknowledge(two.shelter.pk, packet.pk))


def close(two: Two, permit: Any) -> Act:
    return Act(two.advocate, lambda: actions.close_permit(permit=permit, by=two.advocate))


def test_two_deliveries_are_one(under_permit: tuple[Two, Any, Any], owner: Owner, slot_of: SlotOf) -> None:
    two, _, packet = under_permit
    assert one_after_the_other(owner, deliver(two, packet), deliver(two, packet)) == ("delivered", "repeated")
    slot = slot_of(packet.pk)
    assert (slot.state, slot.lines, slot.copies, slot.events) == ("delivered", ["disclosed"], 1, ["packet.delivered"])


def test_a_recall_that_comes_during_delivery_takes_it_back(
    under_permit: tuple[Two, Any, Any], owner: Owner, slot_of: SlotOf
) -> None:
    two, _, packet = under_permit
    assert one_after_the_other(owner, deliver(two, packet), recall(two, packet)) == ("delivered", "recalled")
    slot = slot_of(packet.pk)
    assert (slot.state, slot.lines, slot.copies) == ("recalled", ["disclosed", "recalled"], 0)


def test_a_delivery_that_comes_during_a_recall_does_not_happen(
    under_permit: tuple[Two, Any, Any], owner: Owner, slot_of: SlotOf
) -> None:
    two, _, packet = under_permit
    assert one_after_the_other(owner, recall(two, packet), deliver(two, packet)) == ("stopped", "packet.over")
    slot = slot_of(packet.pk)
    assert (slot.state, slot.lines, slot.copies, slot.events) == (
        "stopped",
        [],
        0,
        ["packet.stopped", "packet.delivered denied"],
    )


def test_a_delivery_that_comes_while_the_permit_is_closed_does_not_happen(
    under_permit: tuple[Two, Any, Any], owner: Owner, slot_of: SlotOf
) -> None:
    two, permit, packet = under_permit
    closed, refused = one_after_the_other(owner, close(two, permit), deliver(two, packet))
    assert (closed, refused) == (actions.Closed(unopened=0, opened=0, stopped=1), "packet.over")
    slot = slot_of(packet.pk)
    assert (slot.state, slot.lines, slot.copies) == ("stopped", [], 0)


def test_closing_that_comes_during_delivery_takes_the_packet_back(
    under_permit: tuple[Two, Any, Any], owner: Owner, slot_of: SlotOf
) -> None:
    two, permit, packet = under_permit
    delivered, closed = one_after_the_other(owner, deliver(two, packet), close(two, permit))
    assert (delivered, closed) == ("delivered", actions.Closed(unopened=1, opened=0, stopped=0))
    slot = slot_of(packet.pk)
    assert (slot.state, slot.lines, slot.copies) == ("recalled", ["disclosed", "recalled"], 0)
    assert slot.events == ["packet.delivered", "packet.recalled"]


def test_reading_and_recalling_at_once_agree_on_whether_it_was_read(
    under_permit: tuple[Two, Any, Any], owner: Owner, slot_of: SlotOf
) -> None:
    two, permit, packet = under_permit
    with acting(two.advocate):
        other = frozen(two.advocate, two.office, permit)
        crossing.deliver(packet.pk)
        crossing.deliver(other.pk)
    assert one_after_the_other(owner, read(two, packet), recall(two, packet)) == ("read", "recalled_after_reading")
    assert one_after_the_other(owner, recall(two, other), read(two, other)) == ("recalled", "packet.absent")
    assert (slot_of(packet.pk).copies, slot_of(packet.pk).content) == (1, False)
    assert slot_of(other.pk).copies == 0


def test_many_at_once_end_in_one_order(committed_two: Two, owner: Owner, slot_of: SlotOf) -> None:
    """Senders, a recipient and a closing hand on the same packets from many connections: nobody waits in a ring."""
    two = committed_two
    with acting(two.advocate):
        permit = permit_of(two.advocate, two.office)
        packets = [frozen(two.advocate, two.office, permit) for _ in range(6)]
    acts = [make(two, packet) for packet in packets for make in (deliver, deliver, recall, read)]
    acts.insert(9, close(two, permit))
    for act in acts:
        act.start()
    for act in acts:
        act.join(30)
        assert not act.is_alive()
        assert act.result is not None, "an act ended in an error"
    for packet in packets:
        slot = slot_of(packet.pk)
        assert slot.state in {"stopped", "recalled"}
        assert slot.lines == ([] if slot.state == "stopped" else ["disclosed", "recalled"])
        assert not slot.content
        assert slot.copies <= 1
        assert slot.events.count("packet.delivered") == slot.lines.count("disclosed")
        assert slot.events.count("packet.recalled") + slot.events.count("packet.stopped") == 1
    with acting(two.prosecutor):
        assert all(copy.read_at and copy.taken_back_at for copy in InboxPacket.objects.all())
