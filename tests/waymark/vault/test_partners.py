"""Packets between agencies: sealed to who was compared, and refused when a key changed by whatever hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from tests.factories.vault import Person, agency_of, compare, founded_agency, leave, let_in

from waymark.audit.models import Event
from waymark.sealing.boxes import BoxKey
from waymark.sealing.errors import CannotOpenError
from waymark.vault.actions import is_signed_by_agency, open_packet, seal_for, sign_as
from waymark.vault.actions.epochs import start_epoch
from waymark.vault.actions.partners import pin_partner, unpin_partner
from waymark.vault.models import AgencyKey, Pin
from waymark.vault.policies import PinRefused, Refused
from waymark.vault.selectors.partners import partner_of

pytestmark = pytest.mark.django_db
CONTEXT = ("packet-1", "permit-1")


def seal(sender: Person, recipient: Person, text: bytes = b"Ana Invented") -> bytes:
    with sender.acting():
        return seal_for(vault=sender.vault(), agency=agency_of(recipient), plaintext=text, context=CONTEXT)


def opened(recipient: Person, sealed: bytes, sender: Person, context: tuple[str, ...] = CONTEXT) -> Any:
    with recipient.acting():
        return open_packet(vault=recipient.vault(), sealed=sealed, sender=agency_of(sender), context=context)


@pytest.fixture
def two() -> tuple[Person, Person]:
    """Two agencies that have compared words both ways."""
    one, other = founded_agency(), founded_agency()
    compare(one, other)
    compare(other, one)
    return one, other


def test_a_packet_opens_at_its_recipient_in_its_context_only(two: tuple[Person, Person]) -> None:
    sender, recipient = two
    sealed = seal(sender, recipient)
    got = opened(recipient, sealed, sender)
    assert (got.plaintext, got.is_sender_known) == (b"Ana Invented", True)
    third = founded_agency()
    for reader, said_sender, context in (
        (recipient, sender, ("packet-2", "permit-1")),
        (recipient, sender, ("packet-1",)),
        (recipient, third, CONTEXT),
        (third, sender, CONTEXT),
        (sender, sender, CONTEXT),
    ):
        with pytest.raises(CannotOpenError):
            opened(reader, sealed, said_sender, context)


@pytest.mark.parametrize("place", [0, 1, 4, 5, 8, 9, 72, 73, 74, 110, -1])
def test_no_byte_of_a_packet_can_be_changed(two: tuple[Person, Person], place: int) -> None:
    sender, recipient = two
    sealed = bytearray(seal(sender, recipient))
    sealed[place] ^= 1
    with pytest.raises(CannotOpenError):
        opened(recipient, bytes(sealed), sender)
    with pytest.raises(CannotOpenError):
        opened(recipient, bytes(sealed)[:50], sender)


def test_nothing_is_sealed_before_words_were_compared() -> None:
    sender, recipient = founded_agency(), founded_agency()
    with sender.acting(), pytest.raises(PinRefused, match="not compared words"):
        seal_for(vault=sender.vault(), agency=agency_of(recipient), plaintext=b"x", context=CONTEXT)
    with sender.acting(), pytest.raises(Refused, match="These are not the words"):
        pin_partner(vault=sender.vault(), partner=agency_of(recipient), words="babad " * 6, by=sender.user)
    with sender.acting():
        assert not Pin.objects.exists()


def test_an_uncompared_sender_is_opened_and_not_believed(two: tuple[Person, Person]) -> None:
    sender, recipient = two
    sealed = seal(sender, recipient)
    with recipient.acting():
        unpin_partner(vault=recipient.vault(), partner=agency_of(sender), by=recipient.user)
        assert Event.objects.filter(verb="pin.withdrawn").count() == 1
    assert opened(recipient, sealed, sender).is_sender_known is False


def test_new_keys_that_the_old_ones_vouch_for_are_followed(two: tuple[Person, Person]) -> None:
    sender, recipient = two
    before = seal(sender, recipient)
    with recipient.acting():
        start_epoch(vault=recipient.vault(), by=recipient.user, reason="chosen")
        start_epoch(vault=recipient.vault(), by=recipient.user, reason="chosen")
    with sender.acting():
        start_epoch(vault=sender.vault(), by=sender.user, reason="chosen")
    after = seal(sender, recipient)
    for sealed in (before, after):
        got = opened(recipient, sealed, sender)
        assert (got.plaintext, got.is_sender_known) == (b"Ana Invented", True)


def test_an_agency_can_make_its_partners_compare_again(two: tuple[Person, Person]) -> None:
    sender, recipient = two
    with recipient.acting():
        start_epoch(vault=recipient.vault(), by=recipient.user, reason="left", partners_follow=False)
    with pytest.raises(PinRefused, match="nothing vouches for the change"):
        seal(sender, recipient)
    with sender.acting():
        partner = partner_of(sender.vault(), agency_of(recipient))
        assert partner is not None
        assert partner.state == "changed"
    compare(sender, recipient)
    assert opened(recipient, seal(sender, recipient), sender).plaintext == b"Ana Invented"


def test_a_signature_of_an_agency_is_checked_against_the_compared_key(two: tuple[Person, Person]) -> None:
    sender, recipient = two
    with sender.acting():
        signature = sign_as(vault=sender.vault(), purpose="recall", parts=("packet-1",))
    with recipient.acting():
        vault = recipient.vault()
        for purpose, parts, said, good in (
            ("recall", ("packet-1",), sender, True),
            ("recall", ("packet-2",), sender, False),
            ("deliver", ("packet-1",), sender, False),
            ("recall", ("packet-1",), recipient, False),
        ):
            assert (
                is_signed_by_agency(vault=vault, agency=agency_of(said), purpose=purpose, parts=parts, signature=signature)
                is good
            )


def test_no_app_can_sign_what_the_vault_itself_signs(two: tuple[Person, Person]) -> None:
    """A purpose that an app chooses never meets the vault's own purposes: no false member, pin or epoch."""
    sender, _ = two
    with sender.acting():
        vault = sender.vault()
        for purpose in ("member confirmed", "partner compared", "epoch follows, to members"):
            assert sign_as(vault=vault, purpose=purpose, parts=("x",)).signature != vault.sign(purpose, "x")


def test_nobody_but_the_agency_adds_its_key(two: tuple[Person, Person]) -> None:
    one, other = two
    with one.acting(), pytest.raises(DatabaseError), transaction.atomic():
        AgencyKey.objects.create(
            agency_id=agency_of(other),
            number=9,
            seal_public=BoxKey.generate().public,
            sign_public=bytes(32),
            previous=bytes(32),
        )
    for change in (lambda: AgencyKey.objects.update(seal_public=bytes(32)), lambda: AgencyKey.objects.all().delete()):
        with one.acting(), pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_colleague_who_left_is_not_let_back_by_an_old_confirmation() -> None:
    founder = founded_agency()
    leaver = let_in(founder)
    leave(leaver)
    with founder.acting():
        renewed = start_epoch(vault=founder.vault(), by=founder.user, reason="left")
        assert renewed.number == 2
        assert Event.objects.filter(verb="agency_key.renewed").count() == 1
