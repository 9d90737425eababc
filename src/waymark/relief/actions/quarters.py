"""Letting a quarter of record relief out, once: two numbers of the whole office, and nothing of a case."""

from __future__ import annotations

from typing import cast

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import Membership, User
from waymark.audit.actions import record
from waymark.diversion.models import ReliefTotal
from waymark.operations.formats.quarterly import is_ripe
from waymark.people.policies import Refused
from waymark.relief import policies
from waymark.relief.formats.quarters import told
from waymark.relief.selectors.counting import counted_of


@transaction.atomic
def give_quarter(*, year: int, quarter: int, by: User) -> ReliefTotal:
    """The office's two numbers of a quarter, small ones held back. They do not change afterwards."""
    agency = policies.must_work(by)
    if not is_ripe(year, quarter, on=timezone.localdate()):
        raise Refused("A quarter is given once, 30 days after it is over: until then a late step could still be written.")
    if ReliefTotal.objects.filter(agency_id=agency, year=year, quarter=quarter).exists():
        raise Refused("Your office has given this quarter. A second time would tell what came in between.")
    filed, granted = told(counted_of(agency, year, quarter))
    made = ReliefTotal.objects.create(
        agency_id=agency,
        year=year,
        quarter=quarter,
        filed=filed,
        granted=granted,
        given_by=cast(Membership, by.acting),
        given_at=timezone.now(),
    )
    record(verb="relief.quarter_given", by=by, kind="quarter", about=f"{year} Q{quarter}")
    return made
