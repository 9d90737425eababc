"""A court's paper: written down, contested, ordered; the person told of it; whoever answers courts told at once.

Nothing here gives anything away. What leaves under an order is in `releases`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from waymark.access.permissions import Permission
from waymark.access.sites import URLCONFS, Site
from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.notices.actions import notify
from waymark.obligations.actions.steps import write_step
from waymark.obligations.models import JUDGED, Counsel, LegalProcess, Move, Telling
from waymark.obligations.policies.who import must, who_answers_courts
from waymark.people.actions import open_person, write_row
from waymark.people.formats.sealed import pack
from waymark.people.models import Person
from waymark.people.policies import Refused
from waymark.vault.actions import hold_record
from waymark.vault.selectors import OpenVault

KIND = "legal_process"
WORK = Permission.OBLIGATIONS_PROCESS_WORK


def call_who_answers(process: LegalProcess) -> None:
    """Tell whoever answers courts that something waits, and nothing more."""
    page = reverse("obligations:process_detail", args=[process.pk], urlconf=URLCONFS[Site.STAFF])
    notify(to=who_answers_courts(process.agency_id), kind="task.waits", path=page)


@transaction.atomic
def open_process(
    *,
    vault: OpenVault,
    person: Person,
    kind: str,
    received_on: dt.date,
    due_on: dt.date | None,
    values: Mapping[str, Any],
    by: User,
) -> LegalProcess:
    """Write down that something came. Whoever answers courts is told; nothing is released by this.

    What is asked for must not be destroyed meanwhile: a hold is placed on the file, which an officer lifts.
    """
    must(by, WORK)
    secret = open_person(vault=vault, person=person, by=by)
    process = write_row(
        LegalProcess, person=person, secret=secret, values=values, by=by, kind=kind, received_on=received_on, due_on=due_on
    )
    hold_record(kind="person", record=person.pk, why="process", by=by)
    call_who_answers(process)
    record(verb="legal_process.opened", by=by, kind=KIND, about=process.pk)
    return process


@transaction.atomic
def step_process(*, vault: OpenVault, process: LegalProcess, move: str, reason: str, by: User) -> None:
    """Move it on. A paper behind which no judge stands is never ordered."""
    must(by, WORK)
    if move == Move.ORDER and process.kind not in JUDGED:
        raise Refused("No judge stands behind this paper, so nothing can be ordered by it.")
    secret = open_person(vault=vault, person=process.person, by=by)
    write_step(process, move, reason, secret)
    call_who_answers(process)
    record(verb="legal_process.moved", by=by, kind=KIND, about=process.pk)


@transaction.atomic
def note_privilege(
    *, vault: OpenVault, process: LegalProcess, claimed_on: dt.date | None, chambers: str, due_on: dt.date | None, by: User
) -> None:
    """Write down when the privilege was claimed, what the judge said of it, and by when an answer is due."""
    must(by, WORK)
    open_person(vault=vault, person=process.person, by=by)
    held = LegalProcess.objects.select_for_update(of=("self",)).get(agency_id=process.agency_id, pk=process.pk)
    if chambers and claimed_on is None:
        raise Refused("First the privilege is claimed, then the judge is asked.")
    answers = {LegalProcess.Chambers.PROTECTED.value, LegalProcess.Chambers.TO_GIVE.value}
    asked = LegalProcess.Chambers.ASKED.value
    fine = {("", asked), *((asked, answer) for answer in answers), (LegalProcess.Chambers.PROTECTED.value, asked)}
    if chambers != held.chambers and (held.chambers, chambers) not in fine:
        raise Refused("A judge answers what a judge was asked. Write down first that you asked.")
    held.privilege_claimed_on, held.chambers, held.due_on = claimed_on, chambers, due_on
    held.save(update_fields=["privilege_claimed_on", "chambers", "due_on"])
    record(verb="legal_process.privilege_noted", by=by, kind=KIND, about=process.pk)


@transaction.atomic
def note_telling(*, vault: OpenVault, process: LegalProcess, was_told: bool, words: str, by: User) -> Telling:
    """Write down that the person was told of it, or why not. Each try is a line of its own."""
    must(by, WORK)
    secret = open_person(vault=vault, person=process.person, by=by)
    row = Telling(agency_id=process.agency_id, process=process, was_told=was_told)
    row.sealed = secret.seal("obligations_telling", "sealed", row.pk, pack({"text": words}))
    row.save(force_insert=True)
    record(verb="legal_process.telling_noted", by=by, kind=KIND, about=process.pk)
    return row


@transaction.atomic
def keep_counsel(*, name: str, phone: str, hours: str, by: User) -> Counsel:
    """Say which lawyer the agency calls."""
    agency = must(by, WORK)
    values = {"name": name, "phone": phone, "hours": hours, "changed_by": by, "changed_at": timezone.now()}
    row, _ = Counsel.objects.update_or_create(agency_id=agency, defaults=values)
    record(verb="counsel.named", by=by, kind="counsel", about=row.pk)
    return row
