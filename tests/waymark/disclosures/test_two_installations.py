"""Two real installations, a database each, exchange packets as files: what goes through, and everything that is refused."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from tests.factories.disclosures import acting, permit_of
from tests.factories.exchange import (
    PERSONAL,
    file_of,
    introduce,
    packet_for,
    recall_of,
    receipt_of,
    refusal,
    signed_by,
    state_of,
    takes,
)
from tests.plugins.histories import without
from tests.waymark.disclosures.conftest import Owner, Pair, another_pair

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind, Membership
from waymark.audit.models import Event
from waymark.disclosures.actions import (
    close_permit,
    freeze_packet,
    make_packet_file,
    make_recall_file,
    open_packet,
    purge_expired,
    read_packet,
    recall_packet,
)
from waymark.disclosures.formats.files import BY_FILE, PURPOSE
from waymark.disclosures.formats.kinds import KINDS
from waymark.disclosures.models import InboxPacket, LedgerLine, OutboxPacket, Permit, Receipt
from waymark.disclosures.policies import Refused
from waymark.sealing.epochs import EpochSecret
from waymark.sealing.files import LARGEST, Kind, read, write
from waymark.vault.actions.epochs import start_epoch
from waymark.vault.actions.partners import unpin_partner
from waymark.vault.formats.cards import PURPOSE as CARD
from waymark.vault.formats.cards import Card, Epoch
from waymark.vault.models import AgencyEpoch, AgencyKey
from waymark.vault.policies import PinRefused
from waymark.vault.policies import Refused as VaultRefused
from waymark.vault.selectors import PinState, newest_print


def test_they_meet_send_read_and_it_is_gone_after_the_recall(fresh: Pair) -> None:
    """The whole way, with what each side's ledger and chain say of it."""
    harbor, landing = fresh
    introduce(harbor, landing)
    packet = packet_for(harbor, landing)
    assert state_of(harbor, packet) == ("delivered", ["disclosed"], []), "the line stands before there is a file"
    content = file_of(harbor, packet)
    assert file_of(harbor, packet) == content, "the same file each time"
    assert b"Friday" not in content
    assert b"needs" in content, "the outside names fields, as the header of every packet does"

    taken = takes(landing, content)
    assert (taken.kind, taken.verdict, taken.sender.pk) == (Kind.PACKET, "taken", harbor.agency.pk)
    assert refusal(landing, content) == "file.repeated"
    with landing.here() as vault:
        opened = open_packet(vault=vault, packet=taken.shown, by=landing.member.user)
        assert opened is not None
        assert opened.values == PERSONAL
        assert opened.is_sender_known
        assert read_packet(vault=vault, packet=taken.shown, by=landing.member.user) == opened
    receipt = receipt_of(landing, packet)
    assert takes(harbor, receipt).verdict == "read"
    assert state_of(harbor, packet) == ("read", ["disclosed"], ["read", "received"])
    with harbor.here():
        assert Receipt.objects.filter(packet=packet.pk).count() == 1
    assert refusal(harbor, receipt) == "file.repeated"

    with harbor.here() as vault:
        closed = close_permit(permit=Permit.objects.get(pk=packet.permit_id), by=harbor.member.user)
        assert closed.opened == 1
        assert OutboxPacket.objects.get(pk=packet.pk).sealed is None, "nothing is left here to make a file of"
        recall = make_recall_file(vault=vault, packet=packet.pk, by=harbor.member.user)
    with harbor.here() as vault, pytest.raises(Refused, match="was taken back"):
        make_packet_file(vault=vault, packet=packet.pk, by=harbor.member.user)
    assert takes(landing, recall).verdict == "recalled_after_reading"
    with landing.here() as vault:
        assert open_packet(vault=vault, packet=taken.shown, by=landing.member.user) is None
        row = InboxPacket.objects.get(pk=taken.shown)
        assert row.sealed is None
        assert row.taken_back_at is not None
        verbs = list(Event.objects.filter(chain=landing.agency.pk).order_by("id").values_list("verb", "result"))
    assert takes(harbor, receipt_of(landing, packet)).verdict == "erased"
    assert state_of(harbor, packet) == ("recalled", ["disclosed", "recalled"], ["erased", "read", "received"])
    assert refusal(landing, content) == "file.repeated", "a packet that is gone does not come back"
    assert refusal(landing, recall) == "file.repeated"
    told = [verb for verb, result in verbs if verb.startswith("packet.") and result == "done"]
    assert told == ["packet.taken_in", "packet.opened", "packet.read", "packet.receipt_made", "packet.recall_taken_in"]
    assert ("packet.taken_in", "denied") in verbs, "a refused file is told"


def test_a_recall_before_its_packet_kills_it_and_one_unread_leaves_nothing(pair: Pair) -> None:
    harbor, landing = pair
    early, unread = packet_for(harbor, landing), packet_for(harbor, landing)
    content, recall = file_of(harbor, early), recall_of(harbor, early)
    assert takes(landing, recall).verdict == "recalled_before"
    assert refusal(landing, content) == "file.recalled"
    assert takes(harbor, receipt_of(landing, early)).verdict == "erased"
    assert state_of(harbor, early) == ("recalled", ["disclosed", "recalled"], ["erased"])

    shown = takes(landing, file_of(harbor, unread)).shown
    assert takes(landing, recall_of(harbor, unread)).verdict == "recalled"
    with landing.here():
        assert not InboxPacket.objects.filter(pk=shown).exists()


def test_a_file_is_made_only_of_what_stands_in_the_ledger_as_it_is(pair: Pair, owner: Owner) -> None:
    """Whoever loses the line, or writes another over it, has a packet of which no file can be made."""
    harbor, landing = pair
    packet = packet_for(harbor, landing)
    file_of(harbor, packet)
    for wrong in ("UPDATE disclosures_ledgerline SET digest = sha256('x')", "DELETE FROM disclosures_ledgerline"):
        with harbor.pointed(), without(owner, "disclosures_ledgerline", "USER"):
            owner(f"{wrong} WHERE packet = %s", (packet.pk,))
        with pytest.raises(Refused) as refused:
            file_of(harbor, packet)
        assert refused.value.code == "copy.absent"


def test_of_a_packet_that_never_left_there_is_no_recall(pair: Pair) -> None:
    harbor, landing = pair
    with harbor.here() as vault:
        there, by = Agency.objects.get(pk=landing.agency.pk), harbor.member.user
        waiting = freeze_packet(
            vault=vault, page=uuid.uuid4(), recipient=there, kind="personal", values=PERSONAL,
            permit=permit_of(by, there), by=by,
        )  # fmt: skip
    with harbor.here() as vault, pytest.raises(Refused, match="taken back"):
        make_packet_file(vault=vault, packet=waiting.pk, by=harbor.member.user)
    with harbor.here() as vault:
        assert recall_packet(packet=waiting.pk, by=harbor.member.user) == "stopped"
        with pytest.raises(Refused, match="not here"):
            make_recall_file(vault=vault, packet=waiting.pk, by=harbor.member.user)


def test_every_way_a_file_can_be_wrong_is_refused_in_words(pair: Pair) -> None:
    harbor, landing = pair
    packet = packet_for(harbor, landing)
    good = file_of(harbor, packet)
    envelope = read(good)
    assert refusal(landing, b"") == "file.not_ours"
    assert refusal(landing, b"%PDF-1.7") == "file.not_ours"
    assert refusal(landing, good.replace(b"\r\n", b"\n", 1)) == "file.not_ours", "sent as text"
    assert refusal(landing, good[:10]) == "file.broken"
    assert refusal(landing, good[:-1]) == "file.broken"
    assert refusal(landing, good + b"\0") == "file.broken"
    assert refusal(landing, good[:10] + b"\x02" + good[11:]) == "file.newer"
    assert refusal(landing, good[:11] + b"\x63" + good[12:]) == "file.kind"
    assert refusal(landing, good + bytes(LARGEST)) == "file.too_large"
    assert refusal(landing, good[:-1] + bytes([good[-1] ^ 1])) == "file.bad_signature"
    assert refusal(landing, harbor.card()) == "file.card"
    assert refusal(harbor, good) == "file.own"
    recall = good[:11] + bytes([Kind.RECALL]) + good[12:]
    assert refusal(landing, recall) == "file.bad_signature", "a packet is not shown as a recall"
    parts = envelope.parts()
    wrong: dict[str, tuple[Kind, list[Any], dict[str, Any]]] = {
        "file.other_recipient": (Kind.PACKET, parts, {"recipient": uuid.uuid4()}),
        "file.sealed_to_other_key": (Kind.PACKET, parts, {"recipient_print": bytes(32)}),
        "file.no_packet": (Kind.RECEIPT, [uuid.uuid4().bytes, parts[5], b"", b""], {}),
    }
    for code, (kind, body, outer) in wrong.items():
        assert refusal(landing, signed_by(harbor, landing, kind, body, outer)) == code
    later = (timezone.now() + dt.timedelta(days=2)).astimezone(dt.UTC).isoformat(timespec="microseconds")
    bodies: list[tuple[str, list[Any]]] = [
        ("file.kind", [*parts[:2], "court_referral", *parts[3:]]),
        ("file.kind", [*parts[:2], "unheard_of", *parts[3:]]),
        ("file.broken", [*parts[:2], "call", *parts[3:]]),
        ("file.broken", [parts[0], b"", *parts[2:]]),
        ("file.broken", [parts[0][:15], *parts[1:]]),
        ("file.broken", [*parts[:3], "gossip", *parts[4:]]),
        ("file.broken", [*parts[:4], "tomorrow", *parts[5:]]),
        ("file.broken", [*parts[:4], parts[4].replace(b"+00:00", b""), *parts[5:]]),
        ("file.broken", [*parts[:4], parts[4].replace(b"T", b" "), *parts[5:]]),
        ("file.broken", [*parts[:6], "3", *parts[7:]]),
        ("file.broken", [*parts[:7], "needs", "needs", parts[-1]]),
        ("file.broken", [*parts[:7], "diagnosis", "needs", parts[-1]]),
        ("file.broken", [*parts[:7], b"\xff", "needs", parts[-1]]),
        ("file.broken", [*parts[:-1], b"short"]),
        ("file.broken", [*parts[:4], later.replace("20", "29", 1), *parts[5:]]),
        ("file.broken", [*parts, b""]),
        ("file.broken", []),
        ("file.ahead", [*parts[:5], later, *parts[6:]]),
    ]
    for code, body in bodies:
        assert refusal(landing, signed_by(harbor, landing, Kind.PACKET, body)) == code, body[:7]
    with landing.here():
        assert not InboxPacket.objects.filter(packet=packet.pk).exists()
    assert takes(landing, good).verdict == "taken", "after all of it the true one is still taken"


def test_signed_and_yet_other_than_what_was_sealed_it_does_not_open(pair: Pair) -> None:
    """A sender's altered program changes the header around a sealed part: it comes in, and opens for nobody."""
    harbor, landing = pair
    parts: list[Any] = list(read(file_of(harbor, packet_for(harbor, landing))).parts())
    parts[3] = "legal"
    taken = takes(landing, signed_by(harbor, landing, Kind.PACKET, parts))
    with landing.here() as vault, pytest.raises(Refused, match="does not open as it was sealed"):
        open_packet(vault=vault, packet=taken.shown, by=landing.member.user)


def test_an_expired_file_is_refused_and_what_came_is_emptied_on_both_sides(pair: Pair) -> None:
    harbor, landing = pair
    ends = timezone.now() + dt.timedelta(seconds=2)
    packet = packet_for(harbor, landing, ends_at=ends)
    kept = packet_for(harbor, landing, ends_at=ends)
    content = file_of(harbor, packet)
    shown = takes(landing, file_of(harbor, kept)).shown
    while timezone.now() < ends:
        pass
    assert refusal(landing, content) == "file.expired"
    with harbor.here() as vault, pytest.raises(Refused, match="last day"):
        make_packet_file(vault=vault, packet=packet.pk, by=harbor.member.user)
    for one in (harbor, landing):
        with one.pointed():
            assert purge_expired(agency_id=one.agency.pk) >= 1
    with harbor.here():
        assert OutboxPacket.objects.get(pk=packet.pk).sealed is None
    with landing.here() as vault:
        assert InboxPacket.objects.get(pk=shown).sealed is None
    assert takes(harbor, receipt_of(landing, kept)).verdict == "erased"


def test_strangers_and_keys_that_nobody_compared_are_refused(fresh: Pair) -> None:
    harbor, landing = fresh
    harbor.take_card(landing.card())
    harbor.compare(landing.agency)
    first = file_of(harbor, packet_for(harbor, landing))
    assert refusal(landing, first) == "file.unknown_sender"
    landing.take_card(harbor.card())
    assert refusal(landing, first) == "file.not_compared"
    landing.compare(harbor.agency)
    assert takes(landing, first).verdict == "taken"

    with harbor.here() as vault:
        start_epoch(vault=vault, by=harbor.member.user, reason=AgencyEpoch.Reason.CHOSEN)
    second = packet_for(harbor, landing)
    assert refusal(landing, file_of(harbor, second)) == "file.newer_key"
    older = harbor.card()
    assert landing.take_card(older).has_new_keys
    assert takes(landing, file_of(harbor, second)).verdict == "taken", "the old key vouches for the new one"
    with landing.here() as vault:
        assert newest_print(vault, harbor.agency.pk)[:2] == (PinState.COMPARED, 2)

    # Signed before a second change of keys, and taken in after it: made once more it is good.
    third = packet_for(harbor, landing)
    stale = file_of(harbor, third)
    with harbor.here() as vault:
        start_epoch(vault=vault, by=harbor.member.user, reason=AgencyEpoch.Reason.CHOSEN, partners_follow=False)
    landing.take_card(harbor.card())
    assert refusal(landing, file_of(harbor, third)) == "file.key_changed", "nobody vouches: words are compared again"
    with landing.here() as vault, pytest.raises(PinRefused):
        freeze_packet(
            vault=vault, page=uuid.uuid4(), recipient=Agency.objects.get(pk=harbor.agency.pk), kind="personal",
            values=PERSONAL, permit=permit_of(landing.member.user, harbor.agency), by=landing.member.user,
        )  # fmt: skip
    landing.compare(harbor.agency)
    assert refusal(landing, stale) == "file.older_key"
    assert takes(landing, file_of(harbor, third)).verdict == "taken"
    with landing.here() as vault:
        unpin_partner(vault=vault, partner=harbor.agency.pk, by=landing.member.user)
    assert refusal(landing, recall_of(harbor, third)) == "file.not_compared"
    landing.compare(harbor.agency)
    with pytest.raises(VaultRefused, match="older than the keys"):
        landing.take_card(older)

    # Sealed to keys that the recipient has replaced meanwhile: its own vault opens it still.
    late = file_of(harbor, packet_for(harbor, landing))
    with landing.here() as vault:
        start_epoch(vault=vault, by=landing.member.user, reason=AgencyEpoch.Reason.CHOSEN)
    taken = takes(landing, late)
    with landing.here() as vault:
        opened = open_packet(vault=vault, packet=taken.shown, by=landing.member.user)
        assert opened is not None
        assert opened.values == PERSONAL


def false_card(agency: Agency) -> tuple[EpochSecret, bytes]:
    """A card with an agency's id and name, and keys of somebody else."""
    secret = EpochSecret.fresh()
    stated = (Epoch(secret.states(str(agency.pk), 1), b""),)
    card = Card(agency.pk, agency.name, agency.short_name, agency.kind, timezone.now(), stated)
    return secret, write(card.envelope(), lambda signed: secret.sign.sign(CARD, signed))


def test_an_impostor_s_card_replaces_nothing_that_was_compared(fresh: Pair) -> None:
    harbor, landing = fresh
    introduce(harbor, landing)
    secret, card = false_card(harbor.agency)
    with pytest.raises(VaultRefused, match="something else about keys that were compared"):
        landing.take_card(card)
    true = read(file_of(harbor, packet_for(harbor, landing)))
    forged = replace(true, sender_print=secret.states(str(harbor.agency.pk), 1).digest())
    signature = secret.sign.sign(f"said by an agency: {PURPOSE}", str(harbor.agency.pk), forged.signed)
    assert refusal(landing, forged.signed + signature) == "file.other_key"
    assert refusal(landing, true.signed + signature) == "file.bad_signature"
    with pytest.raises(VaultRefused, match="of this installation"):
        landing.take_card(landing.card())
    # Before anybody compared anything, the true card takes the place of a false one.
    with landing.here() as vault:
        unpin_partner(vault=vault, partner=harbor.agency.pk, by=landing.member.user)
    assert landing.take_card(card).has_new_keys
    assert landing.take_card(harbor.card()).has_new_keys
    landing.compare(harbor.agency)
    assert takes(landing, file_of(harbor, packet_for(harbor, landing))).verdict == "taken"


def test_nothing_about_a_person_goes_to_the_justice_side_or_comes_from_there(pair: Pair) -> None:
    harbor, office = another_pair(pair, AgencyKind.PROSECUTION)
    introduce(harbor, office)
    for sender, recipient in ((harbor, office), (office, harbor)):
        with pytest.raises(Refused, match="Nothing about a person goes to police"):
            packet_for(sender, recipient)
        with sender.here():
            assert LedgerLine.objects.count() == 0
        made = timezone.now().astimezone(dt.UTC)
        parts = [uuid.uuid4().bytes, uuid.uuid4().bytes, "personal", "housing", iso(made + dt.timedelta(days=9)), iso(made)]
        content = signed_by(sender, recipient, Kind.PACKET, [*parts, "1", "needs", bytes(1200)])
        assert refusal(recipient, content) == "file.justice", "not even when the sender's program was altered"


def iso(at: dt.datetime) -> str:
    return at.isoformat(timespec="microseconds")


def test_an_agency_elsewhere_has_nobody_here_and_meets_nobody_s_list(pair: Pair) -> None:
    """It is no member of the coalition here: nobody joins it, and its state never changes."""
    harbor, landing = pair
    with harbor.pointed():
        far = Agency.objects.get(pk=landing.agency.pk)
        with acting(harbor.administrator):
            for act in (
                lambda: Membership.objects.create(
                    agency=far, user=harbor.member.user, role=Role.MEMBER, starts_on=timezone.localdate()
                ),
                lambda: Agency.objects.filter(pk=far.pk).update(state=Agency.State.ACTIVE),
                lambda: Agency.objects.filter(pk=harbor.agency.pk).update(state=Agency.State.ELSEWHERE),
            ):
                with pytest.raises(Exception, match=r"takes no member|here or elsewhere"), transaction.atomic():
                    act()
        with harbor.member.acting(), pytest.raises(Exception, match="row-level security"), transaction.atomic():
            AgencyKey.objects.create(agency=far, number=9, seal_public=bytes(32), sign_public=bytes(32), previous=bytes(32))


def test_the_database_and_the_list_of_what_is_carried_agree(pair: Pair) -> None:
    with pair[0].here(), connection.cursor() as cursor:
        for kind in KINDS:
            cursor.execute("SELECT disclosures.goes_by_file(%s)", [kind])
            assert cursor.fetchone()[0] == (kind in BY_FILE)
