"""Programs as data: made from a template, and changed as the agency and its court agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from waymark.accounts.models import Agency, AgencyKind, User
from waymark.accounts.policies import Refused
from waymark.audit.actions import record
from waymark.diversion import policies
from waymark.diversion.formats.program_files import templates
from waymark.diversion.models import EligibilityRule, Phase, Program, Progress, Requirement


@transaction.atomic
def make_program(*, template: str, name: str, court: Agency, prosecution: Agency, by: User) -> Program:
    """A program with the phases, requirements and rules of a template."""
    agency = policies.must_give(by)
    content = templates()[template]
    if court.kind != AgencyKind.COURT or prosecution.kind != AgencyKind.PROSECUTION:
        raise Refused("Choose a court and a prosecutor’s office.")
    if Program.objects.filter(agency_id=agency, name=name).exists():
        raise Refused("Your agency has a program of this name.")
    program = Program.objects.create(
        agency_id=agency,
        name=name,
        template=f"{content.key} {content.version}",
        court=court,
        prosecution=prosecution,
        handbook=content.handbook,
    )
    for number, part in enumerate(content.phases, start=1):
        phase = Phase.objects.create(
            agency_id=agency, program=program, number=number, name=part.name, least_days=part.least_days
        )
        for kind, amount in part.asks.items():
            Requirement.objects.create(agency_id=agency, phase=phase, kind=kind, amount=amount)
    for rule in content.rules:
        EligibilityRule.objects.create(
            agency_id=agency, program=program, kind=rule.kind, values=list(rule.values), source=rule.source
        )
    record(verb="diversion_program.made", by=by, kind="diversion_program", about=program.pk)
    return program


@transaction.atomic
def set_requirement(*, phase: Phase, kind: str, amount: int, by: User) -> None:
    """How much a phase asks for; none of it takes the requirement away, as long as nobody has done any of it."""
    agency = policies.must_give(by)
    known = Requirement.objects.filter(agency_id=agency, phase=phase, kind=kind)
    if amount:
        Requirement.objects.update_or_create(agency_id=agency, phase=phase, kind=kind, defaults={"amount": amount})
    elif known.exists():
        if Progress.objects.filter(agency_id=agency, requirement__in=known).exists():
            raise Refused("Somebody has done some of it. Ask for less, but not for nothing.")
        known.delete()
    record(verb="diversion_program.changed", by=by, kind="diversion_program", about=phase.program_id, fields=(kind,))


@transaction.atomic
def add_rule(
    *,
    program: Program,
    kind: str,
    values: Sequence[str],
    source: str,
    in_force_from: dt.date | None,
    in_force_until: dt.date | None,
    by: User,
) -> EligibilityRule:
    """A rule that holds from one day to another. There are four kinds, and no other can be written down."""
    agency = policies.must_give(by)
    if kind not in EligibilityRule.Kind.values or bool(values) == (kind == EligibilityRule.Kind.ADULT):
        raise Refused("Say which levels or sections it is about; the rule about age takes none.")
    rule = EligibilityRule.objects.create(
        agency_id=agency,
        program=program,
        kind=kind,
        values=list(values),
        source=source,
        in_force_from=in_force_from,
        in_force_until=in_force_until,
    )
    record(verb="diversion_rule.added", by=by, kind="diversion_program", about=program.pk)
    return rule


@transaction.atomic
def end_rule(*, rule: EligibilityRule, until: dt.date, by: User) -> None:
    """The last day of a rule. What was decided under it stays decided."""
    policies.must_give(by)
    if rule.in_force_from is not None and until < rule.in_force_from:
        raise Refused("A rule does not end before it begins.")
    rule.in_force_until = until
    rule.save(update_fields=["in_force_until"])
    record(verb="diversion_rule.ended", by=by, kind="diversion_program", about=rule.program_id)
