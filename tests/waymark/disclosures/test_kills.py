"""Killed in the middle, again and again: nothing is lost and nothing happens twice.

Each round kills one act at a moment of its own: the client's process with SIGKILL after a random time, before its nth
statement or right after its commit, or PostgreSQL's backend under a living client. Then all is looked at from behind the
walls; then the client tries again, as somebody does who does not know what came of it; then everything is looked at again.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from tests.factories.disclosures import acting, frozen, permit_of
from tests.plugins.server import environment_of
from tests.waymark.disclosures.conftest import Owner, Two
from tests.waymark.disclosures.killing import AFTER_COMMIT, Child, Client

from waymark.accounts.models import User
from waymark.audit.selectors import problems_of
from waymark.disclosures import actions
from waymark.disclosures.actions import crossing
from waymark.disclosures.models import OutboxPacket, Permit

# Whatever is found here is a packet for which the two agencies, the ledger and the audit chain tell different stories.
CONTRADICTIONS = """
WITH done AS (
    SELECT object_id::uuid AS about, verb FROM audit_event WHERE result = 'done' AND object_kind IN ('packet', 'permit')
),
told AS (
    SELECT o.id, o.state, o.sealed IS NULL AS gone,
        count(*) FILTER (WHERE l.what = 'disclosed') AS disclosed,
        count(*) FILTER (WHERE l.what = 'recalled') AS recalled,
        coalesce(bool_or(l.was_read), false) AS was_read,
        (SELECT count(*) FROM disclosures_inboxpacket i
            WHERE i.packet = o.id AND i.sender_id = o.agency_id AND i.agency_id = o.recipient_id) AS copies,
        (SELECT count(*) FROM disclosures_inboxpacket i WHERE i.packet = o.id AND i.sealed IS NOT NULL) AS open_copies,
        (SELECT count(*) FROM done e WHERE e.about = o.id AND e.verb = 'packet.delivered') AS told_sent,
        (SELECT count(*) FROM done e WHERE e.about = o.id AND e.verb = 'packet.recalled') AS told_recalled,
        (SELECT count(*) FROM done e WHERE e.about = o.id AND e.verb = 'packet.stopped') AS told_stopped
    FROM disclosures_outboxpacket o
    LEFT JOIN disclosures_ledgerline l ON l.packet = o.id AND l.agency_id = o.agency_id AND l.recipient_id = o.recipient_id
    GROUP BY o.id
)
SELECT id::text, to_jsonb(told)::text FROM told WHERE NOT (
    told_sent = disclosed AND told_recalled = recalled AND told_stopped = (state = 'stopped')::int
    AND gone = (state <> 'waiting')
    AND CASE
        WHEN state IN ('waiting', 'stopped') THEN disclosed = 0 AND recalled = 0 AND copies = 0
        WHEN state IN ('delivered', 'read') THEN disclosed = 1 AND recalled = 0 AND copies = 1 AND open_copies = 1
        ELSE disclosed = 1 AND recalled = 1 AND open_copies = 0 AND copies = was_read::int
    END)
UNION ALL
SELECT packet::text, 'a line without a packet' FROM disclosures_ledgerline
    WHERE packet NOT IN (SELECT id FROM disclosures_outboxpacket)
UNION ALL
SELECT packet::text, 'a copy without a packet' FROM disclosures_inboxpacket
    WHERE packet NOT IN (SELECT id FROM disclosures_outboxpacket)
UNION ALL
SELECT p.id::text, 'a revoked permit under which something is still out' FROM disclosures_permit p
    WHERE p.revoked_at IS NOT NULL AND (
        EXISTS (SELECT FROM disclosures_outboxpacket o
                WHERE o.permit_id = p.id AND o.state IN ('waiting', 'delivered', 'read'))
        OR 1 <> (SELECT count(*) FROM done e WHERE e.about = p.id AND e.verb = 'permit.closed'))
"""
ACTS = ("deliver", "deliver", "recall unread", "recall read", "close")
WAYS = ("process", "process", "statement", "commit", "backend")
DONE = {"deliver": {"delivered", "read"}, "recall": {"recalled"}, "close": {"recalled", "stopped"}}
STATEMENTS = 12


@pytest.fixture
def client(committed_two: Two, committed_db: str, test_cluster: Any) -> Iterator[Client]:
    _, environment = environment_of(test_cluster.url(committed_db))
    started = Client(environment)
    yield started
    started.close()


def _prepare(two: Two, act: str, owner_of: User) -> tuple[str, str, list[str]]:
    """Set the stage for one act: its name for the client, what it is about, and the packets that it concerns."""
    with acting(owner_of):
        permit = permit_of(owner_of, two.office)
        packets = [frozen(owner_of, two.office, permit) for _ in range(3 if act == "close" else 1)]
        if act != "deliver":
            for packet in packets[:2]:
                actions.deliver_packet(packet=packet.pk, by=owner_of)
    if act in {"recall read", "close"}:
        with acting(two.prosecutor):
            crossing.acknowledge(two.shelter.pk, packets[0].pk)
    verb = act.split()[0]
    return verb, str(permit.pk if verb == "close" else packets[0].pk), [str(packet.pk) for packet in packets]


def _states(owner: Owner, packets: list[str]) -> set[str]:
    found = owner("SELECT state FROM disclosures_outboxpacket WHERE id = ANY(%s::uuid[])", (packets,))
    return {state for (state,) in found}


def _wait_until_gone(owner: Owner, backend: int) -> None:
    """A backend whose client died may still be at its commit."""
    until = time.monotonic() + 20
    while owner("SELECT 1 FROM pg_stat_activity WHERE pid = %s", (backend,)):
        assert time.monotonic() < until
        time.sleep(0.002)


def _cut(child: Child, way: str, killer: psycopg.Connection[Any], after: float) -> None:
    """End the act from outside, some time after it began."""
    time.sleep(after)
    if way == "backend":
        killer.execute("SELECT pg_terminate_backend(%s)", [child.backend])
    else:
        with suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)


def _kill(
    rounds: int, two: Two, client: Client, owner: Owner, killer: psycopg.Connection[Any], chance: random.Random
) -> Counter[str]:
    told: Counter[str] = Counter()
    # How long an act takes on this machine now, so that moments of killing fall before, into and just after it.
    longest = 0.04
    for number in range(rounds):
        act, way = ACTS[number % len(ACTS)], chance.choice(WAYS)
        verb, about, packets = _prepare(two, act, two.advocate)
        asked = {"act": verb, "about": about, "agency": str(two.shelter.pk), "user": str(two.advocate.pk)}
        step = {"statement": chance.randint(1, STATEMENTS), "commit": AFTER_COMMIT}.get(way)
        child = client.begin(**asked, step=step)
        if step is None:
            _cut(child, way, killer, chance.uniform(0, longest))
        first = client.end()
        _wait_until_gone(owner, child.backend)
        assert owner(CONTRADICTIONS) == [], f"round {number}: {act}, {way}, {first}"
        happened = _states(owner, packets) <= DONE[verb]
        broken = first == "killed" or first.startswith("lost")
        assert broken or (happened and not first.startswith("refused")), f"an act that ended well is done: {first}"
        told[f"{verb}: {'cut off' if broken else 'ended in time'}, {'done' if happened else 'not done'}"] += 1
        # Nobody knows what came of it, so it is done again: once more must be once in all.
        client.begin(**asked)
        begun = time.monotonic()
        again = client.end()
        longest = 0.8 * longest + 0.2 * 1.3 * (time.monotonic() - begun)
        assert not again.startswith(("refused", "lost", "killed")), again
        assert (again == "repeated") == happened or verb == "close"
        assert owner(CONTRADICTIONS) == []
        assert _states(owner, packets) <= DONE[verb]
    return told


def _run(rounds: int, two: Two, client: Client, owner: Owner, test_cluster: Any, name: str, seed: int) -> Counter[str]:
    with psycopg.connect(test_cluster.url(name), autocommit=True) as killer:
        told = _kill(rounds, two, client, owner, killer, random.Random(seed))
    assert list(problems_of(two.shelter.pk)) == [], "the audit chain is whole"
    with acting(two.advocate):
        assert OutboxPacket.objects.filter(permit__in=Permit.objects.all()).exists()
    for line, count in sorted(told.items()):
        print(f"{count:4} {line}")
    return told


def test_fifteen_kills_lose_and_double_nothing(
    committed_two: Two, client: Client, owner: Owner, test_cluster: Any, committed_db: str
) -> None:
    told = _run(15, committed_two, client, owner, test_cluster, committed_db, seed=4)
    assert sum(told.values()) == 15


@pytest.mark.nightly
def test_two_hundred_kills_lose_and_double_nothing(
    committed_two: Two, client: Client, owner: Owner, test_cluster: Any, committed_db: str
) -> None:
    told = _run(200, committed_two, client, owner, test_cluster, committed_db, seed=time.time_ns())
    assert sum(told.values()) == 200
    cut_off = {line.split(", ")[1]: count for line, count in told.items() if "cut off" in line}
    assert set(cut_off) == {"done", "not done"}, "moments before and after the commit were both hit"
