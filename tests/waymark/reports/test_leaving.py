"""What leaves: a sheet of the standard and the HMIS export, each with a ledger line a person before the first byte."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import Any

import pytest
from tests.factories.care import a_service
from tests.factories.people import opened_case
from tests.waymark.cases.desks import Desk, desk_in, desk_of_colleague

from waymark.audit.models import Event
from waymark.cases.models import Case
from waymark.consent.models import Disclosure
from waymark.people.models import Denial
from waymark.reports.actions.facts import write_facts
from waymark.reports.formats import hmis
from waymark.reports.formats.htcds import read_records, read_sheet

pytestmark = pytest.mark.django_db
TAKE_OUT = {"whose": "all", "state": "every", "form": "csv", "sure": "on"}
HMIS = {"starts_on": "2026-01-01", "ends_on": "today", "place": "ca-503", "sure": "on"}


def rosa(desk: Desk) -> Case:
    contact = {"channel": "call", "value": "916-555-0142", "days": ["0"]}
    case = opened_case(desk.person, name="Rosa Invented", facts={"born": "1990-05-04"}, contact=contact)
    with desk.person.acting():
        facts = {
            "gender": "female",
            "race": "hispanic",
            "victimization": ["domestic"],
            "htcds": {"vic_MethodsOfControl": ["DebtBondage"], "prs_Citizenship": ["NA"]},
        }
        write_facts(vault=desk.person.vault(), case=case, values=facts, by=desk.user)
        a_service(case, desk.user, code="shelter_night")
        a_service(case, desk.user, code="life_skills")
    return case


def ledger(desk: Desk) -> list[tuple[Any, ...]]:
    with desk.person.acting():
        return list(Disclosure.objects.values_list("basis", "outside", "method", "person"))


def test_cases_leave_as_a_sheet_after_the_ledger_was_written(desk: Desk) -> None:
    case = rosa(desk)
    answer = desk.client.send("/reports/sheets/take-out/", TAKE_OUT)
    assert answer.status_code == 200, answer.content.decode()
    assert "attachment" in answer["Content-Disposition"]
    (record,) = read_records(read_sheet(answer.content)).records
    assert record.values["prs_FirstName"] == "Rosa Invented"
    assert record.values["prs_Birthdate"] == "1990-05-04"
    assert record.values["vic_MethodsOfControl"] == ["DebtBondage"]
    assert record.values["prs_Citizenship"] == ["NA"]
    assert record.values["cas_Status"] == "Active"
    assert b"555" not in answer.content
    assert ledger(desk) == [("internal", "own_agency", "csv", case.person_id)]
    with desk.person.acting():
        assert Event.objects.filter(verb="cases.taken_out").count() == 1


def test_a_file_is_a_decision_and_says_what_it_is(desk: Desk) -> None:
    rosa(desk)
    page = desk.get("/reports/sheets/take-out/")
    assert "This file tells who people are" in page
    answer = desk.client.send("/reports/sheets/take-out/", {**TAKE_OUT, "sure": ""})
    assert answer.status_code == 422
    assert ledger(desk) == []
    none = desk.client.send("/reports/sheets/take-out/", {**TAKE_OUT, "whose": "mine", "state": "open", "form": "pdf"})
    assert none.status_code == 422


def test_whom_somebody_may_not_see_they_cannot_take_out(desk: Desk) -> None:
    case = rosa(desk)
    colleague = desk_of_colleague(desk)
    with desk.person.acting():
        Denial.objects.create(
            agency_id=case.agency_id, person=case.person, user=colleague.user, sealed=b"x" * 160, made_by=desk.user
        )
    answer = colleague.client.send("/reports/sheets/take-out/", TAKE_OUT)
    assert answer.status_code == 422
    assert "No case fits" in answer.content.decode()
    other = desk_in("Meadow House (invented)", "Cy Invented")
    assert other.client.send("/reports/sheets/take-out/", TAKE_OUT).status_code == 422


def test_a_locked_vault_gives_nothing(desk: Desk) -> None:
    rosa(desk)
    desk.client.send("/vault/lock/", {}, page="/vault/")
    for url, data in (("take-out", TAKE_OUT), ("hmis", HMIS)):
        assert desk.client.send(f"/reports/sheets/{url}/", data).status_code == 422
    assert ledger(desk) == []


def tables_in(content: bytes) -> dict[str, list[dict[str, str]]]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {
        name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(archive.read(name).decode())))
        for name in archive.namelist()
        if name.endswith(".csv")
    }


def test_the_hmis_export_is_for_a_comparable_database_and_holds_no_name(desk: Desk) -> None:
    case = rosa(desk)
    page = desk.get("/reports/sheets/hmis/")
    assert "never for an HMIS" in page
    answer = desk.client.send("/reports/sheets/hmis/", HMIS)
    assert answer.status_code == 200, answer.content.decode()
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert sorted(archive.namelist()) == sorted([*(f"{name}.csv" for name in hmis.COLUMNS), "README.txt"])
    readme = archive.read("README.txt").decode()
    assert "comparable database" in readme
    assert "IncomeBenefits.csv  income, benefits and insurance" in readme
    for name, columns in hmis.COLUMNS.items():
        head = archive.read(f"{name}.csv").decode().split("\r\n")[0]
        assert head == ",".join(column.name for column in columns)
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Rosa" not in everything
    assert case.person.code.encode() not in everything
    tables = tables_in(answer.content)
    (client,) = tables["Client"]
    assert client["FirstName"] == hmis.code_hash(case.person.code)
    assert (client["NameDataQuality"], client["SSN"], client["Sex"], client["HispanicLatinao"]) == ("2", "", "0", "1")
    assert client["PersonalID"] == case.person_id.hex
    assert tables["Organization"][0]["VictimServiceProvider"] == "1"
    assert tables["HMISParticipation"][0]["HMISParticipationType"] == "2"
    assert tables["Export"][0]["HashStatus"] == "4"
    assert tables["HealthAndDV"][0]["DomesticViolenceSurvivor"] == "1"
    assert [row["Event"] for row in tables["Event"]] == ["10"]
    assert [(row["RecordType"], row["TypeProvided"]) for row in tables["Services"]] == [("142", "8")]
    assert tables["Enrollment"][0]["EnrollmentCoC"] == "CA-503"
    assert ledger(desk) == [("internal", "own_agency", "file", case.person_id)]


def test_days_of_an_export_are_checked_in_the_form(desk: Desk) -> None:
    rosa(desk)
    wrong = {**HMIS, "starts_on": "2026-05-01", "ends_on": "2026-04-01", "place": "Placer"}
    page = desk.client.send("/reports/sheets/hmis/", wrong).content.decode()
    assert "This day is before the first one" in page
    assert "Write it like CA-503" in page
    early = {**HMIS, "starts_on": "2020-01-01", "ends_on": "2020-12-31"}
    assert "No case fits" in desk.client.send("/reports/sheets/hmis/", early).content.decode()


def test_facts_of_a_case_are_written_and_come_back(desk: Desk) -> None:
    case = rosa(desk)
    url = f"/reports/cases/{case.pk}/"
    page = desk.get(url)
    assert "DebtBondage" in page
    wrong = desk.client.send(url, {"gender": "female", "hte_Date": "5/4/2024"})
    assert wrong.status_code == 422
    assert "This is no day" in wrong.content.decode()
    done = desk.client.send(
        url, {"gender": "other", "race": "", "class": ["homeless"], "vic_TypeOfExploitation": ["ForcedLabour"]}
    )
    assert done.status_code == 302, done.content.decode()
    assert re.search(r'value="ForcedLabour"[^>]* checked', desk.get(url))
    with desk.person.acting():
        assert Event.objects.filter(verb="case_facts.written").count() == 2
