"""Cases come in from a sheet: looked at first, each row once, nobody joined, nothing lost and nothing kept too long."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.utils import Error as DatabaseError
from django.test.utils import CaptureQueriesContext
from tests.factories.people import opened_case
from tests.factories.reports import a_sheet
from tests.waymark.cases.desks import Desk, desk_in
from tests.waymark.reports.sheets import as_csv_file, as_xlsx_file

from waymark.audit.models import Event
from waymark.cases.models import Case
from waymark.cases.selectors.records import secret_of as case_secret
from waymark.people.models import Address, Person, Relation, SafeContact
from waymark.people.selectors import opened_person, safe_ways, secret_of
from waymark.reports.models import CaseSheet, SheetRow
from waymark.reports.selectors.facts import facts_of

pytestmark = pytest.mark.django_db
HEAD = [
    "prs_FirstName",
    "prs_SecondName",
    "prs_Birthdate",
    "prs_MobilePhone",
    "prs_MailingStreet",
    "prs_PrimaryLanguage",
    "vic_TypeOfExploitation",
    "cas_Status",
    "con_Consent",
    "Shelter bed",
]
ROSA = [
    "Rosa",
    "Invented",
    "1990-05-04",
    "916-555-0142",
    "12 Nowhere Lane",
    "spa",
    "SexualExploitation",
    "Active",
    "TRUE",
    "12",
]
NOBODY = ["", "", "", "", "", "", "ForcedLabour", "Closed", "", ""]


def send(desk: Desk, content: bytes, name: str = "cases.csv") -> Any:
    return desk.client.send("/reports/sheets/new/", {"file": SimpleUploadedFile(name, content)})


def brought(desk: Desk, *rows: list[str]) -> str:
    answer = send(desk, as_csv_file(HEAD, *rows))
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_an_error_is_named_and_nothing_is_kept_until_it_is_mended(desk: Desk) -> None:
    wrong = [*ROSA[:2], "5/4/1990", *ROSA[3:]]
    answer = send(desk, as_csv_file(HEAD, wrong, NOBODY))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Row 2, prs_Birthdate: is no day" in page
    with desk.person.acting():
        assert not CaseSheet.objects.exists()
        assert not Case.objects.exists()
    here = brought(desk, ROSA, NOBODY)
    seen = desk.get(here)
    assert "Row 2: Rosa Invented" in seen
    assert "Row 3: no name" in seen
    with desk.person.acting():
        assert not Case.objects.exists()
        assert Event.objects.filter(verb="case_sheet.taken").count() == 1


def test_rows_become_files_and_cases_with_all_that_they_say(desk: Desk) -> None:
    here = brought(desk, ROSA, NOBODY)
    answer = desk.client.send(here, {}, headers={"accept": "application/json"})
    assert answer.json() == {"left": 0}
    with desk.person.acting():
        vault = desk.person.vault()
        rosa = next(case for case in Case.objects.select_related("person") if case.state == "active")
        own = secret_of(vault, rosa.person)
        assert own is not None
        opened = opened_person(rosa.person, own)
        assert (opened.name, opened.facts["born"], opened.facts["languages"]) == ("Rosa Invented", "1990-05-04", "Spanish")
        assert rosa.person.age_band == "25-59"
        ((_, way),) = safe_ways(rosa.person, own)
        assert (way.value, way.days) == ("9165550142", frozenset())
        assert Address.objects.get().kind == "real"
        key = case_secret(vault, rosa)
        assert key is not None
        facts = facts_of(rosa, key)
        assert facts["beside"] == {"Shelter bed": "12"}
        assert facts["htcds"]["vic_TypeOfExploitation"] == ["SexualExploitation"]
        assert facts["htcds"]["con_Consent"] == "TRUE"
        assert Case.objects.filter(state="closed").count() == 1
        assert not SheetRow.objects.exists()
        assert CaseSheet.objects.get().state == "done"
        assert Event.objects.filter(verb="case.opened").count() == 2
        assert Event.objects.filter(verb="case_sheet.brought_in").count() == 1


def test_pressing_twice_brings_nothing_in_twice(desk: Desk) -> None:
    here = brought(desk, ROSA)
    assert desk.client.send(here, {}).status_code == 302
    assert desk.client.send(here, {}, page="/reports/sheets/new/").status_code == 422
    with desk.person.acting():
        assert Case.objects.count() == Person.objects.count() == 1


def test_who_may_be_known_is_named_and_joined_with_nobody(desk: Desk) -> None:
    known = opened_case(desk.person, name="Roza Inventid")
    here = brought(desk, ROSA, NOBODY)
    assert f"May be known: {known.person.code}" in desk.get(here)
    desk.client.send(here, {})
    with desk.person.acting():
        assert Person.objects.count() == 3
        assert not Person.objects.filter(merged_into__isnull=False).exists()
        assert not Relation.objects.exists()
        assert not SafeContact.objects.filter(person=known.person).exists()


def test_the_same_file_is_known_again(desk: Desk) -> None:
    desk.client.send(brought(desk, ROSA), {})
    assert "The very same file was brought in" in desk.get(brought(desk, ROSA))


def test_a_dropped_sheet_leaves_nothing(desk: Desk) -> None:
    here = brought(desk, ROSA)
    assert desk.client.send(f"{here}drop/", {}).status_code == 302
    with desk.person.acting():
        assert not SheetRow.objects.exists()
        assert not Case.objects.exists()
        assert CaseSheet.objects.get().state == "dropped"
        assert Event.objects.filter(verb="case_sheet.dropped").count() == 1
    assert "Nothing of it is kept" in desk.get(here)


def test_a_locked_vault_brings_nothing_in_and_says_so(desk: Desk) -> None:
    here = brought(desk, ROSA)
    desk.client.send("/vault/lock/", {}, page="/vault/")
    page = desk.get(here)
    assert "Rosa" not in page
    assert "Your vault is locked" in page
    answer = desk.client.send(here, {}, page="/reports/sheets/new/", headers={"accept": "application/json"})
    assert answer.status_code == 422
    with desk.person.acting():
        assert not Case.objects.exists()


def test_another_agency_sees_no_sheet(desk: Desk) -> None:
    here = brought(desk, ROSA)
    other = desk_in("Meadow House (invented)", "Cy Invented")
    assert other.client.get(here).status_code == 404
    assert other.client.get("/reports/sheets/").content.decode().count("Looked at") <= 1


def test_the_database_keeps_nothing_of_a_sheet_that_has_ended(desk: Desk) -> None:
    with desk.person.acting():
        sheet = a_sheet(desk.agency, desk.user)
        with pytest.raises(DatabaseError, match="nothing is kept"):
            CaseSheet.objects.filter(pk=sheet.pk).update(state="done", done=1, ended_at="2026-11-22T00:00:00Z")


def test_the_list_of_sheets_asks_few_questions(desk: Desk) -> None:
    with desk.person.acting():
        CaseSheet.objects.bulk_create(
            CaseSheet(agency=desk.agency, rows=1, fingerprint=bytes(32), made_by=desk.user) for _ in range(5_000)
        )
    desk.client.get("/reports/sheets/")
    with CaptureQueriesContext(connection) as asked:
        assert desk.client.get("/reports/sheets/?q=Ada").status_code == 200
    assert len(asked) <= 12, [query["sql"][:90] for query in asked]


def test_an_excel_sheet_comes_in_as_well(desk: Desk) -> None:
    answer = send(desk, as_xlsx_file(list(HEAD), list(ROSA)), "cases.xlsx")
    assert answer.status_code == 302
