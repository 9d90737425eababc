"""What a thief with every right in the database might do to an agency's own rows, and what the members notice."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from tests.factories.vault import Person, agency_of, founded_agency, leave, let_in, person_of

from waymark.sealing.boxes import BoxKey, seal_to
from waymark.sealing.epochs import EpochSecret
from waymark.sealing.errors import CannotOpenError
from waymark.vault.actions import new_record_key, open_record
from waymark.vault.actions.agency import found_vault
from waymark.vault.actions.epochs import start_epoch
from waymark.vault.actions.records import rewrap_some
from waymark.vault.models import MemberKey
from waymark.vault.policies import Refused, VaultClosed
from waymark.vault.selectors.keyring import EPOCH, seal_names

Owner = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def founder(committed_db: str) -> Person:
    return founded_agency()


def record_of(person: Person, kind: str = "case") -> uuid.UUID:
    record = uuid.uuid4()
    with person.acting():
        new_record_key(vault=person.vault(), kind=kind, record=record)
    return record


def closed_for(person: Person) -> str:
    with person.acting(), pytest.raises(VaultClosed) as closed:
        person.vault()
    return closed.value.why


def test_a_forged_founding_is_not_opened(founder: Person, owner: Owner) -> None:
    """The thief writes keys of his own, sealed to the member's true public key."""
    evil = EpochSecret.fresh()
    box = seal_to(
        founder.key.public, evil.export(), purpose=EPOCH, bound=seal_names(agency_of(founder), 1, founder.user.pk)
    )
    owner("UPDATE vault_agencykey SET seal_public = %s, sign_public = %s", (evil.seal.public, evil.sign.public))
    owner("UPDATE vault_epochseal SET box = %s", (box,))
    assert closed_for(founder) == VaultClosed.CHANGED


def test_an_exchanged_seal_is_not_opened(founder: Person, owner: Owner) -> None:
    evil = EpochSecret.fresh()
    box = seal_to(
        founder.key.public, evil.export(), purpose=EPOCH, bound=seal_names(agency_of(founder), 1, founder.user.pk)
    )
    owner("UPDATE vault_epochseal SET box = %s", (box,))
    assert closed_for(founder) == VaultClosed.CHANGED


def test_older_keys_put_back_are_noticed(founder: Person, owner: Owner) -> None:
    seals = owner("SELECT id, agency_id, number, member_id, box FROM vault_epochseal")
    with founder.acting():
        start_epoch(vault=founder.vault(), by=founder.user, reason="chosen")
    owner("DELETE FROM vault_agencykey WHERE number = 2")
    owner("DELETE FROM vault_epochseal")
    owner("INSERT INTO vault_epochseal (id, agency_id, number, member_id, box) VALUES (%s, %s, %s, %s, %s)", seals[0])
    assert closed_for(founder) == VaultClosed.ROLLED_BACK


def test_a_removed_note_makes_a_member_compare_again(founder: Person, owner: Owner) -> None:
    owner("DELETE FROM vault_vaultmemo")
    assert closed_for(founder) == VaultClosed.TO_ACCEPT


def test_a_note_of_somebody_else_is_no_note(founder: Person, owner: Owner) -> None:
    colleague = let_in(founder)
    owner(
        "UPDATE vault_vaultmemo SET sealed = (SELECT sealed FROM vault_vaultmemo WHERE user_id = %s) WHERE user_id = %s",
        (founder.user.pk, colleague.user.pk),
    )
    assert closed_for(colleague) == VaultClosed.CHANGED


def test_a_confirmed_key_exchanged_in_the_database_gets_no_new_epoch(founder: Person, owner: Owner) -> None:
    colleague, evil = let_in(founder), BoxKey.generate()
    owner("UPDATE vault_memberkey SET public = %s WHERE user_id = %s", (evil.public, colleague.user.pk))
    with founder.acting():
        start_epoch(vault=founder.vault(), by=founder.user, reason="chosen")
        member = MemberKey.objects.get(user=colleague.user)
        assert not member.is_confirmed
    assert owner("SELECT count(*) FROM vault_epochseal WHERE member_id = %s", (member.pk,)) == [(0,)]


def test_a_member_confirmed_by_hand_gets_no_new_epoch(founder: Person, owner: Owner) -> None:
    intruder = person_of(founder.user.acting.agency)  # type: ignore[union-attr]
    owner(
        "UPDATE vault_memberkey SET confirmed_at = now(), confirmed_by_id = %s WHERE user_id = %s",
        (founder.user.pk, intruder.user.pk),
    )
    with founder.acting():
        start_epoch(vault=founder.vault(), by=founder.user, reason="chosen")
        assert not MemberKey.objects.get(user=intruder.user).is_confirmed
    assert closed_for(intruder) == VaultClosed.WAITING


def test_a_record_key_moved_to_another_record_does_not_open(founder: Person, owner: Owner) -> None:
    one, other = record_of(founder), record_of(founder)
    owner(
        "UPDATE vault_wrappedkey w SET wrapped = (SELECT v.wrapped FROM vault_wrappedkey v JOIN vault_recordkey r"
        " ON r.id = v.record_key_id WHERE r.record = %s) FROM vault_recordkey k"
        " WHERE k.id = w.record_key_id AND k.record = %s",
        (one, other),
    )
    with founder.acting():
        assert open_record(vault=founder.vault(), kind="case", record=one)
        with pytest.raises(CannotOpenError):
            open_record(vault=founder.vault(), kind="case", record=other)


def test_a_wrapped_key_put_back_from_an_old_copy_does_not_open(founder: Person, owner: Owner) -> None:
    """After the run the old wrapping keys are nowhere: who left, and holds an old copy, gives nobody's key back."""
    record = record_of(founder)
    old = owner("SELECT number, wrapped FROM vault_wrappedkey")
    with founder.acting():
        start_epoch(vault=founder.vault(), by=founder.user, reason="chosen")
    epochs = owner("SELECT earlier FROM vault_agencyepoch WHERE number = 2")
    with founder.acting():
        assert rewrap_some(vault=founder.vault(), by=founder.user) == 0
    owner("UPDATE vault_wrappedkey SET number = %s, wrapped = %s", old[0])
    with founder.acting(), pytest.raises(CannotOpenError):
        open_record(vault=founder.vault(), kind="case", record=record)
    with founder.acting(), pytest.raises(Refused, match="put them back from an old copy"):
        rewrap_some(vault=founder.vault(), by=founder.user)
    # The old wrapping keys put back as well: the member's own note knows that they were thrown away.
    owner("UPDATE vault_agencyepoch SET earlier = %s WHERE number = 2", epochs[0])
    assert closed_for(founder) == VaultClosed.ROLLED_BACK


def test_a_leaver_with_a_copy_of_the_database_reads_nothing_new(founder: Person, owner: Owner) -> None:
    leaver = let_in(founder)
    with leaver.acting():
        held = leaver.vault()
    old = record_of(founder)
    leave(leaver)
    with founder.acting():
        start_epoch(vault=founder.vault(), by=founder.user, reason="left")
        rewrap_some(vault=founder.vault(), by=founder.user)
    new = record_of(founder)
    with founder.acting():
        for record in (old, new):
            with pytest.raises(CannotOpenError):
                open_record(vault=held, kind="case", record=record)
    boxes = owner("SELECT box FROM vault_epochseal")
    for (box,) in boxes:
        for number in (1, 2):
            with pytest.raises(CannotOpenError):
                leaver.key.open(bytes(box), purpose=EPOCH, bound=seal_names(agency_of(founder), number, leaver.user.pk))


def test_a_vault_whose_rows_are_gone_is_not_founded_again_behind_its_members(founder: Person, owner: Owner) -> None:
    owner("DELETE FROM vault_epochseal")
    owner("DELETE FROM vault_agencyepoch")
    owner("DELETE FROM vault_agencykey")
    with founder.acting(), pytest.raises(VaultClosed) as closed:
        found_vault(key=founder.key, by=founder.user, with_kit=False)
    assert closed.value.why == VaultClosed.ROLLED_BACK
