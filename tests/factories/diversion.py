"""Diversion for tests: a program and the three agencies beside it, and somebody in it.

Invariants: court and prosecution are other agencies than the program's; an enrollment stands on three agreements, two of
which came in packets that crossed by the real functions. Sealed bytes are random here: tests that read use the actions.
"""

from __future__ import annotations

import datetime as dt
import os
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.disclosures import acting, frozen, pin, with_key

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind, User
from waymark.disclosures.actions import crossing
from waymark.disclosures.models import InboxPacket
from waymark.diversion.formats.references import new_code
from waymark.diversion.models import (
    EligibilityRule,
    Enrollment,
    Matter,
    PartyDecision,
    Phase,
    Program,
    Referral,
    Requirement,
)

DECISION_FIELDS = ["decided_on", "reference", "verdict"]


def agency_of(user: User) -> Agency:
    assert user.acting is not None
    return user.acting.agency


@dataclass
class Parties:
    """Somebody in each of the four agencies, and the program."""

    worker: User
    judge: User
    prosecutor: User
    counsel: User
    program: Program = field(init=False)

    def each(self) -> tuple[User, ...]:
        return (self.worker, self.judge, self.prosecutor, self.counsel)


def four_parties(worker: User | None = None) -> Parties:
    """Four agencies that have compared words, and a program of the first. A `worker` who is given has keys already."""

    def somebody(kind: AgencyKind, role: Role) -> User:
        return UserFactory(role=role.value, agency=AgencyFactory(kind=kind.value))

    here = Parties(
        worker or somebody(AgencyKind.VICTIM_SERVICES, Role.ADVOCATE),
        somebody(AgencyKind.COURT, Role.MEMBER),
        somebody(AgencyKind.PROSECUTION, Role.MEMBER),
        somebody(AgencyKind.DEFENSE, Role.ADVOCATE),
    )
    for one in here.each():
        others = [agency_of(other) for other in here.each() if other is not one]
        if one is worker:
            with acting(one):
                for other in others:
                    pin(one, other)
        else:
            with_key(one, *others)
    with acting(here.worker):
        here.program = a_program(here.worker, court=agency_of(here.judge), prosecution=agency_of(here.prosecutor))
    return here


def a_program(by: User, *, court: Agency, prosecution: Agency, name: str = "Program (invented)") -> Program:
    """Two phases; sessions, hours and appointments."""
    agency = agency_of(by)
    program = Program.objects.create(
        agency=agency, name=name, template="test 1", court=court, prosecution=prosecution, handbook="1"
    )
    for number, asks in ((1, {"sessions": 4, "appointments": 1}), (2, {"sessions": 6, "hours": 8, "peer": 3})):
        phase = Phase.objects.create(agency=agency, program=program, number=number, name=f"Phase {number}")
        for kind, amount in asks.items():
            Requirement.objects.create(agency=agency, phase=phase, kind=kind, amount=amount)
    EligibilityRule.objects.create(
        agency=agency, program=program, kind="adult", source="The program’s agreement (invented)"
    )
    return program


def a_referral(program: Program, by: User, **changes: Any) -> Referral:
    values = {"code": new_code("F"), "came_on": timezone.localdate(), "sealed": os.urandom(180)} | changes
    return Referral.objects.create(agency_id=program.agency_id, program=program, made_by=by, **values)


def a_matter(by: User, program_agency: Agency, **changes: Any) -> Matter:
    values = {"code": new_code("M"), "sealed": os.urandom(180)} | changes
    return Matter.objects.create(agency=agency_of(by), program_agency=program_agency, made_by=by, **values)


def decision_packet(sender: User, recipient: User) -> uuid.UUID:
    """A decision that crosses and is opened: the id of the recipient's copy. Each side in its own transaction."""
    with acting(sender):
        sent = frozen(sender, agency_of(recipient), kind="party_decision", fields=DECISION_FIELDS)
        crossing.deliver(sent.pk)
    with acting(recipient):
        crossing.acknowledge(agency_of(sender).pk, sent.pk)
        return InboxPacket.objects.values_list("pk", flat=True).get(packet=sent.pk)


def agree(referral: Referral, here: Parties, *, without: str = "") -> None:
    """Everybody agrees, but `without`."""
    packets = {
        "prosecution": decision_packet(here.prosecutor, here.worker),
        "defense": decision_packet(here.counsel, here.worker),
        "program": None,
    }
    with acting(here.worker):
        for party, packet in packets.items():
            if party != without:
                say(referral, party, "agrees", packet)


def say(referral: Referral, party: str, verdict: str, packet: uuid.UUID | None = None) -> PartyDecision:
    return PartyDecision.objects.create(
        agency_id=referral.agency_id,
        referral=referral,
        party=party,
        verdict=verdict,
        decided_on=timezone.localdate(),
        packet=packet,
    )


def an_enrollment(here: Parties, *, referral: Referral | None = None, **changes: Any) -> Enrollment:
    """Somebody in the program; all have agreed. Made in transactions of its own."""
    today = timezone.localdate()
    if referral is None:
        with acting(here.worker):
            referral = a_referral(here.program, here.worker)
        agree(referral, here)
    before = today - dt.timedelta(days=200)
    values = {
        "code": new_code("E"),
        "defense": agency_of(here.counsel),
        "phase": here.program.phases.first,
        "phase_since": before,
        "authority": "pc_1001",
        "started_on": before,
        "max_end_on": before + dt.timedelta(days=700),
        "was_adult": True,
        "counsel_met_on": before,
        "immigration_advice_on": before,
        "counsel_asked_on": before,
        "rights_told_on": before,
        "sealed": os.urandom(300),
    } | changes
    with acting(here.worker):
        if callable(values["phase"]):
            values["phase"] = values["phase"]()
        return Enrollment.objects.create(
            agency=agency_of(here.worker), program=here.program, referral=referral, made_by=here.worker, **values
        )
