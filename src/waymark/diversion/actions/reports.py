"""A report to the court: frozen from what was counted, sealed for each reader under a permit that is live, counsel first.

Where no permit is live nothing is written for that reader, and they read "no report". Nobody tells them why.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from waymark.access.context import acting_for
from waymark.accounts.models import User
from waymark.accounts.policies import Refused
from waymark.audit.actions import record
from waymark.audit.models import SYSTEM
from waymark.disclosures.actions import crossing, deliver_packet, freeze_packet
from waymark.disclosures.models import Permit
from waymark.disclosures.policies import Refused as NotSent
from waymark.diversion import policies
from waymark.diversion.actions.sealed_rows import facts_of
from waymark.diversion.models import ComplianceReport, Enrollment, ReportContest, ReportPacket
from waymark.diversion.models.enrollments import OPEN_STATES
from waymark.diversion.models.reports import Reader
from waymark.diversion.selectors.progress import tallies
from waymark.diversion.selectors.reports import due_packets, live_permits
from waymark.vault.selectors import OpenVault

SENDS = "system:reports-to-court"
MOST = 9_999


@dataclass
class Written:
    """A report, the readers for whom it was sealed, and those who will read "no report"."""

    report: ComplianceReport
    readers: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)


def report_of_page(agency: uuid.UUID, page: uuid.UUID) -> uuid.UUID:
    """The id of the report that is written on a page, so that a form sent twice is one report."""
    return uuid.uuid5(agency, f"report of page {page}")


@transaction.atomic
def write_report(
    *,
    vault: OpenVault,
    enrollment: Enrollment,
    page: uuid.UUID,
    for_day: dt.date,
    status: str,
    next_on: dt.date | None,
    given_to_counsel_at: dt.datetime | None,
    by: User,
) -> Written:
    """Freeze the numbers of today and seal them for each reader whose permit is live. Counsel's packet goes at once."""
    agency = policies.must_give(by)
    pk = report_of_page(agency, page)
    known = ComplianceReport.objects.filter(agency_id=agency, pk=pk).first()
    if known is not None:
        return Written(known, list(known.packets.values_list("reader", flat=True)))
    permits = live_permits(enrollment, at=timezone.now())
    if not permits:
        raise Refused("No permit for a report is live, so there is no report. The court reads “no report”, and no reason.")
    tally = tallies([enrollment])[enrollment.pk]
    numbers = {
        "phase": enrollment.phase.number,
        "sessions_attended": min(tally.done["sessions"], MOST),
        "sessions_required": min(tally.asked["sessions"], MOST),
        "hours": min(tally.done["hours"], MOST),
        "appointments": min(tally.done["appointments"], MOST),
    }
    report = ComplianceReport.objects.create(
        pk=pk,
        agency_id=agency,
        enrollment=enrollment,
        for_day=for_day,
        is_enrolled=enrollment.state in OPEN_STATES,
        status=status,
        next_on=next_on,
        given_to_counsel_at=given_to_counsel_at,
        **numbers,
    )
    values = {name: str(number) for name, number in numbers.items()} | {
        "enrolled": "yes" if report.is_enrolled else "no",
        "for_day": for_day.isoformat(),
        "reference": facts_of(vault, enrollment)["reference"],
        "status": status,
    }
    if next_on is not None:
        values["next_on"] = next_on.isoformat()
    written = Written(report)
    for reader in Reader:
        permit = permits.get(reader)
        if permit is None:
            written.without.append(reader)
            continue
        _seal_for(vault, report, reader, permit, values, by)
        written.readers.append(reader)
    record(verb="report.written", by=by, kind="enrollment", about=enrollment.pk, fields=written.readers)
    return written


def _seal_for(
    vault: OpenVault, report: ComplianceReport, reader: Reader, permit: Permit, values: dict[str, str], by: User
) -> None:
    packet = freeze_packet(
        vault=vault,
        page=uuid.uuid5(report.pk, reader),
        recipient=permit.recipient,
        kind="compliance_report",
        values=values,
        permit=permit,
        by=by,
    )
    ReportPacket.objects.create(agency_id=report.agency_id, report=report, reader=reader, packet=packet)
    if reader == Reader.DEFENSE:
        deliver_packet(packet=packet.pk, by=by)


@transaction.atomic
def send_waiting_reports(*, agency_id: uuid.UUID, by: str = SENDS) -> int:
    """Hand over what court and prosecution may have now; gives how many. What the slot refuses stays where it is."""
    sent = 0
    with acting_for(agency_id, SYSTEM):
        for packet in due_packets(agency_id, at=timezone.now()):
            try:
                crossing.deliver(packet)
            except NotSent:
                continue
            sent += 1
            record(verb="report.sent", by=by, chain=agency_id, kind="report", about=packet)
    return sent


@transaction.atomic
def settle_contest(*, contest: ReportContest, is_corrected: bool, by: User) -> None:
    """The program has looked again. A corrected number goes to the court by a new report; the frozen one stays."""
    policies.must_give(by)
    contest.settled_on, contest.settled_by, contest.is_corrected = timezone.localdate(), by, is_corrected
    contest.save(update_fields=["settled_on", "settled_by", "is_corrected"])
    record(verb="report_contest.settled", by=by, kind="enrollment", about=contest.report.enrollment_id)
