"""The ways of a program's people, out of the open columns of the agency that gives it: no name is opened for a count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min, QuerySet
from django.utils import timezone

from waymark.diversion.formats.measures import Way
from waymark.diversion.models import Attendance, Enrollment, Exit, PartyDecision, Program, ReliefTotal, Response
from waymark.diversion.models.enrollments import OPEN_STATES
from waymark.diversion.selectors.progress import LABELS, THERE, Ratio, ratio_of, tallies


@dataclass(frozen=True)
class Units:
    """How much of one thing was done by everybody together."""

    label: str
    done: int


def ways_of(program: Program) -> list[Way]:
    """Everybody who ever started in a program: four queries, whatever their number."""
    agency = program.agency_id
    enrollments = Enrollment.objects.filter(agency_id=agency, program=program).select_related("referral")
    ours = {"agency_id": agency, "enrollment__program": program}
    agreed: dict[Any, Any] = dict(
        PartyDecision.objects.filter(agency_id=agency, referral__program=program, verdict="agrees")
        .values_list("referral_id")
        .annotate(Max("decided_on"))
    )
    attended: dict[Any, Any] = dict(
        Attendance.objects.filter(**ours, mark__in=THERE).values_list("enrollment_id").annotate(Min("session__starts_at"))
    )
    exits: dict[Any, list[Exit]] = {}
    for row in Exit.objects.filter(**ours).order_by("on", "entry"):
        exits.setdefault(row.enrollment_id, []).append(row)
    found = []
    for one in enrollments:
        ended = exits.get(one.pk, [])
        first = attended.get(one.pk)
        found.append(
            Way(
                came_on=one.referral.came_on,
                decided_on=agreed.get(one.referral_id),
                started_on=one.started_on,
                first_session_on=timezone.localdate(first) if first is not None else None,
                first_left_on=next((row.on for row in ended if row.kind != "graduated"), None),
                graduated_on=next((row.on for row in ended if row.kind == "graduated"), None),
                is_still_in=one.state in OPEN_STATES,
                authority=one.get_authority_display(),
            )
        )
    return found


def units_of(program: Program) -> list[Units]:
    """What everybody in a program did, added up."""
    found = tallies(Enrollment.objects.filter(agency_id=program.agency_id, program=program))
    return [Units(label, sum(tally.done[kind] for tally in found.values())) for kind, label in LABELS.items()]


def relief_given() -> QuerySet[ReliefTotal]:
    """What lawyers' offices have let out of record relief, the newest quarters first: it is public among the agencies."""
    return ReliefTotal.objects.select_related("agency")[:12]


def responses_of(program: Program) -> Ratio:
    return ratio_of(Response.objects.filter(agency_id=program.agency_id, enrollment__program=program))
