"""Which agency may give which role, and what its kind brings with it.

A role that reaches beyond one agency (who keeps the directory, the region, the installation) is given only in the agency
that runs the installation: otherwise every officer could make a second account and call it coordinator. The database
holds the same list (migrations/sql/people.sql).
"""

from __future__ import annotations

from dataclasses import dataclass

from waymark.access.permissions import ROLE_SENTENCES, Role
from waymark.accounts.formats.policy_packs import Law, Pack, read_packs
from waymark.accounts.models import Agency, AgencyKind, Side

EVERYWHERE = frozenset({Role.MEMBER, Role.OFFICER})
AT_THE_HOST = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR, Role.STEWARD})
# Survivors' cases are kept where people are served. Never on the justice side, and not where the work is politics or trade.
CASE_KINDS = frozenset(
    {
        AgencyKind.CHILD_WELFARE,
        AgencyKind.DEFENSE,
        AgencyKind.FAITH,
        AgencyKind.HEALTH,
        AgencyKind.HOUSING,
        AgencyKind.LEGAL_AID,
        AgencyKind.OTHER_NON_PROFIT,
        AgencyKind.SCHOOL,
        AgencyKind.TRIBAL,
        AgencyKind.VICTIM_SERVICES,
    }
)
# Who holds the survivor council keeps its people's names and pay. A public agency would have to show both to whoever asks
# for its records (Cal. Gov. Code 7920.000), so a non-profit holds it.
COUNCIL_KINDS = frozenset({AgencyKind.OTHER_NON_PROFIT, AgencyKind.VICTIM_SERVICES})
SIDE_SENTENCES = {
    Side.COMMON: "Stands on neither side of the justice wall.",
    Side.JUSTICE: "Stands on the justice side: its people see nothing that depends on a survivor's record.",
    Side.SURVIVOR: "Stands on the survivor side: its people work for no agency of the justice side.",
}


def may_hold_cases(kind: str) -> bool:
    """Whether an agency of this kind may keep survivors' cases."""
    return kind in CASE_KINDS


def role_fits(role: str, *, kind: str, is_host: bool) -> bool:
    """Whether an agency of this kind may have a member with this role."""
    if role in AT_THE_HOST:
        return is_host
    if role == Role.ADVOCATE:
        return may_hold_cases(kind)
    if role == Role.COUNCIL:
        return kind in COUNCIL_KINDS
    return role in EVERYWHERE


def roles_to_give(agency: Agency) -> list[tuple[str, str]]:
    """The roles that an officer of `agency` may give, each with its sentence. Administrators are made by two people."""
    return [
        (role.value, sentence)
        for role, sentence in ROLE_SENTENCES.items()
        if role is not Role.ADMINISTRATOR and role_fits(role, kind=agency.kind, is_host=agency.is_host)
    ]


@dataclass(frozen=True)
class Consequence:
    """One thing that follows from a kind, with what it means; `is_known` is false for an empty slot."""

    label: str
    text: str
    is_known: bool = True


def pack_of(kind: str) -> Pack:
    """The policy pack of a kind of agency."""
    return read_packs()[kind]


def laws_of(kind: str) -> tuple[Law, ...]:
    return pack_of(kind).laws


def consequences_of(kind: str) -> list[Consequence]:
    """What follows from a kind, in the words of the screen where the kind is chosen or shown."""
    pack = pack_of(kind)
    side = side_of(kind)
    found = [
        Consequence("Justice wall", SIDE_SENTENCES[side]),
        Consequence(
            "Survivors' cases",
            "May keep survivors' cases in its own vault."
            if may_hold_cases(kind)
            else "Keeps no survivors' cases; no member can be an advocate here.",
        ),
        Consequence("HMIS", "Barred: nothing about a client goes to HMIS.")
        if pack.is_barred_from_hmis
        else Consequence("HMIS", "Not recorded for this kind. Ask counsel.", is_known=False),
    ]
    for duty in pack.duties:
        if duty.usual:
            found.append(
                Consequence(
                    f"Must report: {duty.name.lower()}",
                    f"Not by this work alone; a license or another function may say otherwise ({duty.source}).",
                )
            )
        else:
            found.append(
                Consequence(
                    f"Must report: {duty.name.lower()}",
                    f"Not recorded for this kind. Decide it for each person ({duty.source}).",
                    is_known=False,
                )
            )
    return found


def side_of(kind: str) -> Side:
    """On which side of the justice wall a kind stands; the database computes the same."""
    from waymark.accounts.models.agencies import JUSTICE_KINDS, SURVIVOR_KINDS

    if kind in JUSTICE_KINDS:
        return Side.JUSTICE
    return Side.SURVIVOR if kind in SURVIVOR_KINDS else Side.COMMON
