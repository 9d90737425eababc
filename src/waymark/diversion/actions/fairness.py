"""The fairness survey: sheets handed out, sheets counted, and a device that is handed over.

An answer raises counts and leaves nothing else: no row, no event, no time. What staff do is told as everywhere: that they
handed out so many sheets, counted one, or handed a device over.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.core import signing
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from waymark.access.context import acting_for
from waymark.accounts.models import User
from waymark.accounts.policies import Refused
from waymark.audit.actions import record
from waymark.audit.models import SYSTEM
from waymark.diversion import policies
from waymark.diversion.formats.fairness import current, instruments, quarter_of
from waymark.diversion.models import FairnessCount, FairnessRound, Program

ALL_COUNTED = "Every sheet that was handed out is counted already."
LASTS = dt.timedelta(hours=4)
SIGNER = signing.TimestampSigner(salt="waymark.diversion.fairness")


@dataclass(frozen=True)
class Device:
    """A device that was handed over: for which survey of which agency. Nobody is signed in at it."""

    agency: uuid.UUID
    round: uuid.UUID

    def token(self) -> str:
        """What its address carries; good for some hours and for nothing but answering."""
        return SIGNER.sign(base64.urlsafe_b64encode(self.agency.bytes + self.round.bytes).decode())

    @classmethod
    def of(cls, token: str) -> Device | None:
        try:
            both = base64.urlsafe_b64decode(SIGNER.unsign(token, max_age=LASTS))
        except (signing.BadSignature, ValueError):
            return None
        return cls(uuid.UUID(bytes=both[:16]), uuid.UUID(bytes=both[16:]))


@transaction.atomic
def hand_out(*, program: Program, sheets: int, by: User) -> FairnessRound:
    """So many people are asked this quarter, on paper or at a device."""
    agency = policies.must_give(by)
    instrument = current()
    row, is_new = FairnessRound.objects.get_or_create(
        agency_id=agency,
        program=program,
        quarter=quarter_of(timezone.localdate()),
        defaults={"instrument": instrument.name},
    )
    if is_new:
        FairnessCount.objects.bulk_create(
            FairnessCount(agency_id=agency, round=row, question=question, answer=answer)
            for question in instrument.questions
            for answer, _ in instrument.answers
        )
    FairnessRound.objects.filter(agency_id=agency, pk=row.pk).update(handed_out=F("handed_out") + sheets)
    record(verb="fairness.handed_out", by=by, kind="diversion_program", about=program.pk)
    return row


@transaction.atomic
def count_sheet(*, row: FairnessRound, answers: Mapping[str, int], turn: str, by: User) -> None:
    """One sheet from the box."""
    policies.must_give(by)
    _count(row.agency_id, row.pk, answers, turn)
    record(verb="fairness.sheet_counted", by=by, kind="diversion_program", about=row.program_id)


@transaction.atomic
def hand_over_device(*, row: FairnessRound, by: User) -> Device:
    """The page that a participant answers on. Whoever asks for it is signed out before it opens."""
    policies.must_give(by)
    record(verb="fairness.device_handed_over", by=by, kind="diversion_program", about=row.program_id)
    return Device(row.agency_id, row.pk)


def answer_at_device(*, device: Device, answers: Mapping[str, int], turn: str) -> None:
    """A participant's answers. Nothing is told: an event would say when."""
    with acting_for(device.agency, SYSTEM):
        _count(device.agency, device.round, answers, turn)


def open_round(device: Device) -> FairnessRound | None:
    """The survey of a device, as long as its quarter runs."""
    with acting_for(device.agency, SYSTEM):
        rows = FairnessRound.objects.filter(agency_id=device.agency, pk=device.round)
        return rows.filter(quarter=quarter_of(timezone.localdate())).first()


def _count(agency: uuid.UUID, pk: uuid.UUID, answers: Mapping[str, int], turn: str) -> None:
    row = FairnessRound.objects.select_for_update().get(agency_id=agency, pk=pk)
    questions = instruments()[row.instrument].questions
    spent = hashlib.sha256(turn.encode()).hexdigest()[:32]
    if spent in row.spent:
        return
    if row.answered >= row.handed_out:
        raise Refused(ALL_COUNTED)
    row.answered += 1
    row.spent = sorted([*row.spent, spent])
    row.save(update_fields=["answered", "spent"])
    chosen = Q()
    for question in questions:
        chosen |= Q(question=question, answer=answers[question])
    FairnessCount.objects.filter(chosen, agency_id=agency, round=row).update(number=F("number") + 1)
