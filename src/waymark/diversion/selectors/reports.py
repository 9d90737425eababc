"""Under which permits somebody may be reported on, what waits for its hour, and what became of what was sent."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import QuerySet

from waymark.accounts.models import User
from waymark.disclosures.models import OutboxPacket, Permit
from waymark.disclosures.selectors import live_permits as permits_now
from waymark.diversion import policies
from waymark.diversion.models import ComplianceReport, Enrollment, EnrollmentPermit, ReportContest, ReportPacket
from waymark.diversion.models.reports import Reader
from waymark.diversion.policies import COUNSEL_FIRST

WAITING = OutboxPacket.State.WAITING
OUT = (OutboxPacket.State.DELIVERED, OutboxPacket.State.READ)


def reader_of(enrollment: Enrollment, recipient: uuid.UUID) -> Reader | None:
    """Which of the three readers an agency is for somebody."""
    readers = {
        enrollment.defense_id: Reader.DEFENSE,
        enrollment.program.court_id: Reader.COURT,
        enrollment.program.prosecution_id: Reader.PROSECUTION,
    }
    return readers.get(recipient)


def attached(enrollment: Enrollment) -> QuerySet[EnrollmentPermit]:
    rows = EnrollmentPermit.objects.filter(agency_id=enrollment.agency_id, enrollment=enrollment)
    return rows.select_related("permit", "recipient", "attached_by")


def live_permits(enrollment: Enrollment, *, at: dt.datetime) -> dict[Reader, Permit]:
    """By reader, the attached permit under which something may go now; the one that lasts longest."""
    found: dict[Reader, Permit] = {}
    for row in attached(enrollment).order_by("permit__ends_at"):
        permit = row.permit
        reader = reader_of(enrollment, row.recipient_id)
        if reader is not None and permit.revoked_at is None and permit.starts_at <= at < permit.ends_at:
            found[reader] = permit
    return found


def permits_to_attach(user: User, enrollment: Enrollment, *, at: dt.datetime) -> list[Permit]:
    """Live permits for a report to one of the readers of this enrollment, which belong to no enrollment yet."""
    readers = [enrollment.program.court_id, enrollment.program.prosecution_id, enrollment.defense_id]
    rows = permits_now(to=user, at=at).filter(purpose="court", recipient__in=[pk for pk in readers if pk])
    taken = EnrollmentPermit.objects.filter(agency_id=enrollment.agency_id).values("permit_id")
    return list(rows.exclude(pk__in=taken)[:50])


def due_packets(agency: uuid.UUID, *, at: dt.datetime) -> list[uuid.UUID]:
    """Packets of reports whose hour has come: counsel had the report a day ago."""
    rows = ReportPacket.objects.filter(agency_id=agency, packet__state=WAITING).exclude(reader=Reader.DEFENSE)
    due = []
    for row in rows.select_related("report").order_by("pk"):
        had_it = counsel_had_it(row.report)
        if had_it is not None and had_it + COUNSEL_FIRST <= at:
            due.append(row.packet_id)
    return due


def counsel_had_it(report: ComplianceReport) -> dt.datetime | None:
    """When counsel got a report: by packet, or on paper."""
    packet = ReportPacket.objects.filter(
        agency_id=report.agency_id, report=report, reader=Reader.DEFENSE, packet__state__in=OUT
    )
    return packet.values_list("packet__delivered_at", flat=True).first() or report.given_to_counsel_at


@dataclass(frozen=True)
class Sent:
    """A report with what became of each packet of it."""

    report: ComplianceReport
    packets: list[ReportPacket]
    contests: list[ReportContest]


def reports_of(enrollment: Enrollment) -> list[Sent]:
    rows = ComplianceReport.objects.filter(agency_id=enrollment.agency_id, enrollment=enrollment)
    rows = rows.prefetch_related("packets__packet", "contests").select_related("frozen_by")
    return [Sent(row, list(row.packets.all()), list(row.contests.all())) for row in rows[:20]]


def open_contests(user: User) -> QuerySet[ReportContest]:
    rows = policies.visible(ReportContest.objects.filter(settled_on__isnull=True), to=user)
    return rows.select_related("report__enrollment")
