"""Who may see a person, and how a person may be reached.

Inside one agency every advocate works with every person, unless the person is kept to named staff, or the member stands on
the person's deny list, which beats everything. Whoever may not see a person is told what they would be told of nobody.

The times, channels and names that a survivor gave are obeyed by the software: whatever shows, prints or sends a way to
reach a person asks `may_contact` first.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.people.models import Denial, NamedReader, Person

Row = TypeVar("Row", bound=Model)

# A merge can be undone for so long.
UNDO_MERGE = dt.timedelta(days=30)
ADULT = 18
CHANNELS = (
    ("call", "Call"),
    ("text", "Text"),
    ("email", "E-mail"),
    ("letter", "Letter"),
    ("visit", "In person"),
    ("other", "Through somebody they trust"),
)
DAYS = (("0", "Mon"), ("1", "Tue"), ("2", "Wed"), ("3", "Thu"), ("4", "Fri"), ("5", "Sat"), ("6", "Sun"))


class Refused(Exception):
    """Someone may not do this now; the text says why, in words for the person."""


_against_merging: list[Callable[[Person, Person], str]] = []


def put_against_merging(says: Callable[[Person, Person], str]) -> None:
    """Say why two files cannot be put together, as far as something above people goes. Called by an app when it starts."""
    _against_merging.append(says)


def trouble_of_merging(one: Person, other: Person) -> str:
    """The first reason against putting two files together, in words for the form; empty when there is none."""
    return next(filter(None, (says(one, other) for says in _against_merging)), "")


def agency_of(by: User) -> uuid.UUID:
    """The agency for which a member acts. Raises Refused when they act for none."""
    if by.acting is None:
        raise Refused("You act for no agency.")
    agency: uuid.UUID = by.acting.agency_id
    return agency


def holds(by: User, permission: Permission) -> bool:
    return by.is_active and permission in by.permissions


def must_work(by: User) -> uuid.UUID:
    """The agency for which `by` may write about people. Raises Refused."""
    if not holds(by, Permission.PEOPLE_PERSON_WORK):
        raise Refused("Your role does not work with people.")
    return agency_of(by)


def open_to(queryset: QuerySet[Row], *, to: User, person: str = "person") -> QuerySet[Row]:
    """Rows of people who are not hidden from `to`: by the deny list, or because they are kept to others.

    `person` is the name of the column that holds the person (`pk` for people themselves).
    """
    denied = Denial.objects.filter(
        agency_id=OuterRef("agency_id"), person_id=OuterRef(person), user=to, lifted_at__isnull=True
    )
    named = NamedReader.objects.filter(agency_id=OuterRef("agency_id"), person_id=OuterRef(person), user=to)
    flag = "is_restricted" if person == "pk" else f"{person}__is_restricted"
    return queryset.filter(~Exists(denied)).filter(Q(**{flag: False}) | Exists(named))


def visible(queryset: QuerySet[Person], *, to: User) -> QuerySet[Person]:
    """The people of the agency for which `to` acts, as far as they are open to them."""
    if to.acting is None or not holds(to, Permission.PEOPLE_PERSON_VIEW):
        return queryset.none()
    return open_to(queryset.filter(agency_id=to.acting.agency_id), to=to, person="pk")


def visible_of(queryset: QuerySet[Row], *, to: User) -> QuerySet[Row]:
    """What belongs to people who are open to `to`."""
    if to.acting is None or not holds(to, Permission.PEOPLE_PERSON_VIEW):
        return queryset.none()
    return open_to(queryset.filter(agency_id=to.acting.agency_id), to=to)


@dataclass(frozen=True)
class SafeWay:
    """One way to reach a person as it was agreed, open in the hand of a worker."""

    channel: str
    value: str = field(repr=False)
    days: frozenset[int] = frozenset(range(7))
    starts: dt.time | None = None
    ends: dt.time | None = None
    may_leave_message: bool = False

    @classmethod
    def of(cls, facts: dict[str, Any]) -> SafeWay:
        """As it was sealed. An answer that is missing permits nothing."""
        return cls(
            channel=facts["channel"],
            value=facts.get("value", ""),
            days=frozenset(int(day) for day in facts.get("days", ())),
            starts=dt.time.fromisoformat(facts["starts"]) if facts.get("starts") else None,
            ends=dt.time.fromisoformat(facts["ends"]) if facts.get("ends") else None,
            may_leave_message=bool(facts.get("may_leave_message")),
        )

    def is_ok_at(self, at: dt.datetime) -> bool:
        """Whether the moment lies in the agreed days and hours, by the clock on the region's wall.

        Hours that end before they begin go past midnight and belong to the day on which they begin.
        """
        local = timezone.localtime(at)
        now, day = local.time().replace(tzinfo=None), local.weekday()
        if self.starts is None or self.ends is None or self.starts == self.ends:
            return day in self.days
        if self.starts < self.ends:
            return day in self.days and self.starts <= now < self.ends
        return (day in self.days and now >= self.starts) or ((day - 1) % 7 in self.days and now < self.ends)


@dataclass(frozen=True)
class Verdict:
    """Whether a person may be reached by a channel now; `why` is for the worker."""

    is_ok: bool
    why: str
    ways: tuple[SafeWay, ...] = ()


def may_contact(ways: Iterable[SafeWay], channel: str, at: dt.datetime) -> Verdict:
    """The one door: everything that shows, prints or sends a contact of a person goes through it.

    `ways` are the person's agreed ways that have not ended. No agreement means no contact.
    """
    agreed = [way for way in ways if way.channel == channel]
    if not agreed:
        return Verdict(False, "They did not agree to be reached this way.")
    now = tuple(way for way in agreed if way.is_ok_at(at))
    if not now:
        return Verdict(False, f"Not now. They agreed to: {'; '.join(times_in_words(way) for way in agreed)}.")
    return Verdict(True, "", now)


def times_in_words(way: SafeWay) -> str:
    """`Mon to Fri, 9:00 AM to 5:00 PM`."""
    names = dict(DAYS)
    days = sorted(way.days)
    if len(days) == 7:
        said = "any day"
    elif len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        said = f"{names[str(days[0])]} to {names[str(days[-1])]}"
    else:
        said = ", ".join(names[str(day)] for day in days) or "no day"
    if way.starts is None or way.ends is None or way.starts == way.ends:
        return f"{said}, any time"
    return f"{said}, {_clock(way.starts)} to {_clock(way.ends)}"


def _clock(value: dt.time) -> str:
    return f"{value.hour % 12 or 12}:{value:%M} {'AM' if value.hour < 12 else 'PM'}"


def age_on(born: dt.date, day: dt.date) -> int:
    """Whole years. Who is born on February 29 has their birthday on March 1 in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def band_of(age: int) -> str:
    """The age band in which an age is counted."""
    for highest, band in ((12, "0-12"), (17, "13-17"), (24, "18-24"), (59, "25-59")):
        if age <= highest:
            return band
    return "60+"


def is_grown_up(born: dt.date | None, day: dt.date) -> bool:
    """Whether somebody is 18: from that day their file is their own."""
    return born is not None and age_on(born, day) >= ADULT


def eighteenth_birthday(born: dt.date) -> dt.date:
    """The day from which somebody is 18; who is born on February 29 has it on March 1 in other years."""
    try:
        return born.replace(year=born.year + ADULT)
    except ValueError:
        return dt.date(born.year + ADULT, 3, 1)


def may_sign_for(*, is_alleged_abuser: bool, may_sign: bool, is_subject_grown_up: bool) -> bool:
    """Whether a relation lets somebody sign for another: never for a grown-up, and never an alleged abuser."""
    return may_sign and not is_alleged_abuser and not is_subject_grown_up


def readers_without(named: Sequence[uuid.UUID], denied: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Who may still read: the deny list beats every grant."""
    beaten = set(denied)
    return [user for user in named if user not in beaten]
