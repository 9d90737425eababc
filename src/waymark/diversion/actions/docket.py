"""The court's day: who is on the list, what is reported, what came of it, and when it is heard next.

Reading a report is an event, and the program learns that it was opened. A report that was taken back reads "no report",
like one that was never written.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import Agency, User
from waymark.accounts.policies import Refused
from waymark.audit.actions import record
from waymark.disclosures.actions import open_packet, read_packet
from waymark.disclosures.models import InboxPacket
from waymark.disclosures.policies import Refused as NotOpened
from waymark.diversion import policies
from waymark.diversion.actions.referrals import send_closed
from waymark.diversion.actions.sealed_rows import facts_of
from waymark.diversion.models import DocketEntry, Matter
from waymark.diversion.selectors.docket import packets_of
from waymark.diversion.selectors.opened import opened
from waymark.vault.selectors import OpenVault

OVER = frozenset({DocketEntry.Outcome.DISMISSED.value, DocketEntry.Outcome.TERMINATED.value})


@dataclass(frozen=True)
class Report:
    """What a report says, typed: there is nothing else in it."""

    packet: uuid.UUID
    for_day: dt.date
    is_enrolled: bool
    phase: int
    sessions_attended: int
    sessions_required: int
    hours: int
    appointments: int
    status: str
    next_on: dt.date | None
    delivered_at: dt.datetime

    @classmethod
    def of(cls, packet: InboxPacket, said: Mapping[str, str]) -> Report:
        return cls(
            packet=packet.pk,
            for_day=dt.date.fromisoformat(said["for_day"]),
            is_enrolled=said["enrolled"] == "yes",
            phase=int(said["phase"]),
            sessions_attended=int(said["sessions_attended"]),
            sessions_required=int(said["sessions_required"]),
            hours=int(said["hours"]),
            appointments=int(said["appointments"]),
            status=said["status"],
            next_on=dt.date.fromisoformat(said["next_on"]) if said.get("next_on") else None,
            delivered_at=packet.delivered_at,
        )

    @property
    def is_on_track(self) -> bool:
        return self.status == "on_track"


@dataclass(frozen=True)
class Contest:
    """What counsel says of a number of a report."""

    field: str
    says: int
    for_day: dt.date


@dataclass(frozen=True)
class Page:
    """One person on one page: initials and case number, the report or none, what counsel contests."""

    entry: DocketEntry | None
    matter: Matter
    facts: dict[str, Any] = field(repr=False)
    report: Report | None
    contests: list[Contest]


def read_one(*, vault: OpenVault, packet: InboxPacket, by: User) -> dict[str, str] | None:
    """The content of one packet, or None when there is nothing to read any more. Each look is an event."""
    act = read_packet if packet.read_at else open_packet
    try:
        with transaction.atomic():
            content = act(vault=vault, packet=packet.pk, by=by)
    except NotOpened:
        return None
    return content.values if content is not None and content.is_sender_known else None


def open_pages(
    *, vault: OpenVault, matters: Iterable[Matter], by: User, on: dt.date | None = None, entries: Iterable[DocketEntry] = ()
) -> list[Page]:
    """The pages of many matters, with the report for the day `on`, or the newest."""
    policies.must_keep(by)
    rows = list(matters)
    facts = opened(rows, vault)
    entry_of = {entry.matter_id: entry for entry in entries}
    here = packets_of(rows)
    pages = []
    for matter in rows:
        said = here.get(matter.pk, {})
        contests = [
            _contest(each)
            for packet in said.get("report_contest", [])
            if (each := read_one(vault=vault, packet=packet, by=by))
        ]
        report = None
        for packet in said.get("compliance_report", []):
            values = read_one(vault=vault, packet=packet, by=by)
            if values is not None and (on is None or values["for_day"] == on.isoformat()):
                report = Report.of(packet, values)
                break
            if on is not None and values is not None and values["for_day"] < on.isoformat():
                break
        shown = [each for each in contests if report is not None and each.for_day == report.for_day]
        pages.append(Page(entry_of.get(matter.pk), matter, facts.get(matter.pk, {}), report, shown))
    return pages


def _contest(said: Mapping[str, str]) -> Contest:
    return Contest(said["field"], int(said["says"]), dt.date.fromisoformat(said["for_day"]))


@transaction.atomic
def note_print(*, matters: Iterable[Matter], by: User) -> None:
    """A line for each report that is printed, written before the page is."""
    policies.must_keep(by)
    for matter in matters:
        record(verb="report.printed", by=by, kind="diversion_matter", about=matter.pk)


@transaction.atomic
def put_on_docket(*, matter: Matter, on: dt.date, kind: str, by: User) -> DocketEntry:
    agency = policies.must_keep(by)
    policies.must(policies.keeps_docket(by), "A court keeps a docket.")
    if DocketEntry.objects.filter(agency_id=agency, matter=matter, on=on).exists():
        raise Refused("This matter is on the list of that day already.")
    entry = DocketEntry.objects.create(agency_id=agency, matter=matter, on=on, kind=kind)
    record(verb="docket.entered", by=by, kind="diversion_matter", about=matter.pk)
    return entry


@transaction.atomic
def enter_outcome(
    *,
    vault: OpenVault,
    entry: DocketEntry,
    outcome: str,
    next_on: dt.date | None,
    next_kind: str,
    tells_program: bool,
    by: User,
) -> None:
    """What came of a court day, and the next one. The program is told both, and nothing else."""
    agency = policies.must_keep(by)
    policies.must(policies.keeps_docket(by), "A court keeps a docket.")
    policies.must(
        outcome != DocketEntry.Outcome.TERMINATED or entry.kind == DocketEntry.Kind.TERMINATION,
        "Nobody is terminated but at a noticed hearing. Put the matter on a day as one, and give notice.",
    )
    policies.must((outcome in OVER) <= (next_on is None), "What is over has no next day.")
    policies.must(next_on is None or next_on > entry.on, "The next day is after this one.")
    entry.outcome, entry.entered_at, entry.entered_by = outcome, timezone.now(), by
    entry.save(update_fields=["outcome", "entered_at", "entered_by"])
    if next_on is not None:
        DocketEntry.objects.get_or_create(
            agency_id=agency, matter=entry.matter, on=next_on, defaults={"kind": next_kind or DocketEntry.Kind.REVIEW}
        )
    if tells_program:
        values = {
            "held_on": entry.on.isoformat(),
            "outcome": outcome,
            "reference": facts_of(vault, entry.matter)["reference"],
        }
        send_closed(
            vault=vault,
            page=uuid.uuid5(entry.pk, f"{outcome} {next_on}"),
            recipient=entry.matter.program_agency,
            kind="court_outcome",
            values=values | ({"next_on": next_on.isoformat()} if next_on else {}),
            by=by,
        )
    record(verb="docket.heard", by=by, kind="diversion_matter", about=entry.matter_id, fields=(outcome,))


@transaction.atomic
def contest_report(
    *, vault: OpenVault, matter: Matter, packet: InboxPacket | None, number: str, says: int, court: Agency | None, by: User
) -> None:
    """Counsel contests a number: the program looks again, and a court that is told reads it beside the report."""
    policies.must_keep(by)
    policies.must(policies.is_defense(by), "Counsel contests a report.")
    said = read_one(vault=vault, packet=packet, by=by) if packet is not None else None
    if packet is None or said is None:
        raise Refused("There is no report to contest.")
    values = {"field": number, "for_day": said["for_day"], "reference": said["reference"], "says": str(says)}
    for recipient in (matter.program_agency, court):
        if recipient is not None:
            page = uuid.uuid5(packet.pk, f"{number} {says} {recipient.pk}")
            send_closed(vault=vault, page=page, recipient=recipient, kind="report_contest", values=values, by=by)
    record(verb="report_contest.sent", by=by, kind="diversion_matter", about=matter.pk, fields=(number,))
