"""Letting a quarter out, once: an agency for victims its own totals, the coalition the file for the federal measures."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.accounts.policies import Refused
from waymark.audit.actions import record
from waymark.operations import policies
from waymark.operations.formats.quarterly import is_ripe, told_outcomes, told_services
from waymark.operations.models import QuarterlyFile, ServiceTotal
from waymark.operations.selectors.quarters import counts_of, own_counts_of, published_of

NOT_MAKER = "The coordinator, or an officer of an agency that leads, makes it."
TOO_EARLY = "A quarter is given once, 30 days after it is over: until then a late count could still be added."


@transaction.atomic
def give_services(*, year: int, quarter: int, by: User) -> list[ServiceTotal]:
    """The own agency's totals of a quarter. Small ones leave as a word, and nothing else of an operation leaves at all."""
    acting = policies.must(policies.may_give_services(by), "The officer of an agency for victims gives its totals.", by)
    if not is_ripe(year, quarter, on=timezone.localdate()):
        raise Refused(TOO_EARLY)
    if ServiceTotal.objects.filter(agency=acting.agency_id, year=year, quarter=quarter).exists():
        raise Refused("Your agency has given this quarter. A second time would tell what came in between.")
    told = told_services(own_counts_of(by, year, quarter))
    made = ServiceTotal.objects.bulk_create(
        ServiceTotal(
            agency=acting.agency,
            year=year,
            quarter=quarter,
            kind=kind,
            value=value,
            is_counted=is_counted,
            given_by=acting,
            given_at=timezone.now(),
        )
        for kind, (value, is_counted) in told.items()
    )
    record(verb="quarter.services_given", by=by, kind="quarter", about=f"{year} Q{quarter}")
    return made


@transaction.atomic
def make_file(*, year: int, quarter: int, by: User) -> QuarterlyFile:
    """Freeze the enforcement side's totals of a quarter. Late counts do not change them."""
    acting = policies.must(policies.may_make_file(by), NOT_MAKER, by)
    if not is_ripe(year, quarter, on=timezone.localdate()):
        raise Refused(TOO_EARLY)
    if QuarterlyFile.objects.filter(year=year, quarter=quarter).exists():
        raise Refused("This quarter was made already. A second file would tell what came in between.")
    published, quoted = published_of(year, quarter)
    told = told_outcomes(counts_of(year, quarter), published=published, quoted=quoted)
    rows = [{"measure": each.measure, "side": each.side, "value": each.value, "note": each.note} for each in told]
    made = QuarterlyFile.objects.create(year=year, quarter=quarter, rows=rows, given_by=acting, given_at=timezone.now())
    record(verb="quarter.file_made", by=by, kind="quarter", about=f"{year} Q{quarter}")
    return made
