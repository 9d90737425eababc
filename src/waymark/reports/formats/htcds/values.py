"""One cell of the standard: text as somebody typed it becomes a value that is written in one way only.

A value is text, or a list of codes. What cannot be a value is a problem that the file's owner has to mend; what is kept in
another way than it was written is a note, so that nothing changes silently.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from waymark.reports.formats.htcds.fields import Field, countries, fold

Value = str | list[str]
LONGEST = {"long": 20_000}
SHORT = 500
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?")
E164 = re.compile(r"\+?[1-9]\d{1,14}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# No help needs this number, and so there is no field for it anywhere here.
SOCIAL_SECURITY = re.compile(r"\d{3}[- ]?\d{2}[- ]?\d{4}")
LANGUAGE = re.compile(r"[a-z]{3}")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
# What spreadsheets write where a formula has failed.
FAILED = re.compile(r"#(N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!)")
YES, NO = frozenset({"true", "yes", "y", "1", "x"}), frozenset({"false", "no", "n", "0"})
RANGES = {"longitude": (-180, 180), "latitude": (-90, 90), "agewhentrafficked": (0, 120), "numberofchildren": (0, 40)}
FIRST_YEAR = 1900


@dataclass
class Read:
    """What became of one cell. `beside` is what stays of the words where the value alone would lose them."""

    value: Value = ""
    problem: str = ""
    notes: list[str] = field(default_factory=list)
    beside: str = ""


def read_value(known: Field, text: str) -> Read:
    """The value of a cell that holds something."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        return Read()
    if CONTROL.search(text):
        return Read(problem="holds signs that are no text")
    if FAILED.fullmatch(text):
        return Read(problem=f"holds {text}: a formula has failed there")
    if len(text) > LONGEST.get(known.kind, SHORT):
        return Read(problem=f"is longer than {LONGEST.get(known.kind, SHORT):,} signs")
    return READERS.get(known.kind, _text)(known, text)


def _text(known: Field, text: str) -> Read:
    if known.name == "prs_IdentityNumber" and SOCIAL_SECURITY.fullmatch(text):
        return Read(problem="looks like a Social Security number. It is not kept here: empty the cell")
    return Read(text)


def _day(known: Field, text: str) -> Read:
    found = DAY.fullmatch(text)
    try:
        day = dt.date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= 2200:
        return Read(problem="is no day. Write it as 1990-12-31: in 3/4/1990 nobody knows which is the month")
    return Read(day.isoformat())


def _number(known: Field, text: str) -> Read:
    if NUMBER.fullmatch(text) is None:
        return Read(problem="is no number")
    number = re.sub(r"\.0*$|(\.\d*?)0+$", r"\1", text)
    number = "0" if number in {"-0", ""} else number
    for end, (low, high) in RANGES.items():
        if fold(known.name).endswith(end) and not low <= float(number) <= high:
            return Read(problem=f"is not between {low} and {high}")
    return Read(number)


def _checkbox(known: Field, text: str) -> Read:
    if text.casefold() in YES:
        return Read("TRUE")
    if text.casefold() in NO:
        return Read("FALSE")
    return Read(problem="is neither TRUE nor FALSE")


def _phone(known: Field, text: str) -> Read:
    digits = re.sub(r"[ ().\-/]", "", text)
    if E164.fullmatch(digits):
        return Read(digits)
    return Read(text, notes=["is no telephone number by E.164; it is kept as it is written"])


def _email(known: Field, text: str) -> Read:
    return Read(text, notes=[] if EMAIL.fullmatch(text) else ["is no e-mail address; it is kept as it is written"])


def _language(known: Field, text: str) -> Read:
    code = text.casefold()
    if LANGUAGE.fullmatch(code):
        return Read(code)
    return Read(problem="is no code of a language. The standard wants three letters, like eng or spa (ISO 639-2)")


def _country(known: Field, text: str) -> Read:
    code = text.upper()
    if code in countries():
        return Read(code)
    return Read(problem="is no code of a country. The standard wants two letters, like MX or NA (ISO 3166)")


def _countries(known: Field, text: str) -> Read:
    found: list[str] = []
    unknown: list[str] = []
    for one in filter(None, re.split(r"[;,|\s]+", text)):
        (found if one.upper() in countries() else unknown).append(one.upper())
    if unknown:
        return Read(problem=f"has no country {', '.join(unknown)[:60]}. Write two letters, like MX;NA (ISO 3166)")
    return Read(sorted(set(found)))


def _code(known: Field, text: str) -> Read:
    code, note, beside = _one_code(known, text)
    if code is None:
        return Read(problem=_no_code(known, [text]))
    return Read(code, notes=[note] if note else [], beside=beside)


def _codes(known: Field, text: str) -> Read:
    """Several codes: parted by semicolons, commas or lines, as spreadsheets do, or by spaces, as the survey form does."""
    read, unknown, chosen = Read(), [], set()
    for piece in filter(None, (part.strip() for part in re.split(r"[;,|\n]+", text))):
        whole = _one_code(known, piece)
        found = [whole] if whole[0] else [_one_code(known, word) for word in piece.split()]
        if any(code is None for code, _, _ in found):
            unknown.append(piece)
            continue
        for code, note, beside in found:
            chosen.add(code)
            read.notes += [note] if note else []
            read.beside = "; ".join(filter(None, (read.beside, beside)))
    if unknown:
        return Read(problem=_no_code(known, unknown))
    read.value = [code for code in known.codes if code in chosen]
    return read


def _one_code(known: Field, text: str) -> tuple[str | None, str, str]:
    """The code, a note where another word of the standard stood for it, and that word where the code says less."""
    said = fold(text)
    # `Field Definitions.md` puts the field's own name in front.
    own = fold(known.name.partition("_")[2])
    said = said.removeprefix(own) if said != own else said
    for code in known.codes:
        if fold(code) == said:
            return code, "", ""
    for word, code in known.elsewhere:
        if fold(word) == said:
            return code, f"{word} is read as {code}, as the standard's list of 2.0 has it", ""
    for word in known.without_code:
        if fold(word) == said:
            return "Other", f"{word} stands in the definitions only; it becomes Other, and the word is kept beside it", word
    return None, "", ""


def _no_code(known: Field, found: list[str]) -> str:
    shown = ", ".join(found)[:60]
    return f"has no code {shown}. The codes are {', '.join(known.codes)}"


READERS = {
    "date": _day,
    "number": _number,
    "checkbox": _checkbox,
    "phone": _phone,
    "email": _email,
    "language": _language,
    "country": _country,
    "countries": _countries,
    "code": _code,
    "codes": _codes,
}


def as_text(value: Value) -> str:
    """A value as it is written into a cell."""
    return value if isinstance(value, str) else ";".join(value)
