"""What is due in cases: steps, goals, safety plans to look at again, services that were planned. Days alone, no words.

The caseload, the supervisor's view and the home page ask here. One statement, however many cases.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Value

from waymark.accounts.models import User
from waymark.care.models import Goal, SafetyPlan, Service, Step
from waymark.care.policies import AHEAD, visible

KINDS = {
    "step": "a step",
    "goal": "a goal",
    "safety": "the safety plan",
    "service": "a planned service",
}


@dataclass(frozen=True)
class Due:
    """The earliest open thing of one case, how many are past their day and how many come within a week."""

    on: dt.date
    kind: str
    late: int
    soon: int

    @property
    def says(self) -> str:
        return KINDS[self.kind]


def due_rows(*, to: User) -> dict[str, QuerySet[Step] | QuerySet[Goal] | QuerySet[SafetyPlan] | QuerySet[Service]]:
    """Everything open that has a day, by kind, each with its day in `day`."""
    return {
        "step": visible(Step.objects.filter(state="open", due_on__isnull=False), to=to).annotate(day=F("due_on")),
        "goal": visible(Goal.objects.filter(state="open", due_on__isnull=False), to=to).annotate(day=F("due_on")),
        "safety": visible(SafetyPlan.objects.filter(state="current"), to=to).annotate(day=F("review_on")),
        "service": visible(Service.objects.filter(state="planned", voided_at__isnull=True), to=to).annotate(day=F("on")),
    }


def due_of(cases: Iterable[uuid.UUID], *, to: User, on: dt.date) -> dict[uuid.UUID, Due]:
    """What is due in each of these cases."""
    wanted = list(cases)
    if not wanted:
        return {}
    parts = [_counted(rows.filter(case_id__in=wanted), kind, on) for kind, rows in due_rows(to=to).items()]
    found: dict[uuid.UUID, Due] = {}
    for case, kind, day, late, soon in parts[0].union(*parts[1:], all=True):
        before = found.get(case)
        if before is None:
            found[case] = Due(day, kind, late, soon)
        else:
            earliest, what = min((day, kind), (before.on, before.kind))
            found[case] = Due(earliest, what, before.late + late, before.soon + soon)
    return found


def _counted(rows: QuerySet[Any], kind: str, on: dt.date) -> QuerySet[Any, Any]:
    counted: QuerySet[Any, Any] = (
        rows.order_by()
        .values("case_id")
        .annotate(
            kind=Value(kind),
            first=Min("day"),
            late=Count("pk", filter=Q(day__lt=on)),
            soon=Count("pk", filter=Q(day__gte=on, day__lte=on + AHEAD)),
        )
        .values_list("case_id", "kind", "first", "late", "soon")
    )
    return counted
