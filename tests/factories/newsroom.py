"""Releases, figures and requests for tests.

Invariants: an item is written by one person and released by another, both of the office unless the test says otherwise; its
words are endorsed by a council of two seats before it is released, because the database takes nothing less. Nothing here
may be called inside another's context.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from tests.factories.accounts import UserFactory
from tests.factories.council import aged, asked, council_at, endorsed, spoken, two_seated
from tests.factories.disclosures import acting

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, User
from waymark.council.models import SeatHolder
from waymark.newsroom.actions import press
from waymark.newsroom.models import PressItem, PublicRequest, PublishedFigure, Wording

WORDS = {
    "title": "Invented heading",
    "summary": "An invented summary of what was done.",
    "body": "First invented paragraph.\n\nSecond invented paragraph.",
    "speaker_name": "Sam Invented",
    "speaker_role": "Spokesperson",
    "speaker_phone": "916-555-0142",
    "speaker_email": "sam@example.org",
}


FIGURE = {
    "key": "invented_graduates",
    "value": "191",
    "bound": "exact",
    "display": "number",
    "wording": "To date, there are 191 invented graduates.",
    "source": "An invented page",
    "population": "An invented court",
    "period": "to the page's date",
    "caveat": "the number of people who entered is not published",
    "counts_people": True,
}


class FigureFactory(DjangoModelFactory[PublishedFigure]):
    class Meta:
        model = PublishedFigure

    key = factory.Sequence(lambda n: f"invented_{n}")
    value = "12"
    bound = "exact"
    display = "number"
    wording = "an invented twelve"
    source = "An invented report"
    population = "Invented county"
    period = "2020"
    caveat = "an invented caveat"


class RequestFactory(DjangoModelFactory[PublicRequest]):
    class Meta:
        model = PublicRequest

    kind = PublicRequest.Kind.SPEAKER.value
    name = factory.Sequence(lambda n: f"Invented Asker {n}")
    contact = "916-555-0143"
    topic = "basics"
    received_on = factory.LazyFunction(timezone.localdate)
    delete_on = factory.LazyAttribute(lambda made: made.received_on + dt.timedelta(days=90))


def a_draft(by: User | None = None, *, partners: tuple[Agency, ...] = (), **words: Any) -> PressItem:
    """A draft, written by `by` (a steward)."""
    by = by or UserFactory()
    held_back = words.pop("held_back", [])
    with acting(by):
        return press.write_item(
            values={**WORDS, **words}, partners=[agency.pk for agency in partners], held_back=held_back, by=by
        )


def checking(by: User | None = None, **more: Any) -> tuple[PressItem, Wording]:
    """An item that partners and council read."""
    by = by or UserFactory()
    item = a_draft(by, **more)
    with acting(by):
        wording = press.send_for_check(item=item, by=by)
    return wording.item, wording


def the_council() -> tuple[User, ...]:
    """Whoever sits on the council already, all of them, or two who sit on it from now on."""
    held_by = council_at()
    officer: User = UserFactory(role=Role.OFFICER.value, agency=held_by)
    today = timezone.localdate()
    with acting(officer):
        holders = [
            holder
            for holder in SeatHolder.objects.select_related("seat", "membership__user", "membership__agency")
            if holder.seat.is_filled(today)
        ]
    for holder in holders:
        holder.membership.user.act_as(holder.membership)
    return tuple(holder.membership.user for holder in holders) or two_seated()


def cleared(by: User | None = None, *, is_late: bool = False, **more: Any) -> PressItem:
    """An item that waits for the second person alone. `is_late`: the council's days are over, so that the first two who
    speak decide and empty seats hold up nothing; the world of the test must be a committed one."""
    by = by or UserFactory()
    item, wording = checking(by, **more)
    council = the_council()
    if is_late:
        spoken(aged(asked(press.GATED_AS, wording.pk, by=by)), council[:2], "endorse", "endorse")
    else:
        endorsed(press.GATED_AS, wording.pk, by=by, council=council)
    return item


def released(by: User | None = None, *, public_at: dt.datetime | None = None, **more: Any) -> PressItem:
    """A public item, or one that is public from `public_at` on."""
    item = cleared(by, **more)
    second: User = UserFactory(role=Role.COORDINATOR.value)
    with acting(second):
        return press.release_item(item=item, public_at=public_at, by=second)
