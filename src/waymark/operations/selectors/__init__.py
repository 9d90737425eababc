"""Reads of operations, narrowed to who asks, and what the agencies' counts come to beside what was announced."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from waymark.accounts.models import User
from waymark.operations import policies
from waymark.operations.formats.safety import SafetyItem, checklist
from waymark.operations.models import AfterActionItem, Operation, OperationTotal, OutcomeCount, SafetyCheck, ServiceCount
from waymark.operations.models.counts import Counted, Measure, Part

YEARS_SHOWN = 5
EARLIER = "earlier"


def years_to_choose(on: dt.date) -> list[tuple[str, str]]:
    """The last years one by one, and all before them."""
    years = [(str(on.year - back), str(on.year - back)) for back in range(YEARS_SHOWN)]
    return [*years, (EARLIER, "Earlier")]


def operations_listed(user: User, *, on: dt.date, words: str = "", year: str = "") -> QuerySet[Operation]:
    found = policies.visible(Operation.objects.select_related("lead"), to=user, on=on)
    if words:
        found = found.filter(Q(name__icontains=words) | Q(lead__name__icontains=words))
    if year == EARLIER:
        found = found.filter(year__lte=on.year - YEARS_SHOWN)
    elif year:
        found = found.filter(year=int(year))
    return found.order_by("-year", "-ends_on", "name", "id")


def operation_for(user: User, pk: uuid.UUID, *, on: dt.date) -> Operation | None:
    return policies.visible(Operation.objects.select_related("lead"), to=user, on=on).filter(pk=pk).first()


def outcomes_of(operation: Operation) -> QuerySet[OutcomeCount]:
    return (
        OutcomeCount.objects.filter(operation=operation)
        .select_related("agency", "charge")
        .order_by("agency__name", "measure", "side", "charge__section")
    )


def totals_of(operation: Operation) -> QuerySet[OperationTotal]:
    return OperationTotal.objects.filter(operation=operation).select_related("charge")


def service_counts_of(user: User, operation: Operation) -> dict[str, ServiceCount]:
    """The own agency's numbers; the row wall shows no others."""
    if not policies.counts_services(user) or user.acting is None:
        return {}
    found = ServiceCount.objects.filter(operation=operation, agency=user.acting.agency_id)
    return {row.kind: row for row in found}


@dataclass(frozen=True)
class Comparison:
    """One kind of number: the sum of what agencies counted, what was announced, and whether they agree.

    `counted` is None when no agency gave a number; `missing` is how many gave none for a kind that they listed.
    """

    label: str
    counted: int | None
    missing: int
    announced: int | None
    words: str

    @property
    def state(self) -> str:
        if self.counted is None or self.announced is None or self.missing:
            return "open"
        return "agrees" if self.counted == self.announced else "differs"

    @property
    def difference(self) -> int | None:
        return None if self.counted is None or self.announced is None else self.counted - self.announced


def kind_of(row: Counted) -> str:
    """`Arrests · Buyers · PC 647(b)(2)`."""
    parts = [Measure(row.measure).label]
    if row.side != Part.NOT_STATED:
        parts.append(Part(row.side).label)
    if row.charge is not None:
        parts.append(row.charge.section)
    return " · ".join(parts)


def compared(outcomes: Iterable[OutcomeCount], totals: Iterable[OperationTotal]) -> list[Comparison]:
    """Agencies' counts beside the announced ones, kind by kind; kinds are never added to each other."""
    counted: dict[tuple[str, str, int | None], list[OutcomeCount]] = defaultdict(list)
    labels: dict[tuple[str, str, int | None], str] = {}
    announced: dict[tuple[str, str, int | None], OperationTotal] = {}
    for row in outcomes:
        key = (row.measure, row.side, row.charge_id)
        counted[key].append(row)
        labels[key] = kind_of(row)
    for total in totals:
        key = (total.measure, total.side, total.charge_id)
        announced[key] = total
        labels[key] = kind_of(total)
    found = []
    for key in sorted(labels, key=lambda key: labels[key]):
        values = [row.value for row in counted.get(key, [])]
        known = [value for value in values if value is not None]
        stated = announced.get(key)
        found.append(
            Comparison(
                label=labels[key],
                counted=sum(known) if known else None,
                missing=len(values) - len(known),
                announced=stated.value if stated else None,
                words=stated.words if stated else "",
            )
        )
    return found


@dataclass(frozen=True)
class Checked:
    """A line of the checklist and how it stands; `check` is None when nobody answered it."""

    item: SafetyItem
    check: SafetyCheck | None


def checks_of(operation: Operation) -> list[Checked]:
    answered = {row.item: row for row in operation.checks.all()}
    return [Checked(item, answered.get(key)) for key, item in checklist().items.items()]


def after_action_of(operation: Operation) -> QuerySet[AfterActionItem]:
    return operation.after_action.select_related("owner__user", "owner__agency")
