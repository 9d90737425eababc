"""Finding somebody: in the site's search by what stands open, codes and names of programs; by what is sealed in memory.

A name, initials, a court's number or a reference is found only by a member of the agency that wrote it, with an open vault,
and only where this member may open the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.accounts.policies.people import holds
from waymark.diversion.models.parties import SealedRecord
from waymark.diversion.selectors import docket, programs
from waymark.diversion.selectors.opened import opened_by_batch
from waymark.pages.found import FoundRows, matching
from waymark.vault.selectors import OpenVault

SEALED = ("name", "initials", "case_number", "reference")
# Of the newest rows; whoever is older is found by code.
LOOKED_THROUGH = 5_000
SHOWN = 20


def search_for(user: User, words: Sequence[str]) -> list[FoundRows]:
    """What stands open. Which kinds are asked for follows from the role alone."""
    found = []
    if holds(user, Permission.DIVERSION_PROGRAM_WORK):
        found += [
            FoundRows(
                programs.enrollments(user, state="every").filter(matching(words, "code")),
                "Enrollment",
                "diversion:enrollment_detail",
                "code",
            ),
            FoundRows(
                programs.referrals(user).filter(matching(words, "code")), "Referral", "diversion:referral_detail", "code"
            ),
            FoundRows(
                programs.programs(user).filter(matching(words, "name")), "Program", "diversion:program_detail", "name"
            ),
        ]
    if holds(user, Permission.DIVERSION_MATTER_WORK):
        found.append(
            FoundRows(docket.matters(user).filter(matching(words, "code")), "Matter", "diversion:matter_detail", "code")
        )
    return found


@dataclass(frozen=True)
class Somebody:
    """A row that fits, with what it says."""

    row: SealedRecord
    facts: dict[str, Any] = field(repr=False)


def find_sealed(rows: QuerySet[Any], words: str, vault: OpenVault) -> list[Somebody]:
    """Rows in whose sealed name, initials, court number or reference every word stands, or in whose code."""
    wanted = words.casefold().split()
    found: list[Somebody] = []
    some: Iterable[SealedRecord] = rows.order_by("-made_at")[:LOOKED_THROUGH]
    for row, facts in opened_by_batch(some, vault):
        text = " ".join([row.code, *(str(facts.get(name, "")) for name in SEALED)]).casefold()
        if all(word in text for word in wanted):
            found.append(Somebody(row, facts))
            if len(found) == SHOWN:
                break
    return found
