"""Loading published figures from a file, unchanged."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from waymark.audit.actions import record
from waymark.audit.policies import Actor
from waymark.newsroom.formats.figure_file import FigureRow
from waymark.newsroom.models import PublishedFigure


class FiguresDiffer(Exception):
    """The file says something else than what was published; a published figure is corrected and not loaded over."""


@transaction.atomic
def load_figures(*, rows: Sequence[FigureRow], by: Actor | str) -> int:
    """Store the figures that are not there yet; gives how many. Loading again changes nothing."""
    known = {figure.key: figure for figure in PublishedFigure.objects.filter(key__in=[row.key for row in rows])}
    corrected = set(PublishedFigure.objects.filter(corrections__isnull=False).values_list("key", flat=True))
    fresh, different = [], []
    for row in rows:
        figure = known.get(row.key)
        if figure is None:
            fresh.append(PublishedFigure(**row.fields()))
        elif row.key not in corrected and any(getattr(figure, name) != value for name, value in row.fields().items()):
            different.append(row.key)
    if different:
        raise FiguresDiffer(f"Published already with other values: {', '.join(different)}. Correct them on their pages.")
    for figure in fresh:
        figure.full_clean(validate_unique=False)
    PublishedFigure.objects.bulk_create(fresh)
    if fresh:
        record(verb="figure.loaded", by=by, kind="figure", about=len(fresh))
    return len(fresh)
