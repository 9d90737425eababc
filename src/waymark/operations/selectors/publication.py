"""An operation as it would be published, what was published of it, and what was decided and said about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet

from waymark.accounts.models import User
from waymark.coalition.models import Decision
from waymark.coalition.policies import decisions
from waymark.council.models import CouncilReview
from waymark.newsroom.formats.results import Result, ResultLine, in_alphabet
from waymark.newsroom.models import PressItem, Wording
from waymark.operations.formats.shown_counts import Announced, shown_counts
from waymark.operations.models import Operation, OperationAgency
from waymark.operations.models.counts import Measure, Part
from waymark.operations.models.operations import Setting
from waymark.operations.selectors import kind_of, totals_of

WAIT = dt.timedelta(days=30)
# What was done to help; the other measures are what was done to arrest.
HELPS = frozenset(
    {
        Measure.ADVOCATE_CALLED,
        Measure.JUVENILES_RECOVERED,
        Measure.RIGHT_TOLD,
        Measure.TREATED_AS_VICTIMS,
        Measure.WAIVERS,
    }
)


def first_public_day(operation: Operation) -> dt.date:
    """Nobody outside reads its results before this day; the database keeps it too."""
    return operation.last_day + WAIT


def result_of(operation: Operation) -> Result:
    """What the lead announced, with every small count in words, in the order of the alphabet."""
    totals = sorted(totals_of(operation), key=kind_of)
    counts = [
        Announced(
            measure=row.measure,
            side="" if row.side == Part.NOT_STATED else row.side,
            charge=row.charge.section if row.charge is not None else "",
            value=row.value,
            words=row.words,
        )
        for row in totals
    ]
    lines = [
        ResultLine(row.measure, kind_of(row), row.measure in HELPS, told.shown, told.value, told.words)
        for row, told in zip(totals, shown_counts(counts), strict=True)
    ]
    names: dict[str, list[str]] = {part: [] for part in OperationAgency.Part.values}
    for row in operation.taking_part.all():
        names[row.part].append(row.name)
    return Result(
        name=operation.name,
        edition=operation.edition,
        year=operation.year,
        when=_when(operation),
        lead=operation.lead.name,
        conducted=in_alphabet(names[OperationAgency.Part.CONDUCTED]),
        participated=in_alphabet(names[OperationAgency.Part.PARTICIPATED]),
        advocates=in_alphabet(names[OperationAgency.Part.ADVOCATE]),
        settings=tuple(Setting(code).label for code in sorted(operation.settings)),
        source=operation.source,
        asked_by=operation.who_asked,
        lines=tuple(lines),
    )


def _when(operation: Operation) -> str:
    """As published; otherwise the months, never the days."""
    if operation.period_words:
        return operation.period_words
    if operation.starts_on is None or operation.ends_on is None:
        return str(operation.year)
    first, last = f"{operation.starts_on:%B}", f"{operation.ends_on:%B %Y}"
    if operation.starts_on.year != operation.ends_on.year:
        return f"{first} {operation.starts_on.year} to {last}"
    return last if operation.starts_on.month == operation.ends_on.month else f"{first} to {last}"


def publication_of(operation: Operation) -> PressItem | None:
    """The release of its results, unless it was withdrawn. For those who may see the operation's work."""
    found = PressItem.objects.filter(operation=operation.pk).exclude(state=PressItem.State.WITHDRAWN)
    return found.select_related("agency").first()


def council_on(item: PressItem | None) -> CouncilReview | None:
    """What the council said to the newest words and counts of the release."""
    if item is None:
        return None
    words = [str(pk) for pk in Wording.objects.filter(item=item).values_list("pk", flat=True)]
    return CouncilReview.objects.filter(kind_id="press_item", object_id__in=words).order_by("-requested_at").first()


def decision_on(operation: Operation, *, to: User) -> Decision | None:
    """The coalition's decision about it, if this person may read it; one that they may not is as absent as none."""
    if operation.decision_id is None:
        return None
    return decisions.visible(Decision.objects.filter(pk=operation.decision_id), to=to).first()


def decisions_to_choose(to: User) -> Sequence[Decision]:
    """Decisions with an outcome that this person may read, the newest first."""
    found: QuerySet[Decision] = decisions.visible(Decision.objects.filter(state=Decision.State.STATED), to=to)
    return list(found.order_by("-created_at")[:100])
