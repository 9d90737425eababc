"""How far somebody is: sums of what was counted, for one or for many, and the ratio of responses."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Aggregate, Count, F, IntegerField, QuerySet, Sum, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat

from waymark.diversion.models import Attendance, Enrollment, PeerMonth, Progress, Requirement, Response

THERE = ("present", "late")
# Words that mark two branches of the one query, beside the kinds of requirements.
MINUTES, ASKED = "minutes", "asked:"
LABELS = dict(Requirement.Kind.choices)


@dataclass
class Tally:
    """Counts of one enrollment, by the kind of requirement; `asked` is what the whole program asks for."""

    done: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    asked: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def rows(self) -> list[tuple[str, int, int]]:
        """Label, done, asked: in the order of the kinds, without those that are neither asked for nor done."""
        return [
            (label, self.done[kind], self.asked[kind])
            for kind, label in LABELS.items()
            if self.asked[kind] or self.done[kind]
        ]


def tallies(enrollments: Iterable[Enrollment]) -> dict[uuid.UUID, Tally]:
    """Of many enrollments at once: one query, whatever their number."""
    rows = {row.pk: row for row in enrollments}
    found = {pk: Tally() for pk in rows}
    asked: dict[uuid.UUID, dict[str, int]] = defaultdict(dict)
    if not rows:
        return found
    there = Attendance.objects.filter(enrollment__in=rows, mark__in=THERE)
    noted = Progress.objects.filter(enrollment__in=rows)
    asks = Requirement.objects.filter(phase__program__in={row.program_id for row in rows.values()})
    branches = [
        _sums(there, "enrollment_id", Value("sessions"), Count("pk")),
        _sums(there.filter(session__kind="life_skills"), "enrollment_id", Value(MINUTES), Sum("session__minutes")),
        _sums(PeerMonth.objects.filter(enrollment__in=rows), "enrollment_id", Value("peer"), Sum("meetings")),
        _sums(noted, "enrollment_id", F("requirement__kind"), Sum("amount")),
        _sums(asks, "phase__program_id", Concat(Value(ASKED), "kind", output_field=TextField()), Sum("amount")),
    ]
    for owner, kind, amount in branches[0].union(*branches[1:], all=True):
        if kind.startswith(ASKED):
            asked[owner][kind.removeprefix(ASKED)] = amount
        elif kind == MINUTES:
            found[owner].done["hours"] += amount // 60
        else:
            found[owner].done[kind] += amount
    for pk, tally in found.items():
        tally.asked.update(asked[rows[pk].program_id])
    return found


def _sums(rows: QuerySet[Any], owner: str, kind: Combinable, amount: Aggregate) -> QuerySet[Any]:
    """How much of each kind belongs to whom: a branch of the one query."""
    named = rows.order_by().annotate(owner=F(owner), what=Cast(kind, TextField())).values("owner", "what")
    sums: QuerySet[Any] = named.annotate(much=Cast(amount, IntegerField())).values_list("owner", "what", "much")
    return sums


@dataclass(frozen=True)
class Ratio:
    """Incentives to sanctions. With no sanction there is no ratio, and none is made up."""

    incentives: int
    adjustments: int
    sanctions: int

    @property
    def words(self) -> str:
        if not self.sanctions:
            return "no sanction"
        return f"{self.incentives / self.sanctions:.1f} to 1"


def ratio_of(responses: Iterable[Response]) -> Ratio:
    kinds = [row.kind for row in responses]
    return Ratio(kinds.count("incentive"), kinds.count("adjustment"), kinds.count("sanction"))
