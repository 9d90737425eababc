"""The copy of the directory that a phone searches by itself: small, complete, signed, made once an hour and epoch.

It is built from listings, so it holds what the pages show and no more. Texts that repeat (hours in words, schedules,
agencies) stand once in a table. Its hour tells the phone how old a kept copy is.
"""

from __future__ import annotations

import gzip
import json
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings

from waymark.coalition.models import PostalArea
from waymark.directory.models import Need
from waymark.directory.selectors.epoch import Remembered, publication_epoch
from waymark.directory.selectors.words import STOP_WORDS
from waymark.finder.content import strings
from waymark.finder.formats.hours import hours_lines
from waymark.finder.formats.signature import signed
from waymark.finder.selectors.listings import TRANSLATED, Listing, all_listings
from waymark.finder.selectors.needs import key_of
from waymark.finder.selectors.regions import current_region
from waymark.finder.selectors.shown import day_words, local_now

KEY_FILE = settings.DATA_DIR / "keys" / "copy-signing-key.pem"
SCHEDULE_FIELDS = (
    "freq", "interval", "count", "wkst", "byday", "bymonthday", "byweekno", "byyearday", "dtstart", "until", "valid_from",
    "valid_to", "opens_at", "closes_at", "is_closed",
)  # fmt: skip


@dataclass(frozen=True)
class Snapshot:
    """The bytes as sent, plain and compressed."""

    body: bytes
    zipped: bytes
    services: int


class _Table:
    """Values that repeat, each once; a value's place is what the listing holds."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._places: dict[str, int] = {}

    def place(self, value: Any) -> int:
        key = json.dumps(value, sort_keys=True, ensure_ascii=False)
        if key not in self._places:
            self._places[key] = len(self.values)
            self.values.append(value)
        return self._places[key]


class _Tables:
    """The tables of one copy."""

    def __init__(self) -> None:
        self.agencies, self.schedules, self.hours, self.sorts = _Table(), _Table(), _Table(), _Table()


_snapshots: Remembered[Snapshot] = Remembered(8)


def snapshot(now: datetime, code: str) -> Snapshot:
    """The signed copy of this hour in a language."""
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return _snapshots.get((hour, code), publication_epoch(), lambda: _sealed(hour, code))


def _sealed(hour: datetime, code: str) -> Snapshot:
    content = snapshot_content(hour, code)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    body = signed(text.encode(), KEY_FILE)
    return Snapshot(body, gzip.compress(body, 9, mtime=0), len(content["services"]))


def snapshot_content(hour: datetime, code: str) -> dict[str, Any]:
    """What the copy says, before it is signed. Short names keep it small; `frontend/scripts/search/show.js` reads them.

    Names and the words of needs come in every language, so that a search may be typed in any; longer texts come in the
    language of the page, and in English where it has none.
    """
    region = current_region()
    today = local_now(region, hour).date()
    tables = _Tables()
    services = []
    for listing in all_listings(at=hour):
        services.append(_short(listing, code, tables, tables.hours.place(_hours(listing, code, today))))
    return {
        "v": 1,
        "made": hour.isoformat().replace("+00:00", "Z"),
        "zone": region.time_zone,
        "agencies": tables.agencies.values,
        "schedules": tables.schedules.values,
        "hours": tables.hours.values,
        "sorts": tables.sorts.values,
        "needs": [_short_need(need) for need in Need.objects.all()],
        "stop": sorted(STOP_WORDS),
        "zips": {row.code: [round(row.latitude, 3), round(row.longitude, 3)] for row in PostalArea.objects.all()},
        "services": services,
    }


def _hours(listing: Listing, code: str, today: date) -> list[tuple[str, str]]:
    return hours_lines(listing.schedules, strings(code), code, today, lambda day: day_words(day, code))


def _short_need(need: Need) -> dict[str, Any]:
    words = [word for said in need.words.values() for word in (said if isinstance(said, list) else [said])]
    return {"s": need.slug, "k": key_of(need.slug), "t": need.sentence, "h": need.short, "w": words}


def _texts(listing: Listing, name: str, code: str) -> dict[str, str]:
    text = listing.text(name, code)
    texts = {text.language: text.text}
    if name == "name":
        texts |= {"en": str(listing.document["name"])}
        texts |= {other: own["name"].text for other, own in listing.translations.items() if "name" in own}
    return {language: said for language, said in texts.items() if said}


def _short(listing: Listing, code: str, tables: _Tables, hours: int) -> dict[str, Any]:
    lowest, highest = listing.ages
    rows = [{key: row[key] for key in SCHEDULE_FIELDS if row.get(key)} for row in listing.schedules]
    texts = {name: _texts(listing, name, code) for name in TRANSLATED}
    own = listing.translations.get(code, {}).values()
    short: dict[str, Any] = {
        "i": urlsafe_b64encode(uuid.UUID(listing.id).bytes).decode().rstrip("="),
        "n": texts["name"],
        "d": texts["description"],
        "e": texts["eligibility_description"],
        "w": texts["application_process"],
        "c": texts["fees_description"],
        "A": texts["alert"],
        "g": list(listing.needs),
        # Needs say better what a service is for; only what nobody has linked to one brings the standard's words.
        "j": [] if listing.needs else [tables.sorts.place(sort) for sort in listing.sorts],
        "o": tables.agencies.place(listing.organization) if listing.organization else None,
        "p": [[phone.number, phone.kind, phone.extension, phone.note] for phone in listing.phones if phone.kind != "fax"],
        "s": [tables.schedules.place(row) for row in rows],
        "h": hours if rows else None,
        "l": listing.languages,
        "x": int(listing.has_interpreter),
        "a": [lowest, highest] if lowest is not None or highest is not None else None,
        "f": None if listing.is_free is None else int(listing.is_free),
        "b": listing.papers,
        "y": listing.police,
        "m": [
            [place.name, ", ".join(place.address), place.latitude, place.longitude, place.how_to_get_there,
             list(place.access), int(place.is_confidential)]
            for place in listing.places
        ],
        "r": listing.areas,
        "k": int(listing.is_step_free),
        "v": listing.verified_on.isoformat() if listing.verified_on else None,
        "z": listing.cadence_days,
        "t": listing.reported,
        "T": int(listing.sorts_last),
        "u": listing.alerts,
        "q": int(listing.is_closed_for_now),
        "U": int(any(not text.is_checked for text in own)),
        "V": int(any(text.is_stale for text in own)),
        "W": listing.website,
    }  # fmt: skip
    return {key: value for key, value in short.items() if value not in (None, "", [], {}, 0) or (key == "f" and value == 0)}
