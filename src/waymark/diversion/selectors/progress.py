"""How far somebody is: sums of what was counted, for one or for many, and the ratio of responses."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, Sum

from waymark.diversion.models import Attendance, Enrollment, PeerMonth, Progress, Requirement, Response

THERE = ("present", "late")
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
    """Of many enrollments at once: four queries, whatever their number."""
    rows = {row.pk: row for row in enrollments}
    found = {pk: Tally() for pk in rows}
    attended = (
        Attendance.objects.filter(enrollment__in=rows, mark__in=THERE)
        .values("enrollment_id")
        .annotate(
            sessions=Count("pk"), life_skills=Sum("session__minutes", filter=Q(session__kind="life_skills"), default=0)
        )
    )
    for row in attended:
        tally = found[row["enrollment_id"]]
        tally.done["sessions"] += row["sessions"]
        tally.done["hours"] += row["life_skills"] // 60
    peers = PeerMonth.objects.filter(enrollment__in=rows).values("enrollment_id").annotate(meetings=Sum("meetings"))
    for met in peers:
        found[met["enrollment_id"]].done["peer"] += met["meetings"]
    noted = Progress.objects.filter(enrollment__in=rows).values("enrollment_id", "requirement__kind")
    for said in noted.annotate(amount=Sum("amount")):
        found[said["enrollment_id"]].done[said["requirement__kind"]] += said["amount"]
    asked: dict[uuid.UUID, dict[str, int]] = defaultdict(dict)
    programs = {row.program_id for row in rows.values()}
    sums = Requirement.objects.filter(phase__program__in=programs).values("phase__program_id", "kind")
    for asks in sums.annotate(amount=Sum("amount")).order_by("kind"):
        asked[asks["phase__program_id"]][asks["kind"]] = asks["amount"]
    for pk, tally in found.items():
        tally.asked.update(asked[rows[pk].program_id])
    return found


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
