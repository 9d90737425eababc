"""Where the addresses of reports lead. Nobody in the matrix has an open vault: that comes after."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from tests.factories.reports import a_report, a_sheet
from tests.plugins.places import no_object, of_agency, of_coalition
from tests.waymark.cases.places import case
from tests.waymark.people.places import SERVING

from waymark.accounts.models import Agency
from waymark.reports.formats.counts.templates import current


def report(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": world.once(a_report, agency=agency, by=world.member_of(agency)).pk}


def report_as_file(world: Any, agency: Agency) -> dict[str, Any]:
    return {**report(world, agency), "form": "csv"}


def sheet(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": world.once(a_sheet, agency=agency, by=world.member_of(agency)).pk}


def last_quarter(world: Any) -> dict[str, Any]:
    first, _ = current("voca").quarters(timezone.localdate())[0]
    return {"code": "voca", "day": first.isoformat()}


PLACES = {
    "reports:choose": no_object(),
    "reports:correct": of_agency(report),
    "reports:count": of_coalition(last_quarter),
    "reports:detail": of_agency(report),
    "reports:facts": of_agency(case, only=SERVING),
    "reports:file": of_agency(report_as_file),
    "reports:hmis": no_object(),
    "reports:list": no_object(),
    "reports:sheet": of_agency(sheet),
    "reports:sheet_drop": of_agency(sheet),
    "reports:sheet_new": no_object(),
    "reports:sheets": no_object(),
    "reports:take_out": no_object(),
}
