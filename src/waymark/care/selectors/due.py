"""What is due in cases: steps, goals, safety plans to look at again, services that were planned. Days alone, no words.

The caseload, the supervisor's view and the home page ask here, each in a question that it asks anyway.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Count, F, Min, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from waymark.accounts.models import User
from waymark.care.models import Goal, SafetyPlan, Service, Step
from waymark.care.policies import AHEAD, visible

Row = TypeVar("Row", bound=Model)
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


def due_rows(*, to: User) -> dict[str, QuerySet[Any]]:
    """Everything open that has a day, by kind, each with its day in `day`."""
    return {
        "step": visible(Step.objects.filter(state="open", due_on__isnull=False), to=to).annotate(day=F("due_on")),
        "goal": visible(Goal.objects.filter(state="open", due_on__isnull=False), to=to).annotate(day=F("due_on")),
        "safety": visible(SafetyPlan.objects.filter(state="current"), to=to).annotate(day=F("review_on")),
        "service": visible(Service.objects.filter(state="planned", voided_at__isnull=True), to=to).annotate(day=F("on")),
    }


def with_due(cases: QuerySet[Row], *, to: User, on: dt.date) -> QuerySet[Row]:
    """Cases, each with what is due in it, in the same question: read it by `due_in`."""
    annotated: QuerySet[Row] = cases.annotate(
        **{
            f"due_{kind}": Subquery(
                rows.filter(agency_id=OuterRef("agency_id"), case_id=OuterRef("pk"))
                .order_by()
                .values("case_id")
                .annotate(
                    said=JSONObject(
                        first=Min("day"),
                        late=Count("pk", filter=Q(day__lt=on)),
                        soon=Count("pk", filter=Q(day__gte=on, day__lte=on + AHEAD)),
                    )
                )
                .values("said")
            )
            for kind, rows in due_rows(to=to).items()
        }
    )
    return annotated


def due_in(case: Any) -> Due | None:
    """What `with_due` read along with a case."""
    said = [(found, kind) for kind in KINDS if (found := getattr(case, f"due_{kind}", None)) is not None]
    if not said:
        return None
    first, kind = min((dt.date.fromisoformat(found["first"]), kind) for found, kind in said)
    return Due(first, kind, sum(found["late"] for found, _ in said), sum(found["soon"] for found, _ in said))
