"""The sheet of the standard: everything comes back as it was, and the traps of the standard's own papers are known."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from tests.waymark.reports.sheets import as_csv_file, as_xlsx_file, records

from waymark.reports.formats.htcds import (
    BadSheet,
    Reading,
    Record,
    as_csv,
    as_xlsx,
    fields,
    read_records,
    read_sheet,
    records_as_rows,
)

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def reading(*rows: list[str]) -> Reading:
    return read_records(read_sheet(as_csv_file(*rows)))


def comes_back(given_records: list[Record], *, as_file: object) -> None:
    head, rows = records_as_rows(given_records)
    read = read_records(read_sheet(as_file(head, rows)))  # type: ignore[operator]
    assert read.problems == ()
    assert [record.values for record in read.records] == [record.values for record in given_records]
    assert [record.beside for record in read.records] == [record.beside for record in given_records]


@settings(max_examples=15, suppress_health_check=SLOW)
@given(records())
def test_records_come_back_from_csv_and_xlsx(given_records: list[Record]) -> None:
    comes_back(given_records, as_file=as_csv)
    comes_back(given_records, as_file=as_xlsx)


@pytest.mark.nightly
@settings(max_examples=10_000, suppress_health_check=SLOW)
@given(records())
def test_ten_thousand_records_come_back_from_csv(given_records: list[Record]) -> None:
    comes_back(given_records, as_file=as_csv)


@pytest.mark.nightly
@settings(max_examples=1_000, suppress_health_check=SLOW)
@given(records())
def test_a_thousand_records_come_back_from_xlsx(given_records: list[Record]) -> None:
    comes_back(given_records, as_file=as_xlsx)


def test_all_fields_of_the_standard_are_there() -> None:
    assert len(fields()) == 84
    prefixes = {name.partition("_")[0] for name in fields()}
    assert prefixes == {"org", "prs", "vic", "per", "cas", "cco", "hte", "spl", "con"}
    assert len(fields()["vic_MethodsOfControl"].codes) == 16
    assert len(fields()["vic_ForcedLabourIndustry"].codes) == 21


def test_a_value_that_begins_like_a_formula_is_run_by_nobody() -> None:
    record = Record(2, {"cco_CaseComment": '=HYPERLINK("http://evil.example")', "prs_MobilePhone": "+19165550142"})
    head, rows = records_as_rows([record])
    text = as_csv(head, rows).decode()
    assert "'=HYPERLINK" in text
    assert ",+19165550142," in text
    sheet = zipfile.ZipFile(io.BytesIO(as_xlsx(head, rows))).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet


def test_namibia_is_a_country_and_no_missing_value() -> None:
    assert reading(["prs_Citizenship", "prs_MailingCountry"], ["NA", "na"]).records[0].values == {
        "prs_Citizenship": ["NA"],
        "prs_MailingCountry": "NA",
    }
    read = read_records(read_sheet(as_xlsx_file(["prs_MailingCountry"], ["NA"])))
    assert read.records[0].values == {"prs_MailingCountry": "NA"}


def test_a_code_with_a_space_behind_it_is_the_code() -> None:
    read = reading(["vic_MethodsOfControl"], ["DebtBondage ; TakesEarnings"])
    assert read.records[0].values == {"vic_MethodsOfControl": ["DebtBondage", "TakesEarnings"]}


def test_the_definitions_other_words_for_control_are_read_by_the_list_and_named() -> None:
    """The text of the standard has 17 methods, its list 16; two of the text have no code in the list."""
    read = reading(["vic_MethodsOfControl"], ["MethodsOfControlThreats, UsesChildren, RestrictsMovement"])
    assert read.records[0].values == {"vic_MethodsOfControl": ["PhysicalThreats", "Other"]}
    assert read.records[0].beside == {"vic_MethodsOfControl (as written)": "UsesChildren; RestrictsMovement"}
    assert [note.text[:12] for note in read.notes] == ["Threats is r", "UsesChildren", "RestrictsMov"]
    _, rows = records_as_rows(read.records)
    assert "UsesChildren; RestrictsMovement" in rows[0]


def test_heads_of_the_survey_form_are_known_and_its_labels_are_not_enough() -> None:
    """The form writes prs_Second_Name, and calls two columns `Second Name`: by its labels nobody can tell them apart."""
    heads = ["start", "prs_First_Name", "prs_Second_Name", "prs_Title", "vic_Methods_of_Control"]
    read = reading(heads, ["x", "A", "B", "C", "Other"])
    assert read.records[0].values == {
        "prs_FirstName": "A",
        "prs_SecondName": "B",
        "prs_Title": "C",
        "vic_MethodsOfControl": ["Other"],
    }
    assert read.beside == ("start",)
    with pytest.raises(BadSheet, match="labels are not enough"):
        reading(["First Name", "Second Name", "Second Name"], ["A", "B", "C"])
    with pytest.raises(BadSheet, match="same field"):
        reading(["prs_SecondName", "prs_Second_Name"], ["A", "B"])


def test_a_form_parts_codes_by_spaces_and_a_spreadsheet_by_other_signs() -> None:
    for cell in (
        "ForcedLabour ForcedBegging",
        "ForcedLabour;ForcedBegging",
        "ForcedLabour,\nForcedBegging",
        "forced labour, Forced begging",
    ):
        assert reading(["vic_TypeOfExploitation"], [cell]).records[0].values == {
            "vic_TypeOfExploitation": ["ForcedLabour", "ForcedBegging"]
        }


def test_core_columns_may_be_missing_and_a_name_is_not_needed() -> None:
    assert reading(["cas_Status"], ["Active"]).problems == ()


def test_every_problem_is_named_with_its_row_and_column() -> None:
    read = reading(
        ["prs_FirstName", "prs_Birthdate", "prs_Gender", "prs_PrimaryLanguage", "vic_AgeWhenTrafficked"],
        ["Rosa", "1990-05-04", "Feminine", "spa", "17"],
        ["Leo", "5/4/1990", "Boy", "Spanish", "170"],
    )
    assert [(one.row, one.column) for one in read.problems] == [
        (3, "prs_Birthdate"),
        (3, "prs_Gender"),
        (3, "prs_PrimaryLanguage"),
        (3, "vic_AgeWhenTrafficked"),
    ]
    assert "nobody knows which is the month" in str(read.problems[0])
    assert "The codes are Feminine" in str(read.problems[1])


def test_what_the_standard_has_no_column_for_is_kept_beside_it() -> None:
    read = reading(["prs_FirstName", "Shelter bed"], ["Rosa", "12"])
    assert read.beside == ("Shelter bed",)
    assert read.records[0].beside == {"Shelter bed": "12"}


def test_a_social_security_number_is_not_taken_in() -> None:
    read = reading(["prs_IdentityNumber"], ["078-05-1120"])
    assert "Social Security" in str(read.problems[0])
    assert reading(["prs_IdentityNumber"], ["MX-4471"]).problems == ()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "No column"),
        (b"\xd0\xcf\x11\xe0old", "old Excel"),
        (b"PK\x03\x04broken", "no Excel sheet"),
        (b'prs_FirstName\n"never closed', "does not close"),
        (b"prs_FirstName\n", "no row"),
        (b"prs_FirstName\nA,B\n", "more cells"),
        (b"prs_FirstName\x00\n", "no table in text"),
        (b"prs_FirstName\n" + b"A\n" * 2_001, "more than 2,000"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_in_words(content: bytes, says: str) -> None:
    with pytest.raises(BadSheet, match=says):
        read_records(read_sheet(content))


def test_an_old_code_page_is_read_and_said() -> None:
    read = read_records(read_sheet("prs_FirstName\nJos\xe9".encode("cp1252")))
    assert read.records[0].values == {"prs_FirstName": "José"}
    assert "Windows-1252" in read.remarks[0]


def test_semicolons_and_lines_above_the_head_are_understood() -> None:
    read = read_records(read_sheet(b"Our cases;;\nprs_FirstName;cas_Status;\nRosa;Active;\n"))
    assert read.records[0].values == {"prs_FirstName": "Rosa", "cas_Status": "Active"}
    assert read.remarks == ("1 line above the head was not read.",)


def test_a_formula_in_a_sheet_is_named_and_not_guessed() -> None:
    with pytest.raises(BadSheet, match=r"Row 2 .* holds a formula"):
        read_sheet(as_xlsx_file(["prs_FirstName"], ["=A1"]))


def test_numbers_days_and_ticks_of_a_spreadsheet_become_text() -> None:
    import datetime as dt

    read = read_records(
        read_sheet(
            as_xlsx_file(
                ["prs_MobilePhone", "prs_Birthdate", "con_Consent", "prs_NumberOfChildren"],
                [19165550142, dt.datetime(1990, 5, 4), True, 2.0],
            )
        )
    )
    assert read.records[0].values == {
        "prs_MobilePhone": "19165550142",
        "prs_Birthdate": "1990-05-04",
        "con_Consent": "TRUE",
        "prs_NumberOfChildren": "2",
    }


def test_a_sheet_that_declares_entities_or_unpacks_too_large_is_refused() -> None:
    whole = zipfile.ZipFile(io.BytesIO(as_xlsx_file(["prs_FirstName"], ["A"])))
    bomb, huge = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(bomb, "w") as archive:
        for name in whole.namelist():
            part = whole.read(name)
            is_sheet = name.endswith("sheet1.xml")
            archive.writestr(name, b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + part if is_sheet else part)
    with zipfile.ZipFile(huge, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 61_000_000)
    with pytest.raises(BadSheet, match="declares"):
        read_sheet(bomb.getvalue())
    with pytest.raises(BadSheet, match="unpacks"):
        read_sheet(huge.getvalue())
