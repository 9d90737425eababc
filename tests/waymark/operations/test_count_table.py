"""The import of counts: closed columns, whole numbers, all or nothing, and no error that repeats a cell."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.operations.formats.count_table import COLUMNS, CountLine, read_counts
from waymark.operations.models.counts import Measure, Part


def read(text: str | bytes) -> tuple[list[CountLine], list[str]]:
    content = text if isinstance(text, bytes) else text.encode()
    lines, troubles = read_counts(content, measures=Measure.values, sides=Part.values)
    return lines, [str(trouble) for trouble in troubles]


def test_counts_come_in_and_nothing_is_not_zero() -> None:
    lines, troubles = read(
        "measure,side,charge,value,words\narrests,buyer,PC 647(b)(2),0,\ncitations,,,,total of 22 citations\n"
    )
    assert troubles == []
    assert lines == [
        CountLine("arrests", "buyer", "PC 647(b)(2)", 0, ""),
        CountLine("citations", "not_stated", "", None, "total of 22 citations"),
    ]


def test_a_file_from_a_spreadsheet_with_its_mark_and_empty_lines_is_read() -> None:
    lines, troubles = read(b"\xef\xbb\xbfMeasure, Value \r\narrests,3\r\n,\r\n\r\n")
    assert (lines, troubles) == ([CountLine("arrests", "not_stated", "", 3, "")], [])


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("name", "Maria Invented"),
        ("suspect", "J.D."),
        ("phone", "9165550142"),
        ("plate", "7ABC123"),
        ("age", "16"),
        ("dob", "2004-01-02"),
        ("address", "4521 Watt Avenue"),
        ("case_number", "20FE012345"),
        ("notes", "anything at all"),
    ],
)
def test_a_column_about_people_is_refused_by_its_heading(heading: str, cell: str) -> None:
    lines, troubles = read(f"measure,value,{heading}\narrests,3,{cell}\n")
    assert lines == []
    assert troubles == [
        "Line 1: Column 3 is not one of ours. Only measure, side, charge, value, words are kept: "
        "take every other column out before you send the file."
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("juvenile_arrests,,,1,", "Arrests of juveniles are kept by nobody"),
        ("arrests,girls,,1,", "The side is not one of ours"),
        ("arrests,,,three,", "not a whole number"),
        ("arrests,,,-1,", "not a whole number"),
        ("arrests,,,1.5,", "not a whole number"),
        ("arrests,,,12345678,", "not a whole number"),
        ("arrests,,,9165550142,", "not a whole number"),
        ("arrests,,,1,Maria was met", "somebody's name"),
        ("arrests,,,1,a 16-year-old girl", "the age of one person"),
        ("arrests,,,1,see ads.example.com/1", "a link"),
        (f"arrests,,,1,{'word ' * 40}", "longer than 160"),
        (f"arrests,,{'9' * 41},1,", "not a section of law"),
        ("arrests,,1", "It has 3 cells"),
    ],
)
def test_a_wrong_line_is_told_with_its_number_and_not_with_its_words(line: str, reason: str) -> None:
    troubles = read(f"measure,side,charge,value,words\narrests,,,1,\n{line}\n")[1]
    assert len(troubles) == 1
    assert troubles[0].startswith("Line 3: ")
    assert reason in troubles[0]
    assert "Maria" not in troubles[0]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "first line names the columns"),
        (b"\n\n", "first line names the columns"),
        (b"measure\narrests\n", "column value is missing"),
        (b"measure,value,value\narrests,1,2\n", "twice"),
        (b"measure,value\n", "holds no counts"),
        (b"\xff\xfem\x00e\x00", "UTF-8"),
        (b"measure,value\narr\x00ests,1\n", "not a table in text"),
        (b'measure,value\n"arrests,1\n', "does not close"),
        (b"measure,value\n" + b"arrests,1\n" * 2_001, "up to 2000 lines"),
    ],
)
def test_what_is_no_table_of_counts_is_refused(content: bytes, reason: str) -> None:
    lines, troubles = read(content)
    assert lines == []
    assert len(troubles) == 1
    assert reason in troubles[0]


@given(st.binary(max_size=600))
def test_any_bytes_are_read_or_refused_without_an_error(content: bytes) -> None:
    lines, troubles = read(content)
    assert bool(lines) or bool(troubles)


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)


@given(st.lists(st.tuples(st.sampled_from([*Measure.values, "x"]), CELLS, CELLS, CELLS, CELLS), max_size=8))
def test_what_comes_in_is_of_our_kinds_only(rows: list[tuple[str, ...]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([COLUMNS, *rows])
    for line in read(out.getvalue())[0]:
        assert line.measure in Measure.values
        assert line.side in Part.values
        assert line.value is None or 0 <= line.value <= 999_999
