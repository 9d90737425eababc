"""A report that the law demands of one person: begun, phoned, printed to be sent. No case and no note is ever attached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.consent.actions.ledger import hash_of, write_line
from waymark.law.policies.clocks import due_at
from waymark.obligations.actions.steps import write_step
from waymark.obligations.formats.papers import paper_of
from waymark.obligations.models import MandatedReport, Move, ReportState
from waymark.obligations.policies.who import duties_of, must
from waymark.obligations.selectors.content import report_parts
from waymark.obligations.selectors.sealed import words_in
from waymark.people.actions import open_person, write_row
from waymark.people.formats.sealed import pack
from waymark.people.models import Person
from waymark.people.policies import Refused
from waymark.vault.selectors import OpenVault

KIND = "mandated_report"
WORK = Permission.OBLIGATIONS_REPORT_WORK
CLOCKS = {
    MandatedReport.Duty.CHILD_ABUSE.value: "child_abuse_report",
    MandatedReport.Duty.ELDER_ABUSE.value: "elder_abuse_report",
    MandatedReport.Duty.INJURIES.value: "injury_report",
}
NOT_YOURS = (
    "The law does not make you report this, as far as your agency has recorded. What a person tells you stays "
    "with you unless "
    "they sign a release. If you think that you have the duty, ask an officer of your agency to record its ground."
)


@transaction.atomic
def begin_report(
    *,
    vault: OpenVault,
    person: Person,
    duty: str,
    receiver: str,
    learned_at: dt.datetime,
    told_at: dt.datetime | None,
    unsaid: str,
    values: Mapping[str, Any],
    by: User,
) -> MandatedReport:
    """Begin a report: the clock runs since the reporter learned of it. Only for who has this duty, on its ground."""
    must(by, WORK)
    if duty not in duties_of(by) or by.acting is None:
        raise Refused(NOT_YOURS)
    secret = open_person(vault=vault, person=person, by=by)
    report = write_row(
        MandatedReport,
        person=person,
        secret=secret,
        values=values,
        by=by,
        duty=duty,
        receiver=receiver,
        basis=by.acting.reporting_basis,
        learned_at=learned_at,
        due_at=due_at(CLOCKS[duty], timezone.localtime(learned_at)),
        told_at=told_at,
        unsaid=unsaid,
    )
    record(verb="mandated_report.begun", by=by, kind=KIND, about=report.pk)
    return report


@transaction.atomic
def correct_report(*, vault: OpenVault, report: MandatedReport, receiver: str, values: Mapping[str, Any], by: User) -> None:
    """Change the words before they are sent."""
    must(by, WORK)
    secret = open_person(vault=vault, person=report.person, by=by)
    held = MandatedReport.objects.select_for_update(of=("self",)).get(agency_id=report.agency_id, pk=report.pk)
    if held.state not in {ReportState.BEGUN, ReportState.PHONED} or held.made_by_id != by.pk:
        raise Refused("What was sent stays.")
    held.receiver = receiver
    held.sealed = secret.seal("obligations_mandatedreport", "sealed", held.pk, pack(values))
    held.save(update_fields=["receiver", "sealed"])
    record(verb="mandated_report.corrected", by=by, kind=KIND, about=report.pk)


@transaction.atomic
def phone_report(*, vault: OpenVault, report: MandatedReport, reached: str, by: User) -> None:
    """Write down that the report was phoned in: what was said left the agency, so the ledger has its line first."""
    _leave(vault=vault, report=report, move=Move.PHONE.value, method="spoken", reached=reached, by=by)
    record(verb="mandated_report.phoned", by=by, kind=KIND, about=report.pk)


@transaction.atomic
def send_report(*, vault: OpenVault, report: MandatedReport, by: User) -> bytes:
    """The written report, to be sent once. The ledger has its line before the caller gives out a byte."""
    content = _leave(vault=vault, report=report, move=Move.SEND.value, method="pdf", reached="", by=by)
    record(verb="mandated_report.sent", by=by, kind=KIND, about=report.pk)
    return content


@transaction.atomic
def drop_report(*, vault: OpenVault, report: MandatedReport, reason: str, by: User) -> None:
    """Nothing had to be reported after all; why is sealed."""
    must(by, WORK)
    secret = open_person(vault=vault, person=report.person, by=by)
    write_step(report, Move.DROP.value, reason, secret)
    record(verb="mandated_report.dropped", by=by, kind=KIND, about=report.pk)


def _leave(*, vault: OpenVault, report: MandatedReport, move: str, method: str, reached: str, by: User) -> bytes:
    """What leaves, its line in the ledger, and the step; the ledger asks for a report that still waits for this step."""
    must(by, WORK)
    secret = open_person(vault=vault, person=report.person, by=by)
    content = paper_of(report_parts(report, words_in(secret, report)), title="Report", language="en")
    if report.made_by_id != by.pk:
        raise Refused("A report is its reporter's alone.")
    MandatedReport.objects.select_for_update(of=("self",)).get(agency_id=report.agency_id, pk=report.pk)
    report.refresh_from_db(fields=["state"])
    if (move, report.state) not in {(Move.PHONE.value, ReportState.BEGUN), (Move.SEND.value, ReportState.PHONED)}:
        raise Refused("This was done already, or something comes before it. Look at where the report stands.")
    write_line(
        by=by,
        person=report.person,
        basis="mandated",
        method=method,
        fields=["report"],
        recipient=report.receiver,
        content_hash=hash_of(content, vault=vault),
        process=report.pk,
        details={"reached": reached},
        secret=secret,
    )
    write_step(report, move, reached, secret)
    return content
