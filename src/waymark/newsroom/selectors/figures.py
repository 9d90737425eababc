"""Published figures as they may be shown: with bound, source, population and caveat, or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from waymark.newsroom.formats.numbers import NOT_PUBLISHED, in_words, ratio_said_both_ways
from waymark.newsroom.formats.reference_files import operations, source_of
from waymark.newsroom.formats.results import Result
from waymark.newsroom.models import FigureCorrection, FigureProposal, PublishedFigure

RUNNING = "A running total"
NO_CAVEAT = "The source names none."
FIELD_NAMES = {
    "value": "Value",
    "bound": "Bound",
    "display": "How it is shown",
    "wording": "Wording",
    "source": "Source",
    "population": "Population",
    "period": "Period",
    "caveat": "Caveat",
    "as_of": "Day of the source",
}
PREVALENCE = "study_prevalence"
RATIO = "study_unidentified_per_identified"
CHILDREN = "study_participants_naming_children"


@dataclass(frozen=True)
class FigureChange:
    """A correction of a figure: the old value stays readable."""

    what: str
    before: str
    after: str
    reason: str
    at: dt.datetime


@dataclass(frozen=True)
class ShownFigure:
    """A figure as its `display` allows it. `number` is None when only the source's own words may be shown."""

    key: str
    label: str
    number: str | None
    value: str | None
    bound: str
    wording: str
    source: str
    as_of: str
    population: str
    period: str
    caveat: str
    series: str
    corrections: tuple[FigureChange, ...]


@dataclass(frozen=True)
class OperationShown:
    title: str
    when: str
    is_series: bool
    figures: tuple[ShownFigure, ...]


@dataclass(frozen=True)
class Study:
    """What the study estimated, and its ratio in both phrasings."""

    prevalence: ShownFigure | None
    ratio: ShownFigure | None
    ratio_phrases: tuple[str, str] | None
    children: ShownFigure | None


def _read() -> QuerySet[PublishedFigure]:
    applied = FigureCorrection.objects.filter(applied_at__isnull=False).order_by("-applied_at", "id")
    return PublishedFigure.objects.prefetch_related(Prefetch("corrections", applied))


def shown(figure: PublishedFigure) -> ShownFigure | None:
    """A figure for readers, or None when it is not to be shown. What was not published is said, and is never 0."""
    is_null = figure.bound == PublishedFigure.Bound.NULL
    if figure.display == PublishedFigure.Display.HIDDEN and not is_null:
        return None
    in_numbers = figure.display == PublishedFigure.Display.NUMBER
    number = NOT_PUBLISHED if is_null else in_words(figure.value, figure.bound) if in_numbers else None
    document = source_of(figure.source)
    return ShownFigure(
        key=figure.key,
        label=label_of(figure.key),
        number=number,
        value=figure.value if in_numbers else None,
        bound=figure.bound,
        wording=figure.wording,
        source=document.title,
        as_of=figure.as_of or document.as_of or "undated",
        population=figure.population,
        period=figure.period or "not stated",
        caveat=figure.caveat or NO_CAVEAT,
        series=figure.series,
        corrections=tuple(_changes(figure)),
    )


def label_of(key: str) -> str:
    """A figure's name in words, from its key."""
    return key.replace("_", " ").capitalize()


def _changes(figure: PublishedFigure) -> list[FigureChange]:
    found = []
    for each in figure.corrections.all():
        if each.applied_at is None:
            continue
        # What may be read in words only, is not told as a number by its history either.
        is_kept_back = each.field == "value" and figure.display != PublishedFigure.Display.NUMBER
        before, after = ("", "") if is_kept_back else (each.before, each.after)
        found.append(FigureChange(FIELD_NAMES[each.field], before, after, each.reason, each.applied_at))
    return found


def all_shown() -> list[ShownFigure]:
    return [each for figure in _read() if (each := shown(figure)) is not None]


def one_shown(key: str) -> ShownFigure | None:
    figure = _read().filter(key=key).first()
    return shown(figure) if figure is not None else None


def shown_operations(*, beside: Sequence[Result] = ()) -> list[OperationShown]:
    """Operations with their figures, then running totals of series. They are never added, ranked or joined by a line.

    An operation that stands in `beside` already, as a release of its own, is not quoted a second time.
    """
    known = {each.key: each for figure in _read() if (each := shown(figure)) is not None}
    told = {title.casefold() for result in beside for title in (result.name, result.title)}
    found = []
    for operation in operations():
        figures = tuple(known[key] for key in operation.figures if key in known)
        if figures and operation.title.casefold() not in told:
            found.append(OperationShown(operation.title, operation.when, operation.is_series, figures))
    named = {figure.key for each in found for figure in each.figures}
    totals: dict[str, list[ShownFigure]] = {}
    for each in known.values():
        if each.series and each.key not in named:
            totals.setdefault(each.series, []).append(each)
    running = [OperationShown(title, RUNNING, True, tuple(figures)) for title, figures in sorted(totals.items())]
    return [*found, *running]


def study() -> Study:
    known = {each.key: each for figure in _read().filter(key__in=[PREVALENCE, RATIO, CHILDREN]) if (each := shown(figure))}
    ratio = known.get(RATIO)
    phrases = ratio_said_both_ways(int(ratio.value)) if ratio and ratio.value and ratio.value.isdigit() else None
    return Study(known.get(PREVALENCE), ratio, phrases, known.get(CHILDREN))


def figures_listed(*, words: str, display: str, bound: str) -> QuerySet[PublishedFigure]:
    """For staff: every figure, hidden ones too."""
    found = PublishedFigure.objects.order_by("key")
    if words:
        found = found.filter(
            Q(key__icontains=words.replace(" ", "_")) | Q(wording__icontains=words) | Q(population__icontains=words)
        )
    if display:
        found = found.filter(display=display)
    return found.filter(bound=bound) if bound else found


def proposals_listed(*, words: str, state: str) -> QuerySet[FigureProposal]:
    found = FigureProposal.objects.select_related("proposed_by").order_by("-proposed_at", "id")
    if words:
        found = found.filter(Q(key__icontains=words.replace(" ", "_")) | Q(wording__icontains=words))
    return found.filter(state=state) if state else found
