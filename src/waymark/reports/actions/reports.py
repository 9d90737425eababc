"""Counting a quarter and certifying it: what was hidden is stored nowhere, and what was certified never changes."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from dataclasses import dataclass, field

from django.db import transaction
from django.db.utils import IntegrityError

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.consent.actions.ledger import hash_of, write_line
from waymark.people.policies import Refused
from waymark.reports.formats.counts import (
    Changed,
    FunderTemplate,
    Hidden,
    Published,
    corrected,
    packed,
    protected,
    unpacked,
)
from waymark.reports.models import Report
from waymark.reports.policies import must_certify
from waymark.reports.selectors.counted import counted_tables
from waymark.reports.selectors.reports import report_of, standing
from waymark.vault.selectors import OpenVault

KIND = "report"
BESIDE = "This cannot be given beside what was certified for the same time"


@dataclass(frozen=True)
class Count:
    """A quarter as it would be certified now, and a mark by which the same numbers are known again."""

    tables: list[Published] = field(repr=False)
    mark: str
    stays: list[str] = field(default_factory=list)


def _count_of(tables: list[Published], stays: list[str] | None = None) -> Count:
    whole = json.dumps(packed(tables), sort_keys=True).encode()
    return Count(tables, hashlib.sha256(whole).hexdigest(), stays or [])


def count_quarter(*, vault: OpenVault, wanted: FunderTemplate, starts_on: dt.date, ends_on: dt.date, by: User) -> Count:
    """Count a quarter and hide what is small. Writes nothing; the true numbers end here."""
    agency = must_certify(by)
    true = counted_tables(wanted, vault=vault, starts_on=starts_on, ends_on=ends_on)
    try:
        return _count_of(protected(true, wanted.policy, standing=standing(agency, starts_on, ends_on)))
    except Hidden as why:
        raise Refused(f"{BESIDE}: {why}.") from None


@transaction.atomic
def certify_report(
    *, vault: OpenVault, wanted: FunderTemplate, starts_on: dt.date, ends_on: dt.date, mark: str, by: User
) -> Report:
    """Certify the numbers that somebody has just looked at."""
    agency = must_certify(by)
    if report_of(agency, wanted.code, wanted.version, starts_on) is not None:
        raise Refused("This quarter is certified already. It stays as it is; add a correction.")
    count = count_quarter(vault=vault, wanted=wanted, starts_on=starts_on, ends_on=ends_on, by=by)
    _must_be_seen(count, mark)
    report = _store(agency, wanted, starts_on, ends_on, count)
    record(verb="report.certified", by=by, kind=KIND, about=report.pk)
    return report


def count_correction(*, vault: OpenVault, report: Report, wanted: FunderTemplate, by: User) -> Count:
    """What a correction of a report could give anew today. Writes nothing."""
    agency = must_certify(by)
    true = counted_tables(wanted, vault=vault, starts_on=report.starts_on, ends_on=report.ends_on)
    others = standing(agency, report.starts_on, report.ends_on, but=report.pk)
    before = unpacked(report.tables)
    for earlier in Report.objects.filter(agency_id=agency, corrects=report).order_by("certified_at"):
        anew = {one.key: one for one in unpacked(earlier.tables)}
        before = [anew.get(one.key, one) for one in before]
    try:
        changed: Changed = corrected(true, wanted.policy, original=before, standing=others)
    except Hidden as why:
        raise Refused(f"{BESIDE}: {why}.") from None
    return _count_of(changed.tables, changed.standing)


@transaction.atomic
def correct_report(
    *, vault: OpenVault, report: Report, wanted: FunderTemplate, what_was_wrong: str, mark: str, by: User
) -> Report:
    """Add a correction. The report itself stays as it was certified."""
    agency = must_certify(by)
    if not what_was_wrong:
        raise Refused("Say what was wrong.")
    count = count_correction(vault=vault, report=report, wanted=wanted, by=by)
    _must_be_seen(count, mark)
    correction = _store(
        agency, wanted, report.starts_on, report.ends_on, count, corrects=report, what_was_wrong=what_was_wrong
    )
    record(verb="report.corrected", by=by, kind=KIND, about=report.pk)
    return correction


def _must_be_seen(count: Count, mark: str) -> None:
    if count.mark != mark:
        raise Refused("The numbers have changed since you looked at them. Look at them again.")


def _store(
    agency: uuid.UUID,
    wanted: FunderTemplate,
    starts_on: dt.date,
    ends_on: dt.date,
    count: Count,
    *,
    corrects: Report | None = None,
    what_was_wrong: str = "",
) -> Report:
    try:
        with transaction.atomic():
            report = Report.objects.create(
                agency_id=agency,
                template=wanted.code,
                version=wanted.version,
                starts_on=starts_on,
                ends_on=ends_on,
                tables=packed(count.tables),
                corrects=corrects,
                what_was_wrong=what_was_wrong,
            )
    except IntegrityError:
        raise Refused("This quarter is certified already. It stays as it is; add a correction.") from None
    report.refresh_from_db()
    return report


@transaction.atomic
def hand_over_report(*, vault: OpenVault, report: Report, content: bytes, method: str, by: User) -> None:
    """Write the ledger before the file of a report leaves."""
    must_certify(by)
    write_line(
        by=by,
        person=None,
        basis="aggregate",
        method=method,
        fields=[f"report_{report.template}"],
        recipient="funder",
        content_hash=hash_of(content, vault=vault),
    )
    record(verb="report.handed_over", by=by, kind=KIND, about=report.pk, purpose=method)
