"""Operations that are over, led by an invented sheriff."""

from __future__ import annotations

import datetime as dt

import factory
from tests.factories.accounts import AgencyFactory

from waymark.accounts.models import Agency, AgencyKind
from waymark.operations.models import Operation, OperationAgency


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
