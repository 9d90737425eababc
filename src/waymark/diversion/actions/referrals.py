"""Proposing somebody, deciding for one's own party, and telling the program: each party its own row, packets between.

A decision goes to the program alone. Nobody else learns of "not now", neither who said it nor that anybody did.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import Agency, User
from waymark.accounts.policies import Refused
from waymark.audit.actions import record
from waymark.disclosures.actions import deliver_packet, freeze_packet
from waymark.diversion import policies
from waymark.diversion.actions.sealed_rows import change_facts, facts_of, make_row
from waymark.diversion.formats.references import is_record_number, new_reference
from waymark.diversion.models import Matter, PartyDecision, Program, Referral
from waymark.diversion.models.parties import Verdict
from waymark.diversion.selectors.opened import by_reference, charge_in, day_in
from waymark.law.models import Charge
from waymark.vault.selectors import OpenVault

NOT_IN_FORCE = "This charge was not in force on that day. Look it up under Charges."
RECORD_NUMBER = "This is, or names, a number of a criminal record (CII, FBI). It is not written down here."
KNOWN = "Your agency has this reference already."


def send_closed(
    *, vault: OpenVault, page: uuid.UUID, recipient: Agency, kind: str, values: Mapping[str, str], by: User
) -> uuid.UUID:
    """A packet without a permit, written and handed over at once; a part of the act that needs it."""
    packet = freeze_packet(vault=vault, page=page, recipient=recipient, kind=kind, values=values, permit=None, by=by)
    deliver_packet(packet=packet.pk, by=by)
    return packet.pk


def charge_fields(section: str, offense_on: dt.date | None) -> dict[str, Any]:
    """The columns of a charge. Raises Refused for one that was not in force on the day."""
    if not section:
        return {}
    charge = charge_in(section, offense_on)
    if charge is None or offense_on is None:
        raise Refused(NOT_IN_FORCE)
    return {"charge": charge, "offense_year": offense_on.year}


def must_be_no_record_number(*texts: str) -> None:
    if any(is_record_number(text) for text in texts if text):
        raise Refused(RECORD_NUMBER)


@transaction.atomic
def write_referral(
    *,
    vault: OpenVault,
    program: Program,
    section: str,
    offense_on: dt.date | None,
    facts: Mapping[str, Any],
    by: User,
    sender: Agency | None = None,
    packet: uuid.UUID | None = None,
) -> Referral:
    """Somebody proposed to the program: by a packet, or by word of mouth, with a reference that counsel gave."""
    agency = policies.must_give(by)
    if facts["reference"] in by_reference(Referral.objects.filter(agency_id=agency), vault):
        raise Refused(KNOWN)
    referral = make_row(
        Referral,
        vault=vault,
        letter="F",
        facts={**facts, "offense_on": offense_on.isoformat() if offense_on else ""},
        by=by,
        pk=uuid.uuid4(),
        program=program,
        sender=sender,
        packet=packet,
        came_on=timezone.localdate(),
        **charge_fields(section, offense_on),
    )
    record(verb="diversion_referral.written", by=by, kind="diversion_referral", about=referral.pk)
    return referral


@transaction.atomic
def decide_referral(*, referral: Referral, verdict: str, reason: str, by: User) -> PartyDecision:
    """What the program says. "Not now" is told to nobody."""
    agency = policies.must_give(by)
    decision = PartyDecision.objects.create(
        agency_id=agency,
        referral=referral,
        party="program",
        verdict=verdict,
        reason=reason if verdict == Verdict.NOT_NOW else "",
        decided_on=timezone.localdate(),
    )
    record(verb="diversion_decision.made", by=by, kind="diversion_referral", about=referral.pk)
    return decision


@transaction.atomic
def open_matter(
    *,
    vault: OpenVault,
    program_agency: Agency,
    section: str,
    offense_on: dt.date | None,
    facts: Mapping[str, Any],
    by: User,
    pk: uuid.UUID | None = None,
) -> Matter:
    """A case as this agency keeps it. Without a reference that another party gave it gets a random one."""
    agency = policies.must_keep(by)
    must_be_no_record_number(facts.get("case_number", ""), facts.get("initials", ""))
    reference = facts.get("reference") or new_reference()
    if reference in by_reference(Matter.objects.filter(agency_id=agency), vault):
        raise Refused(KNOWN)
    matter = make_row(
        Matter,
        vault=vault,
        letter="M",
        facts={**facts, "reference": reference, "offense_on": offense_on.isoformat() if offense_on else ""},
        by=by,
        pk=pk or uuid.uuid4(),
        program_agency=program_agency,
        **charge_fields(section, offense_on),
    )
    record(verb="diversion_matter.opened", by=by, kind="diversion_matter", about=matter.pk)
    return matter


@transaction.atomic
def change_matter(*, vault: OpenVault, matter: Matter, facts: Mapping[str, Any], by: User) -> None:
    """Correct initials, case number and language."""
    policies.must_keep(by)
    must_be_no_record_number(*facts.values())
    change_facts(vault, matter, facts)
    record(verb="diversion_matter.changed", by=by, kind="diversion_matter", about=matter.pk, fields=sorted(facts))


@transaction.atomic
def refer(*, vault: OpenVault, matter: Matter, recipient: Agency, counsel_agrees: bool, by: User) -> None:
    """Propose somebody: to the program, and to the party that must decide as well. No name goes along."""
    policies.must_keep(by)
    facts = facts_of(vault, matter)
    offense_on = day_in(facts, "offense_on")
    charge: Charge | None = matter.charge
    if charge is None or offense_on is None:
        raise Refused("Write down the charge and the day of the offense first.")
    if not facts.get("is_adult"):
        raise Refused("Write down first that the person was 18 or older on that day.")
    send_closed(
        vault=vault,
        page=uuid.uuid5(matter.pk, f"referral to {recipient.pk}"),
        recipient=recipient,
        kind="court_referral",
        values={
            "adult": "yes",
            "charge": charge.section,
            "counsel": "yes" if counsel_agrees else "not_yet",
            "language": facts.get("language") or "en",
            "offense_on": offense_on.isoformat(),
            "program": str(matter.program_agency_id),
            "reference": facts["reference"],
        },
        by=by,
    )
    record(verb="diversion_referral.sent", by=by, kind="diversion_matter", about=matter.pk)


@transaction.atomic
def decide_matter(*, vault: OpenVault, matter: Matter, verdict: str, reason: str, by: User) -> PartyDecision:
    """What this party says, in its own row; the program gets a packet, and nobody else gets anything."""
    agency = policies.must_keep(by)
    party = policies.party_of(by)
    if party is None:
        raise Refused("A court decides nothing about a referral here.")
    reason = reason if verdict == Verdict.NOT_NOW else ""
    today = timezone.localdate()
    decision = PartyDecision.objects.create(
        agency_id=agency, matter=matter, party=party, verdict=verdict, reason=reason, decided_on=today
    )
    values = {"decided_on": today.isoformat(), "reference": facts_of(vault, matter)["reference"], "verdict": verdict}
    send_closed(
        vault=vault,
        page=decision.pk,
        recipient=matter.program_agency,
        kind="party_decision",
        values=values | ({"reason": reason} if reason else {}),
        by=by,
    )
    record(verb="diversion_decision.made", by=by, kind="diversion_matter", about=matter.pk)
    return decision
