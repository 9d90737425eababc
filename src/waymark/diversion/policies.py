"""Who has which part of a diversion program, for whom a program is, and when a report may go.

A part follows from the kind of agency: services give programs, and keep enrollments; court, prosecution and defense keep
matters. Nobody has two parts for one agency, and nobody sees another's rows.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, QuerySet

from waymark.access.permissions import Permission
from waymark.accounts.models import AgencyKind, User
from waymark.accounts.policies import Refused
from waymark.accounts.policies.people import holds
from waymark.diversion.models import EligibilityRule
from waymark.diversion.models.parties import Party
from waymark.law.models import Charge

Row = TypeVar("Row", bound=Model)

ADULT = 18
# Counsel has a report this long before court and prosecution; the database holds the same (migrations/sql/diversion.sql).
COUNSEL_FIRST = dt.timedelta(hours=24)
PROGRAM_KINDS = frozenset(
    {
        AgencyKind.FAITH,
        AgencyKind.HEALTH,
        AgencyKind.HOUSING,
        AgencyKind.OTHER_NON_PROFIT,
        AgencyKind.TRIBAL,
        AgencyKind.VICTIM_SERVICES,
    }
)
DEFENSE_KINDS = frozenset({AgencyKind.DEFENSE, AgencyKind.LEGAL_AID})
MATTER_KINDS = DEFENSE_KINDS | {AgencyKind.COURT, AgencyKind.PROSECUTION}
NOT_GIVEN = "Your agency gives no diversion program, or your role does not work in it."
NOT_A_PARTY = "Only a court, a prosecutor’s office and defense counsel keep matters."


def kind_of(by: User) -> str:
    return by.acting.agency.kind if by.acting is not None else ""


def gives_programs(by: User) -> bool:
    return holds(by, Permission.DIVERSION_PROGRAM_WORK) and kind_of(by) in PROGRAM_KINDS


def keeps_matters(by: User) -> bool:
    return holds(by, Permission.DIVERSION_MATTER_WORK) and kind_of(by) in MATTER_KINDS


def keeps_docket(by: User) -> bool:
    return keeps_matters(by) and kind_of(by) == AgencyKind.COURT


def is_defense(by: User) -> bool:
    return keeps_matters(by) and kind_of(by) in DEFENSE_KINDS


def party_of(by: User) -> Party | None:
    """For whom this member decides on a referral; a court decides nothing there."""
    if gives_programs(by):
        return Party.PROGRAM
    if is_defense(by):
        return Party.DEFENSE
    return Party.PROSECUTION if keeps_matters(by) and kind_of(by) == AgencyKind.PROSECUTION else None


def visible(queryset: QuerySet[Row], *, to: User) -> QuerySet[Row]:
    """Rows of the agency for which `to` acts, if it has a part at all; row security says the same once more."""
    if to.acting is None or not (gives_programs(to) or keeps_matters(to)):
        return queryset.none()
    return queryset.filter(agency_id=to.acting.agency_id)


def must_give(by: User) -> uuid.UUID:
    """The agency whose program it is. Raises Refused."""
    if not gives_programs(by) or by.acting is None:
        raise Refused(NOT_GIVEN)
    agency: uuid.UUID = by.acting.agency_id
    return agency


def must_keep(by: User) -> uuid.UUID:
    """The agency whose matter it is. Raises Refused."""
    if not keeps_matters(by) or by.acting is None:
        raise Refused(NOT_A_PARTY)
    agency: uuid.UUID = by.acting.agency_id
    return agency


def may_read_orders(by: User) -> bool:
    """Any agency can be told to seal: also one that has no part in a program."""
    return by.acting is not None and holds(by, Permission.PACKET_READ)


def may_carry_out(by: User) -> bool:
    """Who answers an order. Where a program is given, whoever works in it: nobody else opens its rows to look."""
    is_of_program = kind_of(by) in PROGRAM_KINDS
    return may_read_orders(by) and holds(by, Permission.PACKET_SEND) and (not is_of_program or gives_programs(by))


def must(may: bool, why: str) -> None:
    if not may:
        raise Refused(why)


@dataclass(frozen=True)
class Facts:
    """What a rule is asked about: nothing else is known of anybody, so no rule can turn on anything else."""

    charge: Charge | None
    offense_on: dt.date | None
    is_adult: bool


def unmet(rules: Iterable[EligibilityRule], facts: Facts, *, on: dt.date) -> list[EligibilityRule]:
    """The rules in force on a day that somebody does not meet. A charge that is not known meets no rule about charges."""
    return [rule for rule in rules if is_in_force(rule, on) and not _meets(rule, facts)]


def is_in_force(rule: EligibilityRule, on: dt.date) -> bool:
    return (rule.in_force_from is None or rule.in_force_from <= on) and (
        rule.in_force_until is None or on <= rule.in_force_until
    )


def _meets(rule: EligibilityRule, facts: Facts) -> bool:
    if rule.kind == EligibilityRule.Kind.ADULT:
        return facts.is_adult
    if facts.charge is None:
        return False
    if rule.kind == EligibilityRule.Kind.LEVEL:
        return facts.charge.level in rule.values
    is_listed = facts.charge.section in rule.values
    return is_listed if rule.kind == EligibilityRule.Kind.CHARGE else not is_listed
