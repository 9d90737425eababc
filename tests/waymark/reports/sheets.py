"""Records of the standard as hypothesis makes them, and files that a test writes by hand."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

from hypothesis import strategies as st
from openpyxl import Workbook

from waymark.reports.formats.htcds import Field, Record, fields
from waymark.reports.formats.htcds.fields import countries

SIGNS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"), include_characters="\n'=+-@;,\"")


def texts(longest: int) -> st.SearchStrategy[str]:
    """Made, not sifted: of sixty fields with a sieve each, whole records would be thrown away."""

    def held(text: str) -> str:
        text = text.strip()
        return text if text and not text.startswith("#") else f"n{text}"[:longest]

    return st.text(SIGNS, min_size=1, max_size=longest).map(held)


def value_of(field: Field) -> st.SearchStrategy[Any]:
    """Values as the standard's list has them: what reading makes of a cell, and so what must come back."""
    if field.kind == "codes":
        chosen = st.sets(st.sampled_from(field.codes), min_size=1)
        return chosen.map(lambda codes: [code for code in field.codes if code in codes])
    if field.kind == "countries":
        return st.sets(st.sampled_from(sorted(countries())), min_size=1, max_size=4).map(sorted)
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "code": st.sampled_from(field.codes or ("",)),
        "country": st.sampled_from(sorted(countries())),
        "language": st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=3),
        "checkbox": st.sampled_from(["TRUE", "FALSE"]),
        "date": st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2200, 12, 31)).map(str),
        "number": st.integers(0, 40).map(str),
        "phone": st.from_regex(r"\A\+?[1-9][0-9]{6,13}\Z"),
        "email": st.from_regex(r"\A[a-z]{1,8}@[a-z]{1,8}\.example\Z"),
        "long": texts(200),
        "text": texts(60),
    }
    return kinds[field.kind]


def records() -> st.SearchStrategy[list[Record]]:
    values = st.fixed_dictionaries({}, optional={name: value_of(field) for name, field in fields().items()})
    beside = st.dictionaries(st.sampled_from(["Shelter bed", "=note", "Our own code"]), texts(30), max_size=2)

    def numbered(rows: list[tuple[dict[str, Any], dict[str, str]]]) -> list[Record]:
        # A row that says nothing is no record.
        return [Record(number, held or {"cas_Status": "Active"}, more) for number, (held, more) in enumerate(rows, start=2)]

    return st.lists(st.tuples(values, beside), min_size=1, max_size=3).map(numbered)


def as_csv_file(*rows: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def as_xlsx_file(*rows: list[object], title: str = "Sheet1") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
