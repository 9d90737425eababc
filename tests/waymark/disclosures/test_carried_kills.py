"""Files that are taken in: killed in the middle again and again, and two requests at once. Nothing doubled, nothing lost.

Each round kills one taking in, of a packet's file or of its recall; then everything is looked at from behind the walls,
then it is taken in again, as somebody does who does not know what came of it.
"""

from __future__ import annotations

import base64
import random
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from tests.factories.exchange import Installation, file_of, packet_for, recall_of, refusal, takes
from tests.plugins.server import environment_of
from tests.waymark.disclosures.conftest import Owner, Pair
from tests.waymark.disclosures.killing import Client, killed_somewhere
from tests.waymark.disclosures.test_at_once import Act, one_after_the_other

from waymark.audit.selectors import problems_of
from waymark.disclosures.actions import open_packet, take_in_file
from waymark.disclosures.models import InboxPacket, OutboxPacket

# Lines of a packet's file and of its recall; rows in the inbox, and those that still hold something.
STORY = """
SELECT count(*) FILTER (WHERE c.what = 'packet'), count(*) FILTER (WHERE c.what = 'recall'),
    (SELECT count(*) FROM disclosures_inboxpacket i WHERE i.packet = %s),
    (SELECT count(*) FROM disclosures_inboxpacket i WHERE i.packet = %s AND i.sealed IS NOT NULL)
FROM disclosures_carriedfile c WHERE c.packet = %s AND c.what IN ('packet', 'recall')
"""
# Every line has its event and every event its line.
UNTOLD = """
SELECT (SELECT count(*) FROM disclosures_carriedfile WHERE agency_id = %s AND what = 'packet')
        - (SELECT count(*) FROM audit_event WHERE chain = %s AND verb = 'packet.taken_in' AND result = 'done'),
    (SELECT count(*) FROM disclosures_carriedfile WHERE agency_id = %s AND what = 'recall')
        - (SELECT count(*) FROM audit_event WHERE chain = %s AND verb = 'packet.recall_taken_in' AND result = 'done')
"""
NOTHING, HERE, STOPPED = (0, 0, 0, 0), (1, 0, 1, 1), (0, 1, 0, 0)
GONE, ERASED = (1, 1, 0, 0), (1, 1, 1, 0)
STATEMENTS = 24


@pytest.fixture
def client(pair: Pair, test_cluster: Any) -> Iterator[Client]:
    _, environment = environment_of(test_cluster.url(pair[1].name))
    started = Client(environment | {"WAYMARK_SECRET_KEY": settings.SECRET_KEY})
    yield started
    started.close()


def story(landing: Installation, packet: OutboxPacket, owner: Owner) -> tuple[int, ...]:
    """What stands of a packet; and that nothing at all stands there untold."""
    agency = landing.agency.pk
    with landing.pointed():
        assert owner(UNTOLD, (agency,) * 4) == [(0, 0)]
        (found,) = owner(STORY, (packet.pk,) * 3)
    return found


def read(landing: Installation, packet: OutboxPacket) -> None:
    with landing.here() as vault:
        came = InboxPacket.objects.get(packet=packet.pk)
        assert open_packet(vault=vault, packet=came.pk, by=landing.member.user) is not None


def killed_again_and_again(pair: Pair, client: Client, owner: Owner, *, rounds: int, seed: int) -> Counter[str]:
    harbor, landing = pair
    chance, told, longest = random.Random(seed), Counter[str](), 0.05
    print(f"{rounds} kills from seed {seed}")
    as_landing = {
        "act": "take_in",
        "about": str(landing.agency.pk),
        "agency": str(landing.agency.pk),
        "user": str(landing.member.user.pk),
        "key": base64.b64encode(landing.member.key.export()).decode(),
    }
    for number in range(rounds):
        packet = packet_for(harbor, landing)
        content = original = file_of(harbor, packet)
        way = ("packet", "recall unread", "recall read", "recall before")[number % 4]
        before, after = NOTHING, HERE
        if way != "packet":
            recall = recall_of(harbor, packet)
            before, after = (
                (NOTHING, STOPPED) if way == "recall before" else (HERE, ERASED if way == "recall read" else GONE)
            )
            if before == HERE:
                takes(landing, content)
            if way == "recall read":
                read(landing, packet)
            content = recall
        asked = {**as_landing, "content": base64.b64encode(content).decode()}
        with landing.pointed():
            first = killed_somewhere(client, asked, most=STATEMENTS, longest=longest, chance=chance, owner=owner)
        found = story(landing, packet, owner)
        assert found in (before, after), f"round {number} of seed {seed}: {way}, {first}: {found}"
        happened = found == after
        assert happened or "killed" in first or "lost" in first, f"round {number} of seed {seed}: {first}"
        told[f"{way}: {'done' if happened else 'not done'}"] += 1
        begun = time.monotonic()
        client.begin(**asked)
        again = client.end()
        longest = 0.8 * longest + 0.2 * 1.3 * (time.monotonic() - begun)
        verdicts = {"packet": "taken", "recall unread": "recalled", "recall read": "recalled_after_reading"}
        assert again == ("refused: file.repeated" if happened else verdicts.get(way, "recalled_before")), again
        assert story(landing, packet, owner) == after
        if way == "recall before":
            assert refusal(landing, original) == "file.recalled"
            assert story(landing, packet, owner) == STOPPED
    with landing.pointed():
        assert list(problems_of(landing.agency.pk)) == [], "the audit chain is whole"
    for line, count in sorted(told.items()):
        print(f"{count:4} {line}")
    return told


def test_four_kills_of_taking_in_lose_and_double_nothing(pair: Pair, client: Client, owner: Owner) -> None:
    assert sum(killed_again_and_again(pair, client, owner, rounds=4, seed=3).values()) == 4


@pytest.mark.nightly
def test_two_hundred_kills_of_taking_in(pair: Pair, client: Client, owner: Owner) -> None:
    told = killed_again_and_again(pair, client, owner, rounds=200, seed=time.time_ns())
    assert {line.split(": ")[1] for line in told} == {"done", "not done"}, (
        "moments before and after the commit were both hit"
    )


def taking(landing: Installation, content: bytes) -> Act:
    member = landing.member

    def act() -> str:
        return str(take_in_file(vault=member.vault(), content=content, by=member.user).verdict)

    return Act(member.user, act)


def test_a_file_that_is_taken_in_twice_at_once_is_there_once(pair: Pair, owner: Owner) -> None:
    harbor, landing = pair
    packet = packet_for(harbor, landing)
    content = file_of(harbor, packet)
    with landing.pointed():
        found = one_after_the_other(owner, taking(landing, content), taking(landing, content))
    assert found == ("taken", "file.repeated")
    assert story(landing, packet, owner) == HERE


@pytest.mark.parametrize("is_read", [False, True])
def test_a_recall_that_is_taken_in_twice_at_once_is_told_once(pair: Pair, owner: Owner, is_read: bool) -> None:
    harbor, landing = pair
    packet = packet_for(harbor, landing)
    takes(landing, file_of(harbor, packet))
    if is_read:
        read(landing, packet)
    recall = recall_of(harbor, packet)
    with landing.pointed():
        found = one_after_the_other(owner, taking(landing, recall), taking(landing, recall))
    assert found == ("recalled_after_reading" if is_read else "recalled", "file.repeated")
    assert story(landing, packet, owner) == (ERASED if is_read else GONE)


@pytest.mark.parametrize("is_recall_first", [False, True])
def test_a_file_and_its_recall_at_once_end_as_one_after_the_other(pair: Pair, owner: Owner, is_recall_first: bool) -> None:
    harbor, landing = pair
    packet = packet_for(harbor, landing)
    content = file_of(harbor, packet)
    acts = [taking(landing, content), taking(landing, recall_of(harbor, packet))]
    with landing.pointed():
        found = one_after_the_other(owner, *(reversed(acts) if is_recall_first else acts))
    assert found == (("recalled_before", "file.recalled") if is_recall_first else ("taken", "recalled"))
    assert story(landing, packet, owner) == (STOPPED if is_recall_first else GONE)


def test_reading_and_a_recall_at_once_agree_on_whether_it_was_read(pair: Pair, owner: Owner) -> None:
    harbor, landing = pair
    member = landing.member
    packet = packet_for(harbor, landing)
    takes(landing, file_of(harbor, packet))

    def opens() -> str:
        came = InboxPacket.objects.get(packet=packet.pk)
        content = open_packet(vault=member.vault(), packet=came.pk, by=member.user)
        return "nothing" if content is None else "read"

    recall = recall_of(harbor, packet)
    with landing.pointed():
        found = one_after_the_other(owner, Act(member.user, opens), taking(landing, recall))
    assert found == ("read", "recalled_after_reading")
    assert story(landing, packet, owner) == ERASED
