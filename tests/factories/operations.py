"""Operations that are over, led by an invented sheriff."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, MembershipFactory, UserFactory
from tests.factories.council import endorsed
from tests.factories.disclosures import acting
from tests.factories.newsroom import the_council

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind, User
from waymark.newsroom.actions import press
from waymark.newsroom.models import PressItem
from waymark.operations.actions.publication import draft_publication
from waymark.operations.actions.roster import add_shift
from waymark.operations.models import AdvocateShift, Operation, OperationAgency, OperationTotal


class OperationFactory(factory.django.DjangoModelFactory[Operation]):
    """Over, with exact days, and its lead on the list."""

    class Meta:
        model = Operation
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Operation Invented {number}")
    lead = factory.SubFactory(AgencyFactory, kind=AgencyKind.LAW_ENFORCEMENT)
    year = 2020
    starts_on = dt.date(2020, 9, 1)
    ends_on = dt.date(2020, 11, 15)

    @factory.post_generation
    def lead_takes_part(self: Operation, create: bool, extracted: object, **kwargs: object) -> None:  # type: ignore[misc]
        OperationAgency.objects.create(operation=self, agency=self.lead, name=self.lead.name, part="conducted")


def take_part(operation: Operation, agency: Agency, part: str = "participated") -> OperationAgency:
    return OperationAgency.objects.create(operation=operation, agency=agency, name=agency.name, part=part)


WORDS = {
    "title": "What an invented operation counted",
    "summary": "Invented agencies offered help and counted what they did.",
    "body": "Advocates stood by at every place.",
    "speaker_name": "Sam Invented",
    "speaker_role": "Spokesperson",
    "speaker_phone": "916-555-0142",
    "speaker_email": "",
}


def announce(operation: Operation, measure: str = "arrests", value: int | None = 46, words: str = "", **more: Any) -> None:
    """A number that the lead announced."""
    OperationTotal.objects.create(
        operation=operation,
        measure=measure,
        value=value,
        words=words,
        entered_by=MembershipFactory(agency=operation.lead, role="officer"),
        entered_at=timezone.now(),
        **more,
    )


def led_by(operation: Operation) -> User:
    """The press officer of the agency that led it."""
    officer: User = UserFactory(role=Role.OFFICER.value, agency=operation.lead)
    return officer


def drafted(operation: Operation, by: User | None = None, **words: Any) -> PressItem:
    """A draft of its results, by its lead."""
    by = by or led_by(operation)
    held_back = words.pop("held_back", [])
    with acting(by):
        return draft_publication(operation=operation, values={**WORDS, **words}, partners=[], held_back=held_back, by=by)


def cleared_results(operation: Operation, by: User | None = None, **words: Any) -> PressItem:
    """Results that the council has endorsed and that wait for the second person."""
    by = by or led_by(operation)
    item = drafted(operation, by, **words)
    with acting(by):
        wording = press.send_for_check(item=item, by=by)
    endorsed(press.GATED_AS, wording.pk, by=by, council=the_council())
    return item


def published(
    operation: Operation, by: User | None = None, *, public_at: dt.datetime | None = None, **words: Any
) -> PressItem:
    """Results that are public, or are from `public_at` on: written by the lead, released by the coalition's editor."""
    item = cleared_results(operation, by, **words)
    second: User = UserFactory(role=Role.COORDINATOR.value)
    with acting(second):
        return press.release_item(item=item, public_at=public_at, by=second)


def on_duty(operation: Operation, officer: User, *, advocates: tuple[User, ...] = (), days: int = 1) -> AdvocateShift:
    """A shift of the officer's agency, so many days from now, in which these stand."""
    begins = timezone.now() + dt.timedelta(days=days)
    stand = advocates or (UserFactory(role=Role.ADVOCATE.value, agency=officer.acting.agency),)  # type: ignore[union-attr]
    with acting(officer):
        return add_shift(
            operation=operation,
            starts_at=begins,
            ends_at=begins + dt.timedelta(hours=8),
            duty_phone="916-555-0170",
            advocates=[user.acting.pk for user in stand],  # type: ignore[union-attr]
            by=officer,
        )
