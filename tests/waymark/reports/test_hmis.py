"""The HMIS format: its columns, and each rule of the open validators that the coalition's list names."""

from __future__ import annotations

import datetime as dt
import io
import uuid
import zipfile
from typing import Any

import pytest

from waymark.reports.formats import hmis
from waymark.reports.formats.hmis.tables import as_csv, plain_text

KEY = uuid.UUID(int=7).hex
NOW = dt.datetime(2026, 11, 22, 12, 0)
DAY = dt.date(2026, 3, 1)
TAIL: dict[str, Any] = {"DateCreated": NOW, "DateUpdated": NOW, "UserID": KEY, "ExportID": KEY}


def good() -> dict[str, list[dict[str, Any]]]:
    """Two people of one household in rapid rehousing, one of whom left."""
    tables: dict[str, list[dict[str, Any]]] = {name: [] for name in hmis.COLUMNS}
    races = dict.fromkeys(
        ("AmIndAKNative", "Asian", "BlackAfAmerican", "HispanicLatinao", "MidEastNAfrican", "NativeHIPacific", "White"), 0
    )
    tables["Export"] = [
        {
            "ExportID": KEY,
            "SourceType": 4,
            "ExportDate": NOW,
            "ExportStartDate": dt.date(2026, 1, 1),
            "ExportEndDate": dt.date(2026, 9, 30),
            "CSVVersion": hmis.CSV_VERSION,
            "ExportPeriodType": 3,
            "ExportDirective": 2,
            "HashStatus": 4,
            "ImplementationID": KEY,
        }
    ]
    tables["User"] = [dict(TAIL)]
    tables["Organization"] = [
        {"OrganizationID": "o", "OrganizationName": "Harbor House", "VictimServiceProvider": 1, **TAIL}
    ]
    tables["Project"] = [
        {
            "ProjectID": "p",
            "OrganizationID": "o",
            "ProjectName": "Homes",
            "OperatingStartDate": DAY,
            "ContinuumProject": 1,
            "ProjectType": 13,
            "RRHSubType": 2,
            **TAIL,
        }
    ]
    tables["HMISParticipation"] = [
        {
            "HMISParticipationID": "h",
            "ProjectID": "p",
            "HMISParticipationType": 2,
            "HMISParticipationStatusStartDate": DAY,
            **TAIL,
        }
    ]
    for number, person in enumerate(("a", "b"), start=1):
        tables["Client"].append(
            {
                "PersonalID": person,
                "FirstName": hmis.code_hash(person),
                "NameDataQuality": 2,
                "SSNDataQuality": 99,
                "DOB": dt.date(1990, 5, 4),
                "DOBDataQuality": 1,
                "VeteranStatus": 99,
                **races,
                **TAIL,
            }
        )
        tables["Enrollment"].append(
            {
                "EnrollmentID": f"e{person}",
                "PersonalID": person,
                "ProjectID": "p",
                "EntryDate": DAY,
                "HouseholdID": "home",
                "RelationshipToHoH": number,
                "MoveInDate": dt.date(2026, 4, 1),
                "DisablingCondition": 99,
                **TAIL,
            }
        )
    tables["Exit"] = [
        {
            "ExitID": "x",
            "EnrollmentID": "eb",
            "PersonalID": "b",
            "ExitDate": dt.date(2026, 8, 1),
            "Destination": 410,
            **TAIL,
        }
    ]
    return tables


def test_there_are_24_files_and_519_columns() -> None:
    assert len(hmis.COLUMNS) == 24
    assert sum(map(len, hmis.COLUMNS.values())) == 519
    assert {name: len(columns) for name, columns in hmis.COLUMNS.items()} == {
        "Export": 19, "Organization": 9, "User": 10, "Project": 19, "Funder": 12, "ProjectCoC": 15, "Inventory": 22,
        "Affiliation": 8, "HMISParticipation": 10, "CEParticipation": 15, "Client": 38, "Enrollment": 67, "Exit": 44,
        "IncomeBenefits": 77, "HealthAndDV": 18, "EmploymentEducation": 15, "Disabilities": 20, "Services": 18,
        "CurrentLivingSituation": 18, "Assessment": 13, "AssessmentQuestions": 13, "AssessmentResults": 11, "Event": 15,
        "YouthEducationStatus": 13,
    }  # fmt: skip


def test_the_columns_of_2026_are_those_of_2026() -> None:
    client = [column.name for column in hmis.COLUMNS["Client"]]
    assert client[9:12] == ["DOBDataQuality", "Sex", "AmIndAKNative"]
    assert not {"Woman", "Man", "Transgender", "GenderNone"} & set(client)
    enrollment = [column.name for column in hmis.COLUMNS["Enrollment"]]
    assert enrollment[60:63] == ["ThresholdScore", "MentalHealthConsultation", "DateCreated"]
    assert "SexualOrientation" not in enrollment


def test_good_tables_have_no_finding() -> None:
    assert hmis.findings_in(good()) == []


CHANGES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "people of a victim-service provider do not belong in HMIS": ("HMISParticipation", "", {"HMISParticipationType": 1}),
    "a victim-service provider does not participate in HMIS": ("HMISParticipation", "", {"HMISParticipationType": 1}),
    "rapid rehousing needs its RRHSubType": ("Project", "", {"RRHSubType": None}),
    "MoveInDate is not between entry and exit": ("Enrollment", "", {"MoveInDate": dt.date(2026, 2, 1)}),
    "curly quotation marks are not allowed": ("Organization", "", {"OrganizationName": "Harbor\u2019s House"}),
    "HashStatus is 4": ("Export", "", {"HashStatus": 1}),
    "FirstName is not hashed": ("Client", "", {"FirstName": "Rosa"}),
    "SSN is not hashed": ("Client", "", {"SSN": "078051120"}),
    "CSVVersion is 2026": ("Export", "", {"CSVVersion": "2024 v1.4"}),
    "ExportID is not the one": ("Client", "", {"ExportID": "other"}),
    "a household has no head": ("Enrollment", "", {"RelationshipToHoH": 2}),
    "a household has more than one head": ("Enrollment", "1", {"RelationshipToHoH": 1}),
    "PersonalID stands there twice": ("Client", "1", {"PersonalID": "a"}),
    "EnrollmentID stands there twice": ("Enrollment", "1", {"EnrollmentID": "ea"}),
    "PersonalID is missing from Client": ("Enrollment", "", {"PersonalID": "nobody"}),
    "ProjectID is missing from Project": ("Enrollment", "", {"ProjectID": "nowhere"}),
    "ExitDate is before EntryDate": ("Exit", "", {"ExitDate": dt.date(2026, 2, 1)}),
    "ExitDate has not come yet": ("Exit", "", {"ExitDate": dt.date(2027, 2, 1)}),
    "DOB is after EntryDate": ("Client", "", {"DOB": dt.date(2026, 3, 2)}),
    "Destination: is no value of its list": ("Exit", "", {"Destination": 3}),
    "EntryDate: nothing may be missing here": ("Enrollment", "", {"EntryDate": None}),
    "EntryDate: is no day": ("Enrollment", "", {"EntryDate": "03/01/2026"}),
    "Sex: is no value of its list": ("Client", "", {"Sex": 4}),
    "OrganizationName: is no text of up to 200 signs": ("Organization", "", {"OrganizationName": "x" * 201}),
    "Gender: the format has no such column": ("Client", "", {"Gender": 1}),
}


@pytest.mark.parametrize("issue", CHANGES)
def test_what_a_reader_would_refuse_is_found(issue: str) -> None:
    name, place, change = CHANGES[issue]
    tables = good()
    tables[name][int(place or 0)].update(change)
    assert any(issue in str(finding) for finding in hmis.findings_in(tables)), list(map(str, hmis.findings_in(tables)))


def test_a_missing_file_two_exports_and_one_person_twice_are_found() -> None:
    tables = good()
    del tables["Funder"]
    tables["Export"] *= 2
    again = {**tables["Enrollment"][0], "EnrollmentID": "ec", "RelationshipToHoH": 2}
    tables["Enrollment"].append(again)
    found = " ".join(map(str, hmis.findings_in(tables)))
    assert "Funder.csv: the file is missing" in found
    assert "holds exactly one row" in found
    assert "entered one project twice on one day" in found


def test_services_only_have_no_beds() -> None:
    tables = good()
    tables["Project"][0]["RRHSubType"] = 1
    tables["Inventory"] = [
        {
            "InventoryID": "i",
            "ProjectID": "p",
            "CoCCode": "503",
            "HouseholdType": 1,
            "UnitInventory": 1,
            "BedInventory": 1,
            "InventoryStartDate": DAY,
            **TAIL,
        }
    ]
    found = " ".join(map(str, hmis.findings_in(tables)))
    assert "no beds" in found
    assert "CoCCode is like CA-503" in found


def test_texts_are_quoted_straight_short_and_no_formula() -> None:
    assert plain_text("\u201cHarbor\u201d\u2019s <House>\n", 50) == "'Harbor''s House"
    rows = [{"OrganizationID": "o", "OrganizationName": "=1+1", "VictimServiceProvider": 1}]
    assert as_csv("Organization", rows).split("\r\n")[1].startswith('"o","\'=1+1",1,')
    with pytest.raises(KeyError, match="no column Gender"):
        as_csv("Client", [{"Gender": 1}])


def test_the_archive_has_no_folder_and_says_what_is_empty() -> None:
    archive = zipfile.ZipFile(io.BytesIO(hmis.as_archive(good(), agency="Harbor House (invented)")))
    assert not [name for name in archive.namelist() if "/" in name]
    readme = archive.read("README.txt").decode()
    assert "Client.csv  2" in readme
    for name, what in hmis.EMPTY.items():
        assert f"{name}.csv  {what}" in readme
        assert len(archive.read(f"{name}.csv").decode().strip().split("\r\n")) == 1
