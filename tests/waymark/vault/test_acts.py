"""Each act with keys: what it does, who is refused, and the one event it leaves."""

from __future__ import annotations

import datetime as dt
import pickle
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from tests.factories.accounts import AgencyFactory, MembershipFactory
from tests.factories.vault import PASSPHRASE, Person, agency_of, founded_agency, founder_of, leave, let_in, person_of

from waymark.access.permissions import Role
from waymark.audit.models import Event
from waymark.sealing import passphrases
from waymark.sealing.errors import CannotOpenError
from waymark.sealing.recovery import new_printed_key
from waymark.vault import policies
from waymark.vault.actions import agency as acts
from waymark.vault.actions import (
    lift_restriction,
    new_record_key,
    open_record,
    own_key,
    restrict_record,
    shred_record,
)
from waymark.vault.actions.epochs import start_epoch
from waymark.vault.models import EpochSeal, RecordKey, WrappedKey
from waymark.vault.policies import PASSPHRASE_LENGTH, Refused, VaultClosed
from waymark.vault.selectors import RecordGone
from waymark.vault.selectors.records import secrets_of

pytestmark = pytest.mark.django_db
NEW = "other green patient windows"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "COST", passphrases.FLOOR)


def told(person: Person, verb: str) -> int:
    return Event.objects.filter(chain=agency_of(person), verb=verb).count()


def record_of(person: Person) -> uuid.UUID:
    record = uuid.uuid4()
    with person.acting():
        new_record_key(vault=person.vault(), kind="case", record=record)
    return record


def test_a_kit_lets_an_officer_in_when_nobody_else_can() -> None:
    founder = person_of(AgencyFactory(), Role.OFFICER.value)
    with founder.acting():
        kit = acts.found_vault(key=founder.key, by=founder.user, with_kit=True).kit
    record = record_of(founder)
    newcomer = person_of(founder.user.acting.agency, Role.OFFICER.value)  # type: ignore[union-attr]
    leave(founder)
    with newcomer.acting():
        with pytest.raises(Refused, match="does not open the vault"):
            acts.use_kit(printed=new_printed_key(), key=newcomer.key, by=newcomer.user)
        vault = acts.use_kit(printed=kit.lower(), key=newcomer.key, by=newcomer.user)
        assert open_record(vault=vault, kind="case", record=record)
        assert told(newcomer, "kit.used") == 1


def test_a_kit_opens_no_restricted_record_and_nothing_after_it_was_withdrawn() -> None:
    founder = founded_agency()
    named = record_of(founder)
    with founder.acting():
        kit = acts.make_kit(vault=founder.vault(), by=founder.user)
        restrict_record(vault=founder.vault(), kind="case", record=named, to=[founder.user.pk], by=founder.user)
    officer = person_of(founder.user.acting.agency, Role.OFFICER.value)  # type: ignore[union-attr]
    with officer.acting(), transaction.atomic():
        vault = acts.use_kit(printed=kit, key=officer.key, by=officer.user)
        with pytest.raises(CannotOpenError):
            open_record(vault=vault, kind="case", record=named)
        transaction.set_rollback(True)
    with founder.acting():
        acts.withdraw_kit(vault=founder.vault(), by=founder.user)
        assert not EpochSeal.objects.filter(member__isnull=True).exists()
    with officer.acting(), pytest.raises(Refused, match="no printed kit"):
        acts.use_kit(printed=kit, key=officer.key, by=officer.user)


def test_an_advocate_keeps_no_kit_and_founds_no_vault() -> None:
    founder = founded_agency()
    advocate = let_in(founder)
    with advocate.acting():
        vault = advocate.vault()
        for act in (
            lambda: acts.make_kit(vault=vault, by=advocate.user),
            lambda: acts.withdraw_kit(vault=vault, by=advocate.user),
            lambda: acts.found_vault(key=advocate.key, by=advocate.user, with_kit=False),
            lambda: acts.use_kit(printed="", key=advocate.key, by=advocate.user),
            lambda: start_epoch(vault=vault, by=advocate.user, reason="kit"),
            lambda: start_epoch(vault=vault, by=advocate.user, reason="left", partners_follow=False),
            lambda: shred_record(agency=agency_of(advocate), kind="case", record=uuid.uuid4(), by=advocate.user),
        ):
            with pytest.raises(Refused, match="Your role does not"):
                act()


def test_a_founded_vault_is_not_founded_again_while_somebody_opens_it() -> None:
    founder = founded_agency()
    officer = person_of(founder.user.acting.agency, Role.OFFICER.value)  # type: ignore[union-attr]
    with officer.acting(), pytest.raises(Refused, match="is founded"):
        acts.found_vault(key=officer.key, by=officer.user, with_kit=False)
    leave(founder)
    with officer.acting():
        assert acts.found_vault(key=officer.key, by=officer.user, with_kit=False).vault.number == 2
        assert told(officer, "vault.founded") == 2


def test_starting_over_waits_for_a_colleague_and_loses_what_was_kept_to_oneself() -> None:
    founder = founded_agency()
    advocate = let_in(founder)
    named, common = record_of(advocate), record_of(advocate)
    with advocate.acting():
        restrict_record(vault=advocate.vault(), kind="case", record=named, to=[advocate.user.pk], by=advocate.user)
        assert told(advocate, "record_key.restricted") == 1
        old = advocate.key
        made = own_key.start_over(passphrase=NEW, by=advocate.user)
        assert told(advocate, "vault_key.replaced") == 1
    for key in (old, made.key):
        advocate.key = key
        with advocate.acting(), pytest.raises(VaultClosed):
            advocate.vault()
    with founder.acting():
        assert open_record(vault=founder.vault(), kind="case", record=common)
        with pytest.raises(CannotOpenError):
            open_record(vault=founder.vault(), kind="case", record=named)


def test_a_restricted_record_opens_for_the_named_alone_and_is_given_back_by_them() -> None:
    founder = founded_agency()
    named, other = let_in(founder), let_in(founder)
    record = record_of(founder)
    with founder.acting():
        restrict_record(vault=founder.vault(), kind="case", record=record, to=[named.user.pk], by=founder.user)
    for person in (founder, other):
        with person.acting():
            assert secrets_of(person.vault(), "case", [record]) == {}
            with pytest.raises(CannotOpenError):
                open_record(vault=person.vault(), kind="case", record=record)
            with pytest.raises(CannotOpenError):
                lift_restriction(vault=person.vault(), kind="case", record=record, by=person.user)
    with named.acting():
        assert set(secrets_of(named.vault(), "case", [record])) == {record}
        lift_restriction(vault=named.vault(), kind="case", record=record, by=named.user)
        assert told(named, "record_key.released") == 1
    with other.acting():
        assert open_record(vault=other.vault(), kind="case", record=record)


def test_a_record_is_kept_to_people_who_can_open_the_vault_only() -> None:
    founder, stranger = founded_agency(), founded_agency()
    waiting = person_of(founder.user.acting.agency)  # type: ignore[union-attr]
    record = record_of(founder)
    with founder.acting():
        for to in ([], [waiting.user.pk], [stranger.user.pk], [founder.user.pk, waiting.user.pk]):
            with pytest.raises(Refused):
                restrict_record(vault=founder.vault(), kind="case", record=record, to=to, by=founder.user)
        assert open_record(vault=founder.vault(), kind="case", record=record)


def test_destroying_leaves_a_tombstone_and_no_way_back(time_machine: Any) -> None:
    founder = founded_agency()
    record = record_of(founder)
    with founder.acting():
        time_machine.move_to("2026-11-22T20:00:00Z", tick=False)
        stone = shred_record(agency=agency_of(founder), kind="case", record=record, by=founder.user)
        assert stone.gone_on == dt.date(2026, 12, 23)
        assert told(founder, "record.shredded") == 1
        with pytest.raises(RecordGone):
            open_record(vault=founder.vault(), kind="case", record=record)
        with pytest.raises(RecordGone):
            shred_record(agency=agency_of(founder), kind="case", record=record, by=founder.user)
        row = RecordKey.objects.get(record=record)
        with pytest.raises(DatabaseError, match="A tombstone stays"), transaction.atomic():
            RecordKey.objects.filter(pk=row.pk).update(shredded_at=None, shredded_by=None, gone_on=None)
        with pytest.raises(DatabaseError), transaction.atomic():
            RecordKey.objects.filter(pk=row.pk).delete()
        with pytest.raises(DatabaseError, match="no such living record"), transaction.atomic():
            WrappedKey.objects.create(agency_id=agency_of(founder), record_key=row, number=1, wrapped=b"x")


@pytest.mark.parametrize(
    ("passphrase", "said"),
    [
        ("short", f"at least {PASSPHRASE_LENGTH}"),
        ("aaaaaaaaaaaaaaaaaaaa", "more different characters"),
        ("Ola Invented here", "Leave out your name"),
    ],
)
def test_a_weak_passphrase_is_refused_with_the_reason(passphrase: str, said: str) -> None:
    person = person_of(AgencyFactory(), display_name="Ola Invented")
    with person.acting(), pytest.raises(Refused, match=said):
        own_key.change_passphrase(old=PASSPHRASE, new=passphrase, by=person.user)


def test_the_passphrase_of_the_vault_is_not_the_password() -> None:
    person = person_of(AgencyFactory(), password="a long enough password")
    with person.acting(), pytest.raises(Refused, match="with which you sign in"):
        own_key.change_passphrase(old=PASSPHRASE, new="a long enough password", by=person.user)


def test_a_new_printed_key_makes_the_old_paper_worthless() -> None:
    person = person_of(AgencyFactory())
    with person.acting():
        printed = own_key.new_printed_key(key=person.key, by=person.user)
        assert told(person, "printed_key.made") == 1
        assert own_key.recover(printed=person.printed, passphrase=NEW, by=person.user) is None
        assert own_key.recover(printed=printed, passphrase=NEW, by=person.user) is not None
        assert own_key.unlock(passphrase=PASSPHRASE, by=person.user) is None
        assert own_key.unlock(passphrase=NEW, by=person.user) is not None


def test_an_open_vault_is_not_stored_and_does_not_print() -> None:
    founder = founded_agency()
    with founder.acting():
        vault = founder.vault()
        assert repr(vault) == "OpenVault(…)"
        with pytest.raises(TypeError, match="is not stored"):
            pickle.dumps(vault)


def test_what_another_agency_has_is_not_there() -> None:
    one, other = founded_agency(), founded_agency()
    record = record_of(other)
    with one.acting():
        with pytest.raises(CannotOpenError):
            open_record(vault=one.vault(), kind="case", record=record)
        with pytest.raises(Refused, match="no such record"):
            shred_record(agency=agency_of(other), kind="case", record=record, by=one.user)
        assert secrets_of(one.vault(), "case", [record]) == {}


def test_somebody_who_acts_for_another_agency_meets_that_agencys_vault() -> None:
    """One key, two agencies: each vault lets in by itself."""
    founder = founded_agency()
    second = AgencyFactory()
    founder_of(second)
    founder.user.act_as(MembershipFactory(user=founder.user, agency=second, role=Role.ADVOCATE.value))
    with founder.acting():
        with pytest.raises(VaultClosed) as closed:
            founder.vault()
        assert closed.value.why == VaultClosed.NOT_ASKED
        own_key.ask_in(key=founder.key, by=founder.user)
        assert told(founder, "member_key.asked") == 1
        with pytest.raises(VaultClosed) as closed:
            founder.vault()
        assert closed.value.why == VaultClosed.WAITING
