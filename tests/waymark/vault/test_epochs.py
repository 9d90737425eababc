"""An agency's keys through time: founding, letting in, leaving, and who opens what afterwards."""

from __future__ import annotations

import uuid

import pytest
from tests.factories.vault import confirm, founded_agency, leave, let_in, person_of, return_to

from waymark.audit.models import Event
from waymark.sealing.errors import CannotOpenError
from waymark.vault.actions import new_record_key, open_record
from waymark.vault.actions.epochs import start_epoch
from waymark.vault.actions.records import rewrap_some
from waymark.vault.policies import VaultClosed

pytestmark = pytest.mark.django_db


def test_a_founder_opens_the_vault_and_a_record() -> None:
    founder = founded_agency()
    record = uuid.uuid4()
    with founder.acting():
        made = new_record_key(vault=founder.vault(), kind="person", record=record)
        sealed = made.seal("people_person", "name", record, "Ana Invented")
    with founder.acting():
        opened = open_record(vault=founder.vault(), kind="person", record=record)
        assert opened.read("people_person", "name", record, sealed) == "Ana Invented"


def test_a_member_waits_until_words_were_compared_and_accepted() -> None:
    founder = founded_agency()
    newcomer = person_of(founder.user.acting.agency)
    with newcomer.acting(), pytest.raises(VaultClosed) as closed:
        newcomer.vault()
    assert closed.value.why == VaultClosed.WAITING
    confirm(founder, newcomer)
    with newcomer.acting():
        assert newcomer.vault().number == 1


def test_who_left_opens_nothing_that_is_made_afterwards() -> None:
    founder = founded_agency()
    leaver, stayer = let_in(founder), let_in(founder)
    with leaver.acting():
        theirs = leaver.vault()
    leave(leaver)
    with founder.acting():
        renewed = start_epoch(vault=founder.vault(), by=founder.user, reason="left")
        record = uuid.uuid4()
        new_record_key(vault=renewed, kind="person", record=record)
        assert renewed.number == 2
    with stayer.acting():
        assert open_record(vault=stayer.vault(), kind="person", record=record)
    with founder.acting(), pytest.raises(CannotOpenError):
        # What the leaver still holds in their hand: the keys of the old epoch.
        open_record(vault=theirs, kind="person", record=record)
    with founder.acting(), pytest.raises(VaultClosed):
        leaver.vault()
    return_to(leaver)
    with leaver.acting(), pytest.raises(VaultClosed) as closed:
        leaver.vault()
    assert closed.value.why == VaultClosed.WAITING


def test_record_keys_are_wrapped_anew_on_opening_and_in_a_run() -> None:
    founder = founded_agency()
    records = [uuid.uuid4() for _ in range(5)]
    with founder.acting():
        for record in records:
            new_record_key(vault=founder.vault(), kind="case", record=record)
        start_epoch(vault=founder.vault(), by=founder.user, reason="chosen")
        open_record(vault=founder.vault(), kind="case", record=records[0])
        assert rewrap_some(vault=founder.vault(), by=founder.user, limit=3) == 1
        assert rewrap_some(vault=founder.vault(), by=founder.user, limit=3) == 0
        vault = founder.vault()
        assert vault.earlier[1].wrap is None
        for record in records:
            assert open_record(vault=vault, kind="case", record=record)
        assert Event.objects.filter(verb="record_keys.rewrapped").count() == 1
