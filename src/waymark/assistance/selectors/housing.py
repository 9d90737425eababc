"""Stays in rapid rehousing: the list, one of them, and how many months of help a household had."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from waymark.accounts.models import User
from waymark.assistance.models import OPEN_STAYS, HousingStay, StayState, StayStep
from waymark.assistance.policies.housing import HousingRule, is_over, months_between, months_left, rule_on
from waymark.assistance.policies.who import visible_stays
from waymark.cases.models import Case
from waymark.people.formats.codes import read_code
from waymark.people.formats.sealed import unpack
from waymark.people.models import Person
from waymark.vault.selectors import RecordSecret

KIND = "housing_stay"
TABLE = "assistance_housingstay"
SOON = dt.timedelta(days=60)


def stays_for(user: User) -> QuerySet[HousingStay]:
    """Stays that are open to `user`, those whose help ends first at the head."""
    rows = visible_stays(HousingStay.objects.select_related("case", "made_by"), to=user)
    return rows.order_by(F("helped_until").asc(nulls_last=True), "-made_at", "pk")


def stays_listed(user: User, *, words: str, state: str, due: str, on: dt.date) -> QuerySet[HousingStay]:
    """Stays by the code of their case, state, and whether the help ends soon; the open ones unless it is said."""
    rows = stays_for(user)
    if words:
        rows = rows.filter(case__code=read_code(words) or "")
    elif state in StayState.values:
        rows = rows.filter(state=state)
    elif state != "every":
        rows = rows.filter(state__in=OPEN_STAYS)
    return rows.filter(helped_until__lte=on + SOON, state__in=OPEN_STAYS) if due == "soon" else rows


def stay_for(pk: uuid.UUID, *, to: User) -> HousingStay | None:
    return stays_for(to).select_related("case__person").filter(pk=pk).first()


def steps_of(stay: HousingStay) -> QuerySet[StayStep]:
    return StayStep.objects.filter(agency_id=stay.agency_id, stay=stay).select_related("by").order_by("-at")


def words_in(stay: HousingStay, secret: RecordSecret | None) -> dict[str, Any]:
    """Landlord, checks and where they went; nothing without the case's key."""
    return unpack(secret.open(TABLE, "words", stay.pk, stay.words)) if secret is not None and stay.words else {}


def household_of(person: Person) -> uuid.UUID:
    """The file that stands for a household: the person's, or the one that it was put together with."""
    return person.merged_into_id or person.pk


def stays_of_household(agency: uuid.UUID, *households: uuid.UUID) -> list[HousingStay]:
    """Every stay of these households."""
    return list(HousingStay.objects.filter(agency_id=agency, household_id__in=households).order_by("helped_from"))


def months_in(stays: Sequence[HousingStay]) -> list[dt.date]:
    """The days on which months of help began, or will begin."""
    days = ((stay.helped_from, stay.helped_until) for stay in stays)
    return sorted(month for first, last in days if first and last for month in months_between(first, last))


@dataclass(frozen=True)
class Help:
    """What a page says of a household's help: the rule, and how many months of it could begin on `day`."""

    rule: HousingRule
    left: int
    day: dt.date


def help_of(case: Case, *, on: dt.date, without: HousingStay | None = None) -> Help:
    """What is left from a day on beside all its stays; `without` leaves one stay out of them."""
    stays = stays_of_household(case.agency_id, household_of(case.person))
    months = months_in([stay for stay in stays if without is None or stay.pk != without.pk])
    return Help(rule_on(on), months_left(months, on), on)


def trouble_of(case: Case, first: dt.date, last: dt.date, *, without: HousingStay | None) -> str:
    """Why help cannot go from one day to another, in words for the form; empty when it can."""
    others = [
        stay
        for stay in stays_of_household(case.agency_id, household_of(case.person))
        if without is None or stay.pk != without.pk
    ]
    if any(_overlap(stay, first, last) for stay in others):
        return "This household had help in another stay on some of these days. One stay ends before the next begins."
    known = months_in(others)
    if is_over([*known, *months_between(first, last)]):
        rule, left = rule_on(first), months_left(known, first)
        return (
            f"That is more than {rule.months} months of help in {rule.in_months} ({rule.source}). "
            f"From this day on {left} {'month is' if left == 1 else 'months are'} left."
        )
    return ""


def against_merging(one: Person, other: Person) -> str:
    """Why two files cannot be put together as far as housing goes: their stays become one household's."""
    stays = stays_of_household(one.agency_id, one.pk, other.pk)
    helped = [stay for stay in stays if stay.helped_from is not None]
    clash = any(
        first.helped_until is not None and _overlap(second, first.helped_from, first.helped_until)
        for number, first in enumerate(helped)
        for second in helped[number + 1 :]
        if first.helped_from is not None
    )
    if clash or sum(stay.state in OPEN_STAYS for stay in stays) > 1:
        return (
            "Both files have a stay in rapid rehousing at the same time, and a household has one. Find out which is right "
            "and end the other one first; until then the files stay apart."
        )
    if is_over(months_in(stays)):
        return (
            "Together the two files have more months of help with rent than the rule allows. Talk with whoever answers for "
            "the grant first; until then the files stay apart."
        )
    return ""


def _overlap(stay: HousingStay, first: dt.date, last: dt.date) -> bool:
    return (
        stay.helped_from is not None
        and stay.helped_until is not None
        and stay.helped_from <= last
        and (stay.helped_until >= first)
    )


def open_stays_ending(user: User, *, on: dt.date) -> QuerySet[HousingStay]:
    """Open stays whose help ends within two months."""
    return stays_for(user).filter(Q(state__in=OPEN_STAYS), helped_until__lte=on + SOON)
