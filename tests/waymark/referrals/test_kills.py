"""SIGKILL while somebody is referred, taken up or taken back: both agencies tell one story, and nothing is doubled."""

from __future__ import annotations

import base64
import random
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.plugins.server import environment_of
from tests.waymark.disclosures.killing import Client, killed_somewhere
from tests.waymark.referrals.desks import Both, both_desks

from waymark.audit.selectors import problems_of
from waymark.referrals.actions.asking import refer_without_a_name
from waymark.referrals.models import ReceivedReferral

Owner = Callable[..., list[tuple[Any, ...]]]

# Whatever is found here is a referral of which the two agencies, the mail, the ledger or the log tell different stories.
CONTRADICTIONS = """
SELECT 'asked, and the other agency has no such row or another state', r.id::text FROM referrals_referral r
LEFT JOIN referrals_receivedreferral g ON g.sender_id = r.agency_id AND g.referral = r.id AND g.agency_id = r.recipient_id
WHERE (g.id IS NULL AND r.state <> 'withdrawn') OR (g.id IS NOT NULL AND g.state <> r.state)
UNION ALL
SELECT 'came in, and nobody asked', g.id::text FROM referrals_receivedreferral g
WHERE NOT EXISTS (SELECT FROM referrals_referral r WHERE r.id = g.referral AND r.agency_id = g.sender_id)
UNION ALL
SELECT 'not exactly one packet and one line of the ledger', r.id::text FROM referrals_referral r WHERE
    1 <> (SELECT count(*) FROM disclosures_outboxpacket o WHERE o.id = r.packet AND o.agency_id = r.agency_id)
    OR 1 <> (SELECT count(*) FROM referrals_referral o WHERE o.packet = r.packet)
    OR 1 <> (SELECT count(*) FROM disclosures_ledgerline l WHERE l.packet = r.packet AND l.what = 'disclosed')
UNION ALL
SELECT 'a packet without its referral', o.id::text FROM disclosures_outboxpacket o
WHERE NOT EXISTS (SELECT FROM referrals_referral r WHERE r.packet = o.id)
UNION ALL
SELECT 'taken back, and something is still out', r.id::text FROM referrals_referral r
JOIN disclosures_outboxpacket o ON o.id = r.packet
WHERE (r.state = 'withdrawn') <> (o.state = 'recalled')
    OR (r.state = 'withdrawn' AND EXISTS (
        SELECT FROM disclosures_inboxpacket i WHERE i.packet = o.id AND i.sealed IS NOT NULL))
UNION ALL
SELECT 'moves that the two sides count differently', r.id::text FROM referrals_referral r WHERE EXISTS (
    SELECT FROM referrals_receivedreferral g WHERE g.referral = r.id) AND (
    SELECT count(*) FROM referrals_referralmove m WHERE m.referral = r.id AND m.agency_id = r.agency_id) <> (
    SELECT count(*) FROM referrals_referralmove m WHERE m.referral = r.id AND m.agency_id = r.recipient_id)
UNION ALL
SELECT 'not as many events as acts', 'all' WHERE
    (SELECT count(*) FROM audit_event e WHERE e.verb = 'referral.sent' AND e.result = 'done')
        <> (SELECT count(*) FROM referrals_referral)
    OR (SELECT count(*) FROM audit_event e WHERE e.verb = 'referral.moved' AND e.result = 'done')
        <> (SELECT count(*) FROM referrals_referral r WHERE r.state IN ('accepted', 'withdrawn'))
"""
ACTS = ("refer", "take_up", "take_back")
ENDS = {"refer": "requested", "take_up": "accepted", "take_back": "withdrawn"}


@pytest.fixture
def committed_both(committed_db: str) -> Both:
    return both_desks()


@pytest.fixture
def client(committed_both: Both, committed_db: str, test_cluster: Any) -> Iterator[Client]:
    _, environment = environment_of(test_cluster.url(committed_db))
    started = Client(environment)
    yield started
    started.close()


def _asked(both: Both, act: str) -> dict[str, str]:
    """What the killed process is to do. Taking up and taking back need something that was asked before."""
    if act == "refer":
        about, page = str(both.case.pk), str(uuid.uuid4())
        key = base64.b64encode(both.ada.person.key.export()).decode()
        return _by(both.ada, act, about) | {"key": key, "desk": str(both.answering.pk), "page": page}
    with both.ada.person.acting():
        newest = refer_without_a_name(
            vault=both.ada.person.vault(), case=both.case, page=uuid.uuid4(), desk=both.answering,
            values={"ask_for": "Ada", "household": "3", "needs": "lawyer", "phone": "916-555-0142", "urgency": "today"},
            hours=8, by=both.ada.user,
        )  # fmt: skip
    if act == "take_back":
        return _by(both.ada, act, str(newest.pk))
    with both.hal.person.acting():
        return _by(both.hal, act, str(ReceivedReferral.objects.get(referral=newest.pk).pk))


def _by(desk: Any, act: str, about: str) -> dict[str, str]:
    return {"act": act, "about": about, "user": str(desk.user.pk), "agency": str(desk.agency.pk)}


def _kill(rounds: int, both: Both, client: Client, owner: Owner, seed: int) -> None:
    """Each round kills one act somewhere, looks, does it again, and looks again."""
    chance = random.Random(seed)
    longest = 0.08
    for number in range(rounds):
        act = ACTS[number % len(ACTS)]
        asked = _asked(both, act)
        before = owner("SELECT count(*) FROM referrals_referral")[0][0]
        first = killed_somewhere(client, asked, most=40, longest=longest, chance=chance, owner=owner)
        assert owner(CONTRADICTIONS) == [], f"round {number}: {act}, {first}"
        client.begin(**asked, step=None)
        begun = time.monotonic()
        again = client.end()
        longest = 0.8 * longest + 0.2 * 1.3 * (time.monotonic() - begun)
        # A page that is sent twice asks once; a move that was made cannot be made again, and says so.
        assert again == ENDS[act] or (act != "refer" and again.startswith("refused")), again
        assert owner(CONTRADICTIONS) == [], f"round {number}, again: {again}"
        newest = owner("SELECT state FROM referrals_referral ORDER BY sent_at DESC LIMIT 1")
        assert newest == [(ENDS[act],)]
        assert owner("SELECT count(*) FROM referrals_referral")[0][0] == before + (act == "refer")
    for desk in (both.ada, both.hal):
        assert list(problems_of(desk.agency.pk)) == [], "the audit chain is whole"


def test_six_kills_of_referrals_lose_and_double_nothing(committed_both: Both, client: Client, owner: Owner) -> None:
    _kill(6, committed_both, client, owner, seed=21)


@pytest.mark.nightly
def test_two_hundred_kills_of_referrals(committed_both: Both, client: Client, owner: Owner) -> None:
    _kill(201, committed_both, client, owner, seed=22)
