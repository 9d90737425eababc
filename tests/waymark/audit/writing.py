"""What the tests of the audit write with: two agencies' chains, and a member who needs no row of their own."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.db import transaction

from waymark.audit.actions import record
from waymark.audit.selectors import problems_of

AGENCY = uuid.UUID("11111111-1111-4111-8111-111111111111")
OTHER = uuid.UUID("22222222-2222-4222-8222-222222222222")
ANA = uuid.UUID("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa")


@dataclass
class Member:
    """Somebody who acts for an agency, as far as the audit needs one."""

    pk: uuid.UUID = ANA
    agency: uuid.UUID = AGENCY
    role: str = "advocate"
    acting: Any = field(init=False)

    def __post_init__(self) -> None:
        self.acting = SimpleNamespace(agency_id=self.agency)


def write(count: int, by: Member | None = None) -> None:
    for number in range(count):
        with transaction.atomic():
            record(verb="case.opened", by=by or Member(), kind="case", about=f"case-{number}", fields=["name"])


def words(chain: uuid.UUID = AGENCY) -> list[str]:
    return [f"{problem.sequence} {problem.what.split(':')[0]}" for problem in problems_of(chain)]
