"""Cells to typed values: strict about meaning, lenient about form, and never silent.

A wrong optional value is left out with a warning; a wrong required value is an error. Text that a spreadsheet would run as
a formula loses its leading sign, because staff open exports in spreadsheets.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from waymark.directory.formats.hsds_objects import Kind
from waymark.directory.formats.hsds_records import stable_id
from waymark.directory.formats.hsds_tables import TEXT_KINDS, ImportField

TEXT_LIMIT = 100_000
_FORMULA = re.compile(r"^\s*(=|[+\-@][^|!(]{0,60}[(|!])")
_CLOCK = re.compile(r"^(\d{1,2})(?::(\d{2}))?(?::(\d{2})(?:\.\d+)?)?\s*([AaPp])?\.?[Mm]?\.?(Z|[+-]\d{2}:?\d{2})?$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

Say = Callable[[str], None]


class BadValueError(ValueError):
    """The value does not fit the field; the text says what would."""


def looks_like_formula(text: str) -> bool:
    """True when a spreadsheet might run the text instead of showing it."""
    return bool(_FORMULA.match(text))


def clean_text(raw: str, say: Say) -> str:
    """Text without control characters and formula signs; a longer one than the limit is refused."""
    text = raw
    if _CONTROL.search(text):
        text = _CONTROL.sub("", text)
        say("control characters were removed")
    # Our own export guards a formula with an apostrophe: take it off again, the text is checked below like any other.
    if text.startswith("'") and looks_like_formula(text[1:]):
        text = text[1:]
    if looks_like_formula(text):
        text = text.lstrip(" =+-@\t")
        say("the cell looked like a spreadsheet formula: the sign in front was removed")
    if len(text) > TEXT_LIMIT:
        raise BadValueError(f"the text has {len(text):,} characters, at most {TEXT_LIMIT:,} are taken")
    return text


def read_number(raw: str) -> float:
    try:
        value = float(raw.strip().replace(",", ""))
    except ValueError:
        raise BadValueError(f"“{raw[:40]}” is not a number") from None
    if not math.isfinite(value):
        raise BadValueError(f"“{raw[:40]}” is not a number")
    return value


def read_date(raw: str) -> date:
    text = raw.strip()
    for form in ("%Y-%m-%d", "%m/%d/%Y", "%Y%m%d", "%Y/%m/%d"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise BadValueError(f"“{raw[:40]}” is not a date: write it as 2026-01-31") from None


def read_datetime(raw: str) -> datetime:
    try:
        moment = datetime.fromisoformat(raw.strip())
    except ValueError:
        day = read_date(raw)
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_time(raw: str) -> time:
    """Clock times as people write them: 9:00, 09:00:00, 5 pm, 17:00Z. The zone is the schedule's own field."""
    match = _CLOCK.match(raw.strip())
    if match:
        hour, minute, second = (int(part or 0) for part in match.groups()[:3])
        half = (match.group(4) or "").lower()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        if (hour, minute, second) == (24, 0, 0):
            hour = 0
        if hour < 24 and minute < 60 and second < 60:
            return time(hour, minute, second)
    raise BadValueError(f"“{raw[:40]}” is not a clock time: write it as 17:30")


def read_choice(raw: str, field: ImportField) -> str:
    text = " ".join(raw.strip().lower().split())
    for choice in field.choices:
        if choice.lower() == text or choice.lower() == text[:2]:
            return choice
    raise BadValueError(f"“{raw[:40]}” is none of: {', '.join(field.choices)}")


def read_flag(raw: str) -> bool:
    word = raw.strip().lower()
    if word in {"true", "t", "yes", "y", "1"}:
        return True
    if word in {"false", "f", "no", "n", "0"}:
        return False
    raise BadValueError(f"“{raw[:40]}” is neither true nor false")


_READERS: dict[Kind, Callable[[str], Any]] = {
    Kind.NUMBER: read_number,
    Kind.DATE: read_date,
    Kind.DATETIME: read_datetime,
    Kind.TIME: read_time,
    Kind.FLAG: read_flag,
}


def typed(raw: Any, field: ImportField, *, source: str, say: Say) -> Any:
    """The value of a cell for a field, or None when it is empty.

    `raw` is a text (CSV) or a JSON scalar. Raises BadValueError with words for the person who mends the file.
    """
    if raw is None:
        return None
    if isinstance(raw, list | dict) or (isinstance(raw, bool) and field.kind is not Kind.FLAG):
        raise BadValueError(f"a single {field.kind} was expected")
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    text = raw if isinstance(raw, str) else str(raw)
    if not text.strip():
        return None
    if field.kind is Kind.UUID:
        return stable_id(source, field.refers_to or "", text)
    if field.kind is Kind.CHOICE:
        return read_choice(text, field)
    if field.kind in TEXT_KINDS:
        return clean_text(text, say) or None
    return _READERS[field.kind](text)
