"""What the council did: a year in one table, what readers see of it, and what was corrected without it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.council.models import CouncilReview, GatedType, Recommendation, SafetyCorrection
from waymark.council.policies import holds

State = CouncilReview.State
# Which of these things readers can see this minute. A type whose table has no gate yet has no such function.
SHOWN = """
SELECT r.id FROM council_councilreview r
WHERE r.state = ANY(%s) AND r.id = ANY(%s) AND council_is_shown(r.kind_id, r.object_id)
    AND r.digest = council_digest(council_content(r.kind_id, r.object_id))
"""


@dataclass(frozen=True)
class Line:
    """One type of thing in a year: how many were asked, and what became of them."""

    name: str
    asked: int
    endorsed: int
    resolved: int
    overridden: int
    withdrawn: int
    open: int


@dataclass(frozen=True)
class Report:
    year: int
    lines: list[Line]
    recommended: int
    replied: int
    corrected: int


def years(today: dt.date) -> list[int]:
    """The years of which there is something to report, newest first; this one always."""
    first = CouncilReview.objects.order_by("requested_at").values_list("requested_at", flat=True).first()
    begin = first.year if first else today.year
    return list(range(today.year, min(begin, today.year) - 1, -1))


def report_of(year: int) -> Report:
    """Counts of a year. They are about things, never about people, so none is too small to show."""
    states = {state.value: Count("id", filter=Q(state=state)) for state in (State.ENDORSED, State.RESOLVED)}
    states |= {state.value: Count("id", filter=Q(state=state)) for state in (State.OVERRIDDEN, State.WITHDRAWN)}
    counted: dict[str, dict[str, Any]] = {
        row["kind_id"]: dict(row)
        for row in CouncilReview.objects.filter(requested_at__year=year)
        .order_by()
        .values("kind_id")
        .annotate(asked=Count("id"), open=Count("id", filter=Q(state__in=CouncilReview.OPEN)), **states)
    }
    none = {"asked": 0, "open": 0, **dict.fromkeys(states, 0)}
    lines = []
    for each in GatedType.objects.filter(is_gated=True).order_by("name"):
        row = counted.get(each.code, none)
        lines.append(Line(each.name, **{name: row[name] for name in none}))
    said = Recommendation.objects.filter(shown_at__year=year)
    return Report(
        year,
        lines,
        said.count(),
        said.filter(replied_at__isnull=False).count(),
        SafetyCorrection.objects.filter(made_at__year=year).count(),
    )


def corrections_for(to: User, *, words: str = "", kind: str = "") -> QuerySet[SafetyCorrection]:
    """What was corrected without the council, newest first, for whoever may see the council's work."""
    if not holds(to, Permission.COUNCIL_VIEW):
        return SafetyCorrection.objects.none()
    found = SafetyCorrection.objects.select_related("kind", "made_for").order_by("-made_at")
    if words:
        found = found.filter(Q(title__icontains=words) | Q(reason__icontains=words))
    return found.filter(kind_id=kind) if kind else found


@dataclass(frozen=True)
class PublicOverride:
    """Something public that the council did not clear: what the council said, and why it was shown all the same."""

    title: str
    kind: str
    decided_at: dt.datetime | None
    said: str
    reasons: list[str]
    reason: str
    agencies: str


def public_overrides(*, limit: int = 50) -> list[PublicOverride]:
    """Overrides of what readers can see now. A title under embargo is not named here before its hour."""
    found = CouncilReview.objects.filter(state=State.OVERRIDDEN).order_by("-decided_at")[:limit]
    wanted = list(found.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(SHOWN, [[State.OVERRIDDEN.value], wanted])
        shown = [pk for (pk,) in cursor.fetchall()]
    rows = (
        CouncilReview.objects.filter(pk__in=shown)
        .select_related("kind", "requested_for", "override_confirmed_for")
        .prefetch_related("voices")
        .order_by("-decided_at")
    )
    return [_public(row) for row in rows]


def _public(review: CouncilReview) -> PublicOverride:
    voices = [voice for voice in review.voices.all() if voice.round == review.round and voice.answer != "endorse"]
    if any(voice.answer == "object" for voice in voices):
        said = "The council objected."
    elif voices:
        said = "The council asked for changes."
    else:
        said = "The council had not answered in its days."
    confirmed = review.override_confirmed_for
    return PublicOverride(
        review.title,
        review.kind.name,
        review.decided_at,
        said,
        [voice.reason for voice in voices],
        review.override_reason,
        f"Asked by the coalition's coordinator, confirmed by {confirmed.name}." if confirmed else "",
    )


def public_counts() -> dict[str, int]:
    """How often the council answered how, since it began."""
    rows = CouncilReview.objects.order_by().values("state").annotate(number=Count("id"))
    counted = {row["state"]: row["number"] for row in rows}
    return {**counted, "open": sum(counted.get(state.value, 0) for state in CouncilReview.OPEN)}
