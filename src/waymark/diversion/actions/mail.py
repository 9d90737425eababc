"""Taking in what other agencies sent: each packet is opened once, and finds the own row by the reference in it.

The sender learns that a packet was opened. What finds no row stays in the mail, and is tried again the next time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from waymark.accounts.models import Agency, AgencyKind, User
from waymark.accounts.policies import Refused
from waymark.audit.actions import record
from waymark.disclosures.actions import open_packet, read_packet
from waymark.disclosures.models import InboxPacket
from waymark.disclosures.policies import Refused as NotOpened
from waymark.diversion import policies
from waymark.diversion.actions.referrals import open_matter, write_referral
from waymark.diversion.models import (
    ComplianceReport,
    Enrollment,
    Matter,
    MatterPacket,
    PartyDecision,
    Program,
    Referral,
    ReportContest,
)
from waymark.diversion.models.parties import Party, SealedRecord
from waymark.diversion.policies import DEFENSE_KINDS
from waymark.diversion.selectors.opened import by_reference
from waymark.vault.selectors import OpenVault

TO_PROGRAMS = ("court_referral", "party_decision", "court_outcome", "report_contest")
TO_PARTIES = ("compliance_report", "court_referral", "report_contest")
AT_ONCE = 100


@dataclass
class TakenIn:
    """How many packets found a row, and how many did not."""

    found: int = 0
    left: int = 0


def waiting_packets(by: User) -> QuerySet[InboxPacket]:
    """What came in for this agency's part in diversion and is in no row of its yet."""
    kinds = TO_PROGRAMS if policies.gives_programs(by) else TO_PARTIES
    rows = policies.visible(InboxPacket.objects.all(), to=by).filter(
        kind__in=kinds, sealed__isnull=False, taken_back_at__isnull=True, expires_at__gt=timezone.now()
    )
    if policies.gives_programs(by):
        for model in (Referral, PartyDecision, ReportContest):
            rows = rows.exclude(Exists(model._default_manager.filter(packet=OuterRef("pk"))))
        return rows.exclude(kind="court_outcome", read_at__isnull=False)
    return rows.exclude(Exists(MatterPacket.objects.filter(packet=OuterRef("pk"))))


@transaction.atomic
def take_in(*, vault: OpenVault, by: User) -> TakenIn:
    """Open what waits, and write it into the own rows. Raises Refused for an agency that has no part."""
    policies.must(policies.gives_programs(by) or policies.keeps_matters(by), policies.NOT_A_PARTY)
    # Referrals before decisions and reports, which look for them.
    packets = sorted(
        waiting_packets(by).select_related("sender")[:AT_ONCE],
        key=lambda packet: (packet.kind != "court_referral", packet.delivered_at),
    )
    done = TakenIn()
    known: dict[str, SealedRecord] = _known(vault, by) if packets else {}
    for packet in packets:
        said = _read(vault, packet, by)
        is_found = said is not None and (
            _into_program(vault, packet, said, known, by)
            if policies.gives_programs(by)
            else _into_matter(vault, packet, said, known, by)
        )
        done.found, done.left = done.found + is_found, done.left + (not is_found)
    if done.found:
        record(verb="diversion_mail.taken_in", by=by, kind="agency", about=vault.agency)
    return done


def _known(vault: OpenVault, by: User) -> dict[str, SealedRecord]:
    rows: Iterable[SealedRecord] = policies.visible(
        Referral.objects.all() if policies.gives_programs(by) else Matter.objects.all(), to=by
    ).filter(put_away_on__isnull=True)
    return by_reference(rows, vault)


def _read(vault: OpenVault, packet: InboxPacket, by: User) -> dict[str, str] | None:
    act = read_packet if packet.read_at else open_packet
    try:
        with transaction.atomic():
            content = act(vault=vault, packet=packet.pk, by=by)
    except NotOpened:
        return None
    # A word of an agency whose key nobody has compared is nobody's word.
    return content.values if content is not None and content.is_sender_known else None


def _into_program(
    vault: OpenVault, packet: InboxPacket, said: dict[str, str], known: dict[str, SealedRecord], by: User
) -> bool:
    referral = known.get(said["reference"])
    if packet.kind == "court_referral":
        return _referral(vault, packet, said, known, by)
    if not isinstance(referral, Referral):
        return False
    if packet.kind == "party_decision":
        return _decision(packet, said, referral)
    enrollment = Enrollment.objects.filter(agency_id=vault.agency, referral=referral).first()
    if enrollment is None:
        return False
    if packet.kind == "court_outcome":
        if packet.sender.kind != AgencyKind.COURT:
            return False
        enrollment.next_court_on = dt.date.fromisoformat(said["next_on"]) if said.get("next_on") else None
        enrollment.save(update_fields=["next_court_on"])
        return True
    reports = ComplianceReport.objects.filter(agency_id=vault.agency, enrollment=enrollment, for_day=said["for_day"])
    report = reports.order_by("-frozen_at").first()
    if report is None or packet.sender.kind not in DEFENSE_KINDS:
        return False
    ReportContest.objects.create(
        agency_id=vault.agency,
        report=report,
        field=said["field"],
        says=int(said["says"]),
        packet=packet.pk,
        came_on=timezone.localdate(packet.delivered_at),
    )
    return True


def _referral(
    vault: OpenVault, packet: InboxPacket, said: dict[str, str], known: dict[str, SealedRecord], by: User
) -> bool:
    program = Program.objects.filter(agency_id=vault.agency, is_open=True).order_by("name").first()
    if program is None or said["reference"] in known:
        return False
    facts = {name: said.get(name, "") for name in ("reference", "language", "counsel")}
    try:
        with transaction.atomic():
            referral = write_referral(
                vault=vault,
                program=program,
                section=said["charge"],
                offense_on=dt.date.fromisoformat(said["offense_on"]),
                facts={**facts, "is_adult": True},
                by=by,
                sender=packet.sender,
                packet=packet.pk,
            )
    except (Refused, ValueError):
        return False
    known[said["reference"]] = referral
    return True


def _decision(packet: InboxPacket, said: dict[str, str], referral: Referral) -> bool:
    kinds = {AgencyKind.PROSECUTION.value: Party.PROSECUTION} | {kind.value: Party.DEFENSE for kind in DEFENSE_KINDS}
    party = kinds.get(packet.sender.kind)
    # The prosecution is the program's, and counsel is the one who referred: another office's word is not theirs.
    theirs = referral.program.prosecution_id if party == Party.PROSECUTION else referral.sender_id
    is_another = theirs is not None and packet.sender_id != theirs
    if party is None or (is_another and (party == Party.PROSECUTION or _is_from_counsel(referral))):
        return False
    PartyDecision.objects.create(
        agency_id=referral.agency_id,
        referral=referral,
        party=party,
        verdict=said["verdict"],
        reason=said.get("reason", ""),
        decided_on=dt.date.fromisoformat(said["decided_on"]),
        packet=packet.pk,
    )
    return True


def _is_from_counsel(referral: Referral) -> bool:
    return referral.sender is not None and referral.sender.kind in DEFENSE_KINDS


def _into_matter(
    vault: OpenVault, packet: InboxPacket, said: dict[str, str], known: dict[str, SealedRecord], by: User
) -> bool:
    matter = known.get(said["reference"])
    if packet.kind == "court_referral" and matter is None and policies.party_of(by) is not None:
        matter = _proposed(vault, packet, said, by)
        if matter is not None:
            known[said["reference"]] = matter
    if not isinstance(matter, Matter):
        return False
    if packet.kind == "compliance_report" and packet.sender_id != matter.program_agency_id:
        return False
    MatterPacket.objects.create(agency_id=vault.agency, matter=matter, packet=packet.pk, kind=packet.kind)
    return True


def _proposed(vault: OpenVault, packet: InboxPacket, said: dict[str, str], by: User) -> Matter | None:
    """A matter about somebody whom another party proposed."""
    given_by = Agency.objects.filter(state=Agency.State.ACTIVE, kind__in=policies.PROGRAM_KINDS, pk=said["program"])
    program_agency = given_by.first()
    if program_agency is None:
        return None
    facts = {"reference": said["reference"], "language": said["language"], "is_adult": True}
    try:
        with transaction.atomic():
            return open_matter(
                vault=vault,
                program_agency=program_agency,
                section=said["charge"],
                offense_on=dt.date.fromisoformat(said["offense_on"]),
                facts=facts,
                by=by,
            )
    except (Refused, ValueError):
        return None
