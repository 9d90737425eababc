"""One step of a process, a report or an incident; the database judges by the same table of moves."""

from __future__ import annotations

import uuid
from typing import Any

from waymark.obligations.models import MOVES, WITH_REASON, Incident, LegalProcess, Machine, Step
from waymark.people.formats.sealed import pack
from waymark.people.policies import Refused
from waymark.vault.selectors import RecordSecret

MOVED_MEANWHILE = "A colleague has moved this meanwhile. Look at where it stands now."
SAY_WHY = "Say it in a few words. They are sealed, and only your agency reads them."


def machine_of(subject: Any) -> str:
    if isinstance(subject, LegalProcess):
        return Machine.PROCESS.value
    return Machine.INCIDENT.value if isinstance(subject, Incident) else Machine.REPORT.value


def write_step(subject: Any, move: str, reason: str, secret: RecordSecret | None) -> None:
    """Part of the act that tells. `subject` is held until the transaction ends and has its new state afterwards."""
    machine = machine_of(subject)
    held = type(subject).objects.select_for_update(of=("self",)).get(agency_id=subject.agency_id, pk=subject.pk)
    if (machine, held.state, move) not in MOVES:
        raise Refused(MOVED_MEANWHILE)
    if move in WITH_REASON and not reason and secret is not None:
        raise Refused(SAY_WHY)
    pk = uuid.uuid4()
    sealed = secret.seal("obligations_step", "reason", pk, pack({"text": reason})) if reason and secret else None
    Step.objects.create(pk=pk, agency_id=subject.agency_id, move=move, reason=sealed, **{machine: held})
    subject.refresh_from_db(fields=["state"])
