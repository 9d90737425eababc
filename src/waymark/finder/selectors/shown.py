"""A listing in the words of one language: what a row and a page say about it at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.formats import date_format

from waymark.coalition.models import Region
from waymark.directory.formats.hours import hours_at
from waymark.finder.content import language, strings
from waymark.finder.formats.hours import hours_lines, state_words
from waymark.finder.selectors.listings import Listing, Phone, Place, Text
from waymark.finder.templatetags.finder_words import in_language, worded

BANDS = ((1, "near_band_1"), (3, "near_band_3"), (10, "near_band_10"))


def day_words(day: date, code: str) -> str:
    """A date as people of a language write it."""
    with translation.override(code):
        return date_format(day, "DATE_FORMAT")


def local_now(region: Region, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(region.time_zone))


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    id: str
    name: Text
    where: str
    state: str
    is_open: bool
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """The page of one service."""

    row: Row
    about: Text
    organization: str
    phones: tuple[Phone, ...]
    voice: Phone | None
    hours: tuple[tuple[str, str], ...]
    languages: tuple[str, ...]
    has_interpreter: bool
    ages: str
    eligibility: Text
    cost: str
    papers: tuple[str, ...]
    how: Text
    places: tuple[Place, ...]
    areas: tuple[str, ...]
    access: tuple[str, ...]
    police: str
    alerts: tuple[tuple[str, str], ...]
    checked: str
    is_due: bool
    email: str
    website: str
    untranslated: bool
    stale_translation: bool
    unchecked_translation: bool


def distance_words(miles: float, code: str) -> str:
    """A distance as a band: nobody is told more exactly where they are not."""
    for limit, key in BANDS:
        if miles < limit:
            return worded(code, f"service.{key}")
    return worded(code, "service.near_band_over_10")


def shown_row(listing: Listing, region: Region, code: str, now: datetime, miles: float | None = None) -> Row:
    words = strings(code)
    state = hours_at(listing.schedules, now, region.time_zone)
    is_open = state.state == "open" and not listing.is_closed_for_now
    if listing.is_closed_for_now:
        said = words["service.closed_for_now"]
    else:
        said = state_words(state, words, code, local_now(region, now))
    labels = []
    if listing.reported:
        labels.append(worded(code, "service.reported", reason=words[f"report.{listing.reported}"]))
    if listing.alerts or listing.document.get("alert"):
        dated = next((in_language(each["text"], code) for each in listing.alerts), "")
        labels.append(dated or listing.text("alert", code).text)
    return Row(
        id=listing.id,
        name=listing.text("name", code),
        where=" · ".join(part for part in (listing.organization, _where(listing, code, miles)) if part),
        state=said,
        is_open=is_open,
        labels=tuple(label for label in labels if label),
    )


def _where(listing: Listing, code: str, miles: float | None) -> str:
    if miles is not None:
        return distance_words(miles, code)
    for place in listing.places:
        if place.address:
            return place.address[-1].rsplit(",", 1)[0]
    return listing.areas[0] if listing.areas else ""


def _ages(listing: Listing, code: str) -> str:
    lowest, highest = listing.ages
    if lowest and highest:
        return worded(code, "service.ages_between", **{"from": lowest, "to": highest})
    if lowest:
        return worded(code, "service.ages_from", age=lowest)
    if highest:
        return worded(code, "service.ages_to", age=highest)
    return ""


def _cost(listing: Listing, code: str) -> str:
    said = listing.text("fees_description", code).text
    if said:
        return said
    if listing.is_free:
        return worded(code, "service.free")
    options = [str(row["option"]) for row in listing.document.get("cost_options", []) if row.get("option")]
    return ", ".join(options) or worded(code, "service.cost_unknown")


def _tongues(listing: Listing, code: str) -> tuple[str, ...]:
    found = (language(each) for each in listing.languages)
    names = [known.name if known else each for each, known in zip(listing.languages, found, strict=True)]
    return tuple(names)


def _alerts(listing: Listing, code: str) -> tuple[tuple[str, str], ...]:
    """Dated alerts with their end, then the lasting one."""
    found = []
    for each in listing.alerts:
        until = day_words(date.fromisoformat(each["until"]), code)
        found.append((in_language(each["text"], code), worded(code, "service.alert_until", date=until)))
    if listing.document.get("alert"):
        found.append((listing.text("alert", code).text, ""))
    return tuple(found)


def shown_record(listing: Listing, region: Region, code: str, now: datetime) -> Record:
    """Everything the page of a service says."""
    words = strings(code)
    today = local_now(region, now).date()
    phones = tuple(listing.phones)
    texts = [listing.text(name, code) for name in ("name", "description")]
    due = listing.is_due(on=today)
    if listing.verified_on is None:
        checked = words["service.checked_never"]
    else:
        key = "service.checked_old" if due else "service.checked_on"
        checked = worded(code, key, date=day_words(listing.verified_on, code))
    return Record(
        row=shown_row(listing, region, code, now),
        about=listing.text("description", code),
        organization=listing.organization,
        phones=phones,
        voice=next((phone for phone in phones if phone.kind == "voice"), None),
        hours=tuple(hours_lines(listing.schedules, words, code, today, lambda day: day_words(day, code))),
        languages=_tongues(listing, code),
        has_interpreter=listing.has_interpreter,
        ages=_ages(listing, code),
        eligibility=listing.text("eligibility_description", code),
        cost=_cost(listing, code),
        papers=tuple(listing.papers),
        how=listing.text("application_process", code),
        places=tuple(listing.places),
        areas=tuple(listing.areas),
        access=tuple(dict.fromkeys(access for place in listing.places for access in place.access)),
        police=words.get(f"service.police_{listing.police}", words["service.police_unknown"]),
        alerts=_alerts(listing, code),
        checked=checked,
        is_due=due,
        email=str(listing.document.get("email", "")),
        website=listing.website,
        untranslated=code != "en" and any(text.language == "en" for text in texts),
        stale_translation=any(text.is_stale for text in texts),
        unchecked_translation=code != "en" and any(not text.is_checked for text in texts),
    )
