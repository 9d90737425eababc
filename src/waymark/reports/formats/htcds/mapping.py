"""What of a record is a person's file, what is the case, and what is kept beside them; and the way back.

A number in a sheet is no agreement about when it may be called: it comes in without a day on which it is safe. A checkbox
of consent is kept as what the sheet said, and is no release. On the way out go neither numbers nor addresses: they hold
with their hours and their reasons only, and those have no column in the standard.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from waymark.reports.formats.htcds.values import Value

NAMES = ("prs_FirstName", "prs_MiddleName", "prs_SecondName")
MAILING = ("prs_MailingStreet", "prs_MailingCity", "prs_MailingState", "prs_MailingPostalCode", "prs_MailingCountry")
CONTACTS = (("prs_MobilePhone", "call"), ("prs_HomePhone", "call"), ("prs_Email", "email"))
HELD_ELSEWHERE = frozenset(
    {"prs_Birthdate", *MAILING, *(name for name, _ in CONTACTS), "prs_MailingLongitude", "prs_MailingLatitude"}
)
# Names of the languages that are asked for most; another is shown by its code.
LANGUAGES = {
    "ara": "Arabic",
    "chi": "Chinese",
    "eng": "English",
    "fre": "French",
    "hmn": "Hmong",
    "kor": "Korean",
    "por": "Portuguese",
    "rus": "Russian",
    "spa": "Spanish",
    "tgl": "Tagalog",
    "vie": "Vietnamese",
}
OPENING = (("begin_intake", ""), ("activate", ""))
FOLLOWED = "Follow-up, as the sheet said."
CLOSED = "Closed, as the sheet said."
STATUS_OF = {"on_hold": "FollowUp", "closed": "Closed", "archived": "Closed"}


@dataclass(frozen=True)
class Incoming:
    """A record as our files take it."""

    name: str = field(repr=False)
    born: dt.date | None = field(repr=False)
    languages: str = field(repr=False)
    contacts: list[tuple[str, str]] = field(repr=False)
    address: str = field(repr=False)
    moves: tuple[tuple[str, str], ...]
    rest: dict[str, Value] = field(repr=False)


def _text(values: Mapping[str, Value], name: str) -> str:
    value = values.get(name, "")
    return value if isinstance(value, str) else ";".join(value)


def full_name(values: Mapping[str, Value]) -> str:
    """The names of a record, put together."""
    return " ".join(filter(None, (_text(values, name) for name in NAMES)))


def incoming(values: Mapping[str, Value]) -> Incoming:
    """What becomes of a record."""
    born = _text(values, "prs_Birthdate")
    spoken = [_text(values, name) for name in ("prs_PrimaryLanguage", "prs_SecondaryLanguage")]
    contacts = {_text(values, name): channel for name, channel in CONTACTS if values.get(name)}
    return Incoming(
        name=full_name(values)[:120],
        born=dt.date.fromisoformat(born) if born else None,
        languages=", ".join(LANGUAGES.get(code, code) for code in spoken if code),
        contacts=[(channel, value[:200]) for value, channel in contacts.items()],
        address="\n".join(filter(None, (_text(values, name) for name in MAILING))),
        moves=_moves(values),
        rest={name: value for name, value in values.items() if name not in HELD_ELSEWHERE},
    )


def _moves(values: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
    status = values.get("cas_Status", "")
    why = _text(values, "cas_ReasonForCaseClosure")[:2000] or CLOSED
    if status == "Active":
        return OPENING
    if status == "FollowUp":
        return (*OPENING, ("hold", FOLLOWED))
    if status in {"Closed", "ClosedReferred"}:
        return (("begin_closing", why), ("close", why))
    return ()


def outgoing(
    *, name: str, facts: Mapping[str, Any], state: str, worker: str, agency: str, kept: Mapping[str, Value]
) -> dict[str, Value]:
    """A case as a record: what was kept of the standard, and over it what our files say today."""
    values = {key: value for key, value in kept.items() if value and key not in HELD_ELSEWHERE}
    if full_name(values) != name:
        values = {key: value for key, value in values.items() if key not in NAMES}
        values |= {"prs_FirstName": name} if name else {}
    if facts.get("born"):
        values["prs_Birthdate"] = facts["born"]
    status = STATUS_OF.get(state, "Active")
    is_referred = status == "Closed" and kept.get("cas_Status") == "ClosedReferred"
    values |= {"cas_Status": "ClosedReferred" if is_referred else status, "cas_CaseOwner": worker, "org_Name": agency}
    return values
