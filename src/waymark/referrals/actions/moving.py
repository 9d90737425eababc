"""Moving a referral on, by who asked or who was asked. The database moves both rows; here is who may, and who is told."""

from __future__ import annotations

import uuid

from django.db import transaction

from waymark.accounts.models import User
from waymark.audit.actions import must_be_within_limit, record
from waymark.disclosures.actions import Content, open_packet, read_packet, recall_packet
from waymark.disclosures.models import OutboxPacket
from waymark.people.policies import Refused
from waymark.referrals import policies
from waymark.referrals.actions import crossing
from waymark.referrals.actions.telling import notify_who_answers, notify_worker
from waymark.referrals.formats.letter_codes import digest_of, read_letter_code
from waymark.referrals.models import Event, ReceivedReferral, Referral, State
from waymark.referrals.selectors.received import packet_of
from waymark.vault.selectors import OpenVault

# The sender takes the content back along with the referral.
TAKES_BACK = frozenset({Event.WITHDRAW.value, Event.VOID.value})


@transaction.atomic
def move_sent(*, referral: Referral, event: str, reason: str = "", by: User) -> str:
    """Withdraw, close, reopen or void what this agency asked; gives the new state."""
    policies.must_send(by)
    mine = policies.visible(Referral.objects.all(), to=by).filter(pk=referral.pk).first()
    if mine is None:
        raise Refused(policies.ABSENT)
    if event in TAKES_BACK and mine.packet is not None:
        # A packet that has reached its end is gone, and there is nothing to take back.
        still_there = OutboxPacket.objects.filter(agency_id=mine.agency_id, pk=mine.packet).exists()
        if still_there:
            with crossing.in_words():
                recall_packet(packet=mine.packet, by=by)
    state, _, _ = crossing.move(mine.pk, event, reason=reason)
    record(verb="referral.moved", by=by, kind="referral", about=mine.pk, fields=[event])
    # What nobody has taken up is gone there; there is nothing to tell of.
    if mine.state != State.REQUESTED:
        notify_who_answers(mine.recipient_id, "referral.moved")
    return state


@transaction.atomic
def move_received(*, received: ReceivedReferral, event: str, reason: str = "", by: User) -> str:
    """Accept, decline, begin, put on the list, or say what came of it; gives the new state. Who asked is told."""
    return _as_recipient(received, event, by, reason=reason)


@transaction.atomic
def answer_about_room(*, received: ReceivedReferral, answer: str, hours: int, by: User) -> str:
    """Say whether there is room, and for how many hours the answer holds. It may be corrected while it holds."""
    return _as_recipient(received, Event.ANSWER, by, answer=answer, hours=hours)


def _as_recipient(received: ReceivedReferral, event: str, by: User, **more: object) -> str:
    policies.must_answer(by)
    mine = policies.visible_received(ReceivedReferral.objects.all(), to=by).filter(pk=received.pk).first()
    if mine is None:
        raise Refused(policies.ABSENT)
    state, referral, worker = crossing.move(mine.pk, event, **more)  # type: ignore[arg-type]
    record(verb="referral.moved", by=by, kind="referral", about=mine.pk, fields=[event])
    notify_worker(worker, referral)
    return state


@transaction.atomic
def take_in_letter(*, typed: str, by: User) -> uuid.UUID | None:
    """Somebody came with a letter: both agencies know that they arrived. Gives the own row, or None for no such letter.

    Wrong, ended and others' codes are told alike, and nobody tries many in an hour.
    """
    agency = policies.must_answer(by)
    must_be_within_limit(of="letter.tried", by=by)
    code = read_letter_code(typed)
    own, referral, worker = crossing.arrive(digest_of(code)) if code is not None else (None, None, None)
    if own is None:
        record(verb="letter.tried", by=by, kind="agency", about=agency)
        return None
    record(verb="letter.arrived", by=by, kind="referral", about=own)
    if referral is not None and worker is not None:
        notify_worker(worker, referral)
    return own


@transaction.atomic
def read_received(*, vault: OpenVault, received: ReceivedReferral, by: User) -> Content | None:
    """Open what came along with a referral. The sender learns that it was opened. None when it is gone."""
    policies.must_answer(by)
    packet = packet_of(received)
    if packet is None:
        return None
    with crossing.in_words():
        if packet.read_at is None:
            return open_packet(vault=vault, packet=packet.pk, by=by)
        return read_packet(vault=vault, packet=packet.pk, by=by)
