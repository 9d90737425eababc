"""Files between two installations that were damaged on the way: nothing of one comes in, whichever byte it is."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from django.test import override_settings
from tests.factories.exchange import file_of, packet_for, recall_of, receipt_of, takes
from tests.waymark.disclosures.conftest import Pair

from waymark.disclosures.actions import take_in_file
from waymark.disclosures.models import CarriedFile, InboxPacket
from waymark.disclosures.policies import REASONS, Refused


def changed(content: bytes, chance: random.Random) -> bytes:
    """One way to damage a file: a bit, a byte, a piece cut out, doubled, or put in."""
    at = chance.randrange(len(content))
    to = min(len(content), at + chance.randrange(1, 40))
    noise = chance.randbytes(chance.randrange(1, 9))
    ways: list[Callable[[], bytes]] = [
        lambda: content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :],
        lambda: content[:at] + noise + content[at + len(noise) :],
        lambda: content[:at] + content[to:],
        lambda: content[:to] + content[at:],
        lambda: content[:at] + noise + content[at:],
        lambda: content[:at],
    ]
    return chance.choice(ways)()


@pytest.mark.parametrize(
    "examples", [120, pytest.param(10_000, marks=pytest.mark.nightly)], ids=["twin in ci", "10,000 at night"]
)
def test_no_damaged_file_is_taken_in(pair: Pair, examples: int) -> None:
    """Packets, recalls and receipts: whatever changes, nothing of it comes in, and every refusal has words."""
    harbor, landing = pair
    chance = random.Random(20261122)
    packet, back = packet_for(harbor, landing), packet_for(harbor, landing)
    taken_back = recall_of(harbor, back)
    read_there = packet_for(landing, harbor)
    takes(harbor, file_of(landing, read_there))
    files = [file_of(harbor, packet), taken_back, receipt_of(harbor, read_there)]
    # Attempts are told in the same transaction here: a connection for each would take longer than the refusal.
    with override_settings(AUDIT_ATTEMPTS_DATABASE="default"), landing.here() as vault:
        before = (InboxPacket.objects.count(), CarriedFile.objects.count())
        for _ in range(examples):
            content = chance.choice(files)
            damaged = changed(content, chance)
            if damaged in files:
                continue
            with pytest.raises(Refused) as refused:
                take_in_file(vault=vault, content=damaged, by=landing.member.user)
            assert refused.value.code in REASONS
        assert (InboxPacket.objects.count(), CarriedFile.objects.count()) == before
    for content in files:
        takes(landing, content)


def test_every_single_byte_of_a_file_counts(pair: Pair) -> None:
    """Each byte of a whole recall flipped: none is without meaning."""
    harbor, landing = pair
    content = recall_of(harbor, packet_for(harbor, landing))
    with override_settings(AUDIT_ATTEMPTS_DATABASE="default"), landing.here() as vault:
        for at in range(len(content)):
            flipped = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
            with pytest.raises(Refused):
                take_in_file(vault=vault, content=flipped, by=landing.member.user)
