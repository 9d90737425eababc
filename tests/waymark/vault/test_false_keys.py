"""A partner's key exchanged in the database, alone or together with what vouches for it: nothing is sealed to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.factories.vault import Person, agency_of, compare, founded_agency

from waymark.sealing.epochs import EpochSecret
from waymark.vault.actions import seal_for
from waymark.vault.policies import PinRefused, VaultClosed
from waymark.vault.selectors.keyring import newest_statement

Owner = Callable[..., list[tuple[Any, ...]]]


def seal(sender: Person, recipient: Person) -> bytes:
    with sender.acting():
        return seal_for(vault=sender.vault(), agency=agency_of(recipient), plaintext=b"x", context=("packet-1",))


def thief(owner: Owner, statement: str, *parameters: Any) -> None:
    """Write to the database past every wall, as who stole the owner's password can."""
    owner(statement, parameters)


@pytest.fixture
def committed_two(committed_db: str) -> tuple[Person, Person]:
    """Two compared agencies, committed, so that a thief with another connection meets them."""
    one, other = founded_agency(), founded_agency()
    compare(one, other)
    compare(other, one)
    return one, other


def test_a_key_exchanged_in_the_database_stops_delivery(committed_two: tuple[Person, Person], owner: Owner) -> None:
    sender, recipient = committed_two
    evil = EpochSecret.fresh()
    thief(
        owner,
        "UPDATE vault_agencykey SET seal_public = %s, sign_public = %s WHERE agency_id = %s",
        evil.seal.public,
        evil.sign.public,
        agency_of(recipient),
    )
    with pytest.raises(PinRefused, match="nothing vouches"):
        seal(sender, recipient)


def test_a_key_and_its_pin_exchanged_together_stop_delivery(committed_two: tuple[Person, Person], owner: Owner) -> None:
    sender, recipient = committed_two
    evil = EpochSecret.fresh()
    thief(owner, "UPDATE vault_agencykey SET seal_public = %s WHERE agency_id = %s", evil.seal.public, agency_of(recipient))
    with sender.acting():
        statement = newest_statement(agency_of(recipient))
        assert statement is not None
    thief(owner, "UPDATE vault_pin SET digest = %s WHERE agency_id = %s", statement.digest(), agency_of(sender))
    with pytest.raises(PinRefused, match="nothing vouches"):
        seal(sender, recipient)


def test_a_false_next_epoch_stops_delivery_and_opens_no_vault(committed_two: tuple[Person, Person], owner: Owner) -> None:
    sender, recipient = committed_two
    evil = EpochSecret.fresh()
    with sender.acting():
        newest = newest_statement(agency_of(recipient))
        assert newest is not None
    false = evil.states(newest.agency, 2, newest.digest())
    thief(
        owner,
        "INSERT INTO vault_agencykey (id, agency_id, number, seal_public, sign_public, previous, endorsement, made_at)"
        " VALUES (gen_random_uuid(), %s, 2, %s, %s, %s, %s, now())",
        agency_of(recipient),
        false.seal_public,
        false.sign_public,
        false.previous,
        evil.endorse(false, "epoch follows, to partners"),
    )
    with pytest.raises(PinRefused, match="nothing vouches"):
        seal(sender, recipient)
    with recipient.acting(), pytest.raises(VaultClosed, match="changed"):
        recipient.vault()
