"""What a reader of the export checks, checked before it leaves: the rules that open validators publish.

`High priority` makes a file useless, an `Error` makes a row wrong. An export with either is not made.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from waymark.reports.formats.hmis.tables import COLUMNS, CSV_VERSION, HASHED, Column, Row, Tables

HIGH, ERROR = "High priority", "Error"
YES_NO = frozenset({0, 1, 8, 9, 99})
RAPID_REHOUSING = 13
SERVICES_ONLY = 1
HMIS_PARTICIPATING = 1
# Values of the columns that we fill or that a rule looks at.
LISTS: dict[str, frozenset[int]] = {
    "NameDataQuality": frozenset({1, 2, 8, 9, 99}),
    "SSNDataQuality": frozenset({1, 2, 8, 9, 99}),
    "DOBDataQuality": frozenset({1, 2, 8, 9, 99}),
    "Sex": frozenset({0, 1, 8, 9, 99}),
    **{
        name: frozenset({0, 1})
        for name in (
            "AmIndAKNative",
            "Asian",
            "BlackAfAmerican",
            "HispanicLatinao",
            "MidEastNAfrican",
            "NativeHIPacific",
            "White",
            "VictimServiceProvider",
            "ContinuumProject",
        )
    },
    "RaceNone": frozenset({8, 9, 99}),
    "VeteranStatus": YES_NO,
    "DisablingCondition": YES_NO,
    "DomesticViolenceSurvivor": YES_NO,
    "CurrentlyFleeing": YES_NO,
    "WhenOccurred": frozenset({1, 2, 3, 4, 8, 9, 99}),
    "RelationshipToHoH": frozenset({1, 2, 3, 4, 5, 99}),
    "ProjectType": frozenset({0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14}),
    "RRHSubType": frozenset({1, 2}),
    "HMISParticipationType": frozenset({0, 1, 2}),
    "HashStatus": frozenset({1, 2, 3, 4}),
    "Destination": frozenset(
        {8, 9, 17, 24, 30, 37, 99, 101, 116, 118, 204, 205, 206, 207, 215, 225, 302, 312, 313, 314, 327, 329, 332}
        | {410, 411, 421, 422, 423, 426, 435}
    ),
    "LivingSituation": frozenset(
        {8, 9, 99, 101, 116, 118, 204, 205, 206, 207, 215, 225, 302, 314, 327, 329, 332, 335, 336, 410, 411, 421, 435}
    ),
    "RecordType": frozenset({141, 142, 143, 144, 151, 152, 161, 200, 210, 300}),
    "DataCollectionStage": frozenset({1, 2, 3, 5, 6}),
}
CURLY = re.compile("[\u2018\u2019\u201c\u201d]")
HASH = re.compile(r"[0-9a-f]{64}")
COC = re.compile(r"[A-Z]{2}-[0-9]{3}")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, with the file in which it is."""

    severity: str
    file: str
    issue: str

    def __str__(self) -> str:
        return f"{self.file}.csv: {self.issue} ({self.severity})"


def findings_in(tables: Tables) -> list[Finding]:
    """Everything that a reader would find, each once."""
    found = dict.fromkeys(
        [
            *_files(tables),
            *_cells(tables),
            *_keys(tables),
            *_export(tables),
            *_providers(tables),
            *_projects(tables),
            *_households(tables),
            *_days(tables),
        ]
    )
    return list(found)


def _files(tables: Tables) -> Iterator[Finding]:
    for name in COLUMNS.keys() - tables.keys():
        yield Finding(HIGH, name, "the file is missing")
    for name in tables.keys() - COLUMNS.keys():
        yield Finding(HIGH, name, "the format has no such file")


def _cells(tables: Tables) -> Iterator[Finding]:
    for name, rows in tables.items():
        for column in COLUMNS.get(name, ()):
            for row in rows:
                issue = _wrong(column, row)
                if issue:
                    yield Finding(ERROR if issue.startswith("curly") else HIGH, name, f"{column.name}: {issue}")
        for row in rows:
            for unknown in row.keys() - {column.name for column in COLUMNS.get(name, ())}:
                yield Finding(HIGH, name, f"{unknown}: the format has no such column")


def _wrong(column: Column, row: Row) -> str:
    value = row.get(column.name)
    if value is None or value == "":
        return "" if column.may_be_empty else "nothing may be missing here"
    if column.kind == "I":
        if not isinstance(value, int) or value < 0:
            return "is no whole number"
        return "" if value in LISTS.get(column.name, {value}) else "is no value of its list"
    if column.kind == "D":
        return "" if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else "is no day"
    if column.kind == "T":
        return "" if isinstance(value, dt.datetime) else "is no time"
    if column.kind == "S":
        if not isinstance(value, str) or len(value) > column.size:
            return f"is no text of up to {column.size} signs"
        return "curly quotation marks are not allowed" if CURLY.search(value) else ""
    return ""


def _keys(tables: Tables) -> Iterator[Finding]:
    """Every key once, and every reference to a row that is there."""
    for name, rows in tables.items():
        key = COLUMNS[name][0].name if name in COLUMNS else ""
        if key and name not in {"Export"}:
            counts = Counter(row.get(key) for row in rows)
            if any(number > 1 for number in counts.values()):
                yield Finding(HIGH, name, f"{key} stands there twice")
    known = {
        "PersonalID": {row.get("PersonalID") for row in tables.get("Client", [])},
        "ProjectID": {row.get("ProjectID") for row in tables.get("Project", [])},
        "EnrollmentID": {row.get("EnrollmentID") for row in tables.get("Enrollment", [])},
        "OrganizationID": {row.get("OrganizationID") for row in tables.get("Organization", [])},
        "UserID": {row.get("UserID") for row in tables.get("User", [])},
    }
    owners = {"PersonalID": "Client", "ProjectID": "Project", "EnrollmentID": "Enrollment"}
    owners |= {"OrganizationID": "Organization", "UserID": "User"}
    for name, rows in tables.items():
        for reference, owner in owners.items():
            if name != owner and any(reference in row and row[reference] not in known[reference] for row in rows):
                yield Finding(HIGH, name, f"{reference} is missing from {owner}.csv")
    entries = Counter(
        (row.get("PersonalID"), row.get("ProjectID"), row.get("EntryDate")) for row in tables.get("Enrollment", [])
    )
    if any(number > 1 for number in entries.values()):
        yield Finding(HIGH, "Enrollment", "one person entered one project twice on one day")


def _export(tables: Tables) -> Iterator[Finding]:
    rows = tables.get("Export", [])
    if len(rows) != 1:
        yield Finding(HIGH, "Export", "holds exactly one row")
        return
    export = rows[0]
    if export.get("CSVVersion") != CSV_VERSION:
        yield Finding(HIGH, "Export", f"CSVVersion is {CSV_VERSION}")
    if export.get("HashStatus") != HASHED:
        yield Finding(HIGH, "Export", "HashStatus is 4: an export that is not hashed is refused")
    for name, others in tables.items():
        if any(row.get("ExportID") != export.get("ExportID") for row in others):
            yield Finding(ERROR, name, "ExportID is not the one of Export.csv")
    for row in tables.get("Client", []):
        for column in ("FirstName", "MiddleName", "LastName", "SSN"):
            if row.get(column) and not HASH.fullmatch(str(row[column])):
                yield Finding(HIGH, "Client", f"{column} is not hashed")


def _providers(tables: Tables) -> Iterator[Finding]:
    """Victim-service providers keep a comparable database: never people in HMIS, and never participating in it."""
    protected = {row["OrganizationID"] for row in tables.get("Organization", []) if row.get("VictimServiceProvider") == 1}
    projects = {row["ProjectID"] for row in tables.get("Project", []) if row.get("OrganizationID") in protected}
    joined = {
        row.get("ProjectID")
        for row in tables.get("HMISParticipation", [])
        if row.get("HMISParticipationType") == HMIS_PARTICIPATING
    }
    if projects & joined:
        yield Finding(ERROR, "HMISParticipation", "a victim-service provider does not participate in HMIS")
        if any(row.get("ProjectID") in projects & joined for row in tables.get("Enrollment", [])):
            yield Finding(HIGH, "Organization", "people of a victim-service provider do not belong in HMIS")


def _projects(tables: Tables) -> Iterator[Finding]:
    stocked = {row.get("ProjectID") for row in tables.get("Inventory", [])}
    for row in tables.get("Project", []):
        if row.get("ProjectType") == RAPID_REHOUSING and row.get("RRHSubType") is None:
            yield Finding(ERROR, "Project", "rapid rehousing needs its RRHSubType")
        if row.get("RRHSubType") == SERVICES_ONLY and row.get("ProjectID") in stocked:
            yield Finding(ERROR, "Inventory", "rapid rehousing with services only has no beds")
    for name in ("ProjectCoC", "Inventory"):
        if any(row.get("CoCCode") and not COC.fullmatch(str(row["CoCCode"])) for row in tables.get(name, [])):
            yield Finding(HIGH, name, "CoCCode is like CA-503")


def _households(tables: Tables) -> Iterator[Finding]:
    heads: Counter[object] = Counter()
    places: dict[object, set[object]] = {}
    for row in tables.get("Enrollment", []):
        heads[row.get("HouseholdID")] += row.get("RelationshipToHoH") == 1
        places.setdefault(row.get("HouseholdID"), set()).add(row.get("ProjectID"))
    for number, issue in ((0, "a household has no head"), (2, "a household has more than one head")):
        if any((count == 0 if number == 0 else count >= number) for count in heads.values()):
            yield Finding(HIGH, "Enrollment", issue)
    if any(len(projects) > 1 for projects in places.values()):
        yield Finding(HIGH, "Enrollment", "one HouseholdID stands for stays in several projects")


def _days(tables: Tables) -> Iterator[Finding]:
    born = {row.get("PersonalID"): row.get("DOB") for row in tables.get("Client", [])}
    left = {row.get("EnrollmentID"): row.get("ExitDate") for row in tables.get("Exit", [])}
    end = next((row.get("ExportEndDate") for row in tables.get("Export", [])), None)
    made = next((row.get("ExportDate") for row in tables.get("Export", [])), None)
    for row in tables.get("Enrollment", []):
        entry, leaving = _day(row.get("EntryDate")), _day(left.get(row.get("EnrollmentID")))
        moved, birth = _day(row.get("MoveInDate")), _day(born.get(row.get("PersonalID")))
        if entry is None:
            continue
        if leaving is not None and leaving < entry:
            yield Finding(ERROR, "Exit", "ExitDate is before EntryDate")
        if birth is not None and birth > entry:
            yield Finding(ERROR, "Client", "DOB is after EntryDate")
        last = min(filter(None, (leaving, _day(end))), default=None)
        if moved is not None and (moved < entry or (last is not None and moved > last)):
            yield Finding(ERROR, "Enrollment", "MoveInDate is not between entry and exit")
        if leaving is not None and isinstance(made, dt.datetime) and leaving > made.date():
            yield Finding(ERROR, "Exit", "ExitDate has not come yet")


def _day(value: object) -> dt.date | None:
    return value if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else None
