"""Query parameters of the API: one table that reads them and describes them, so that the description is true."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.http import HttpRequest

MOST_PER_PAGE = 500
DATE_TIME = re.compile(r"^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d:\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d))?$")


class BadParameter(Exception):
    """A parameter that cannot be used; the text is for whoever wrote the request."""

    def __init__(self, name: str, sentence: str, status: int = 422) -> None:
        super().__init__(sentence)
        self.name = name
        self.sentence = sentence
        self.status = status


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes or no"
    ID = "id"
    MOMENT = "moment"
    CHOICE = "choice"


@dataclass(frozen=True)
class Parameter:
    """One query parameter: how it is read, and the words that describe it."""

    name: str
    kind: Kind
    description: str
    least: int = 0
    most: int = 0
    choices: tuple[str, ...] = ()
    pattern: str = ""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        match self.kind:
            case Kind.TEXT:
                return {"type": "string", "maxLength": self.most} | ({"pattern": self.pattern} if self.pattern else {})
            case Kind.NUMBER:
                return {"type": "integer", "minimum": self.least, "maximum": self.most}
            case Kind.YES_NO:
                return {"type": "boolean"}
            case Kind.ID:
                return {"type": "string", "format": "uuid"}
            case Kind.MOMENT:
                return {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]}
            case Kind.CHOICE:
                return {"type": "string", "enum": list(self.choices)}

    def read(self, text: str) -> Any:
        """Its value, or a sentence that says what is wrong."""
        match self.kind:
            case Kind.TEXT:
                if len(text) > self.most:
                    raise BadParameter(self.name, f"{self.name} may be {self.most} characters long at most.")
                if self.pattern and not re.fullmatch(self.pattern.strip("^$"), text):
                    raise BadParameter(self.name, f"{self.name} may hold letters, digits, spaces and hyphens only.")
                return text.replace("\x00", " ")
            case Kind.NUMBER:
                if not re.fullmatch(r"-?[0-9]{1,12}", text) or not self.least <= int(text) <= self.most:
                    raise BadParameter(self.name, f"{self.name} must be a whole number from {self.least} to {self.most}.")
                return int(text)
            case Kind.YES_NO:
                if text not in {"true", "false"}:
                    raise BadParameter(self.name, f"{self.name} must be true or false.")
                return text == "true"
            case Kind.ID:
                return read_id(self.name, text)
            case Kind.MOMENT:
                return _moment(self.name, text)
            case Kind.CHOICE:
                if text not in self.choices:
                    raise BadParameter(self.name, f"{self.name} must be one of: {', '.join(self.choices)}.")
                return text


def read_id(name: str, text: str) -> uuid.UUID:
    """A UUID in its usual form."""
    if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text):
        raise BadParameter(name, f"{name} must be a UUID, such as 5b1f2b0e-6c1e-4b8e-9f5e-0d6c2f1a7e11.")
    return uuid.UUID(text)


def _moment(name: str, text: str) -> str:
    """A moment as PostgreSQL reads it: it knows leap seconds and the first and last years, which Python does not."""
    found = DATE_TIME.match(text)
    try:
        if not found:
            raise ValueError(text)
        dt.date.fromisoformat(found[1])
        if found[2]:
            hours, minutes, seconds = (int(part) for part in found[2].split(":"))
            if hours > 23 or minutes > 59 or seconds > 60:
                raise ValueError(text)
            if found[4] not in "Zz" and (int(found[4][1:3]) > 23 or int(found[4][4:6]) > 59):
                raise ValueError(text)
    except ValueError:
        raise BadParameter(
            name, f"{name} must be a date or a date and time with zone, such as 2026-01-31T08:00:00Z."
        ) from None
    if not found[2]:
        return f"{found[1]}T00:00:00Z"
    zone = "Z" if found[4] in "Zz" else found[4]
    shift = 0 if zone == "Z" else int(zone[1:3]) * 60 + int(zone[4:6])
    if shift > 15 * 60:
        # PostgreSQL takes zones up to 15:59; the few hours beyond are counted by hand where the calendar allows it.
        moment = dt.datetime.fromisoformat(f"{found[1]}T{found[2].replace(':60', ':59')}")
        try:
            moment -= dt.timedelta(minutes=shift if zone[0] == "+" else -shift)
        except OverflowError:
            moment = dt.datetime.min if zone[0] == "+" else dt.datetime.max
        return f"{moment.isoformat()}Z"
    return f"{found[1]}T{found[2]}{(found[3] or '')[:7]}{zone}"


SEARCH = Parameter("search", Kind.TEXT, "Full text search; misspellings, English and Spanish are understood.", most=400)
PAGE = Parameter("page", Kind.NUMBER, "Number of the page, from 1.", least=1, most=1_000_000)
PER_PAGE = Parameter("per_page", Kind.NUMBER, "Results on one page; 50 when not given.", least=1, most=MOST_PER_PAGE)
FORMAT = Parameter(
    "format",
    Kind.CHOICE,
    "`json` gives a page; `ndjson` streams all results, one object a line.",
    choices=("json", "ndjson"),
)
TAXONOMY_TERM = Parameter("taxonomy_term_id", Kind.ID, "Only records with this taxonomy term.")
TAXONOMY = Parameter("taxonomy_id", Kind.ID, "Only records with any term of this taxonomy.")
ORGANIZATION = Parameter("organization_id", Kind.ID, "Only what this organization provides.")
MODIFIED_AFTER = Parameter("modified_after", Kind.MOMENT, "Only what was changed at or after this moment.")
MINIMAL = Parameter(
    "minimal", Kind.YES_NO, "Only `id` and `modified_date` of each service; all on one page unless per_page is given."
)
FULL = Parameter("full", Kind.YES_NO, "Fully nested objects.")
FULL_SERVICE = Parameter("full_service", Kind.YES_NO, "The organization's services in full.")
POSTCODE = Parameter(
    "postcode",
    Kind.TEXT,
    "Services at locations in this postcode, or whose service area names it; with `proximity`, near its center.",
    most=12,
    pattern="^[A-Za-z0-9 -]*$",
)
PROXIMITY = Parameter(
    "proximity", Kind.NUMBER, "Meters from the center of `postcode`, which must be given too.", least=1, most=20_100_000
)
TOP_ONLY = Parameter("top_only", Kind.YES_NO, "Only terms without a parent.")
PARENT = Parameter("parent_id", Kind.ID, "Only children of this term.")


def said(request: HttpRequest) -> Iterator[tuple[str, Any]]:
    """What the request asks for, by name: the address first, then in a POST the body (a form or a JSON object).

    Texts come as they are; what JSON gives as a number, true or false comes as such, so that its type can be checked.
    """
    yield from request.GET.items()
    if request.method != "POST" or not request.body:
        return
    match request.content_type:
        case "application/x-www-form-urlencoded" | "multipart/form-data":
            yield from request.POST.items()
        case "application/json":
            try:
                body = json.loads(request.body)
            except (ValueError, RecursionError):
                raise BadParameter("body", "The body is not valid JSON.") from None
            if not isinstance(body, dict):
                raise BadParameter("body", "The body must be a JSON object, such as {}.")
            for name, value in body.items():
                yield name, value if isinstance(value, bool) else _Typed(value)
        case _:
            raise BadParameter("body", "The body must be a form or JSON.", 415)


@dataclass(frozen=True)
class _Typed:
    """A value with the type that JSON gave it."""

    value: Any


def _as_text(parameter: Parameter, value: Any) -> str:
    """A value as its text, when its JSON type is the one that the description names."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        if parameter.kind is Kind.YES_NO:
            return "true" if value else "false"
        raise BadParameter(parameter.name, f"{parameter.name} cannot be true or false.")
    given = value.value
    if parameter.kind is Kind.NUMBER:
        if isinstance(given, int) or (isinstance(given, float) and given.is_integer()):
            return str(int(given))
    elif isinstance(given, str) and parameter.kind is not Kind.YES_NO:
        return given
    wanted = {Kind.NUMBER: "a number", Kind.YES_NO: "true or false"}.get(parameter.kind, "a text")
    raise BadParameter(parameter.name, f"{parameter.name} must be {wanted} in JSON.")


def read(request: HttpRequest, allowed: tuple[Parameter, ...]) -> dict[str, Any]:
    """The request's parameters by name; the body wins over the address.

    An unknown one is refused, since a misspelled filter would filter nothing.
    """
    known = {parameter.name: parameter for parameter in allowed}
    values: dict[str, Any] = {}
    for name, value in said(request):
        if name not in known:
            names = ", ".join(known) or "none"
            raise BadParameter(name[:60], f"There is no parameter {name[:60]!r} here. Known are: {names}.")
        values[name] = known[name].read(_as_text(known[name], value))
    return values
