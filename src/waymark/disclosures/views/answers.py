"""What the pages of the mail slot share: the open vault or the way to open it, and content as lines."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from waymark.audit.models import Event
from waymark.disclosures.formats.kinds import MAIL_KINDS, answer_in_words, label_of
from waymark.disclosures.models.permits import KIND_CHOICES
from waymark.pages.listing import Filter

KIND = Filter("kind", "Kind", [choice for choice in KIND_CHOICES if choice[0] in MAIL_KINDS])
# What became of a packet, in the words of its history; other verbs are shown as they are.
DEEDS = {
    "packet.delivered": "Sent it",
    "packet.file_made": "Saved it as a file",
    "packet.frozen": "Wrote it",
    "packet.opened": "Opened it for the first time",
    "packet.read": "Read it",
    "packet.recall_made": "Saved the recall as a file",
    "packet.recall_taken_in": "Took in that it was taken back",
    "packet.recalled": "Took it back",
    "packet.receipt_made": "Saved a receipt as a file",
    "packet.receipt_taken_in": "Took in their receipt",
    "packet.stopped": "Decided not to send it",
    "packet.taken_in": "Took it in from a file",
    "report.opened": "Opened it for the first time",
    "report.read": "Read it",
}

DAYS = frozenset({"by_day", "day", "decided_on", "for_day", "held_on", "next_on", "offense_on", "ordered_on", "served_on"})


@dataclass(frozen=True)
class Line:
    """One field of a packet as it is shown."""

    label: str
    text: str


@dataclass(frozen=True)
class Deed:
    """One line of a packet's history."""

    at: dt.datetime
    what: str
    who: str


def lines_of(kind: str, values: dict[str, str]) -> list[Line]:
    return [Line(label_of(kind, code), _in_words(kind, code, text)) for code, text in values.items()]


def _in_words(kind: str, code: str, text: str) -> str:
    if code in DAYS:
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            return text
        return f"{day:%A, %B} {day.day}, {day.year}"
    return answer_in_words(kind, code, text)


def labels_of(kind: str, fields: list[str]) -> list[str]:
    return [label_of(kind, code) for code in fields]


def deeds(events: list[tuple[Event, str]]) -> list[Deed]:
    return [Deed(event.at, _deed(event), who) for event, who in events]


def _deed(event: Event) -> str:
    said = DEEDS.get(event.verb, event.verb)
    return said if event.result == Event.Result.DONE else f"{said}: refused"
