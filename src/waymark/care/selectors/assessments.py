"""A person's answers to instruments, opened for one page: the list, one with its score, scores over time."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from waymark.accounts.models import User
from waymark.care.formats.charts import Chart, chart_of
from waymark.care.formats.instruments import UNSAID, Answer, Instrument, Item, Score, instrument
from waymark.care.models import Assessment
from waymark.care.policies import visible
from waymark.people.models import Person
from waymark.people.selectors.opened import opened_row
from waymark.vault.selectors import RecordSecret


@dataclass(frozen=True)
class OpenedAssessment:
    """Answers on one day. The score is made anew from the answers, by the version they were given to."""

    row: Assessment
    instrument: Instrument
    language: str
    answers: dict[str, str] = field(repr=False)
    score: Score

    def said(self) -> list[tuple[Item, Answer | None]]:
        """Each item with its answer; None where it was left unsaid."""
        found = []
        for item in self.instrument.items:
            said = self.answers.get(item.id, UNSAID)
            found.append((item, next((answer for answer in item.answers if str(answer.value) == said), None)))
        return found


@dataclass(frozen=True)
class Series:
    """What one instrument said over time, the newest first, and as a drawing where there are two or more."""

    instrument: Instrument
    taken: list[OpenedAssessment]
    chart: Chart | None

    @property
    def change(self) -> str:
        """The newest total against the one before, in words."""
        totals = [one.score.total for one in self.taken if one.score.total is not None]
        if len(totals) < 2:
            return ""
        by = totals[0] - totals[1]
        return (
            "The same as the time before."
            if by == 0
            else f"{abs(by):g} {'more' if by > 0 else 'less'} than the time before."
        )


def assessments_of(person: Person, *, to: User) -> QuerySet[Assessment]:
    """All answers of a person, the newest first."""
    return (
        visible(Assessment.objects.filter(person=person), to=to).select_related("made_by").order_by("-taken_on", "-made_at")
    )


def assessment_for(pk: uuid.UUID, *, person: Person, to: User) -> Assessment | None:
    """One, or None."""
    return assessments_of(person, to=to).select_related("person").filter(pk=pk).first()


def opened_assessment(row: Assessment, secret: RecordSecret) -> OpenedAssessment:
    """What one says."""
    facts: dict[str, Any] = opened_row(row, secret)
    one = instrument(facts["instrument"])
    answers: dict[str, str] = facts.get("answers", {})
    return OpenedAssessment(row, one, facts.get("language", "en"), answers, one.score(answers))


def series_of(taken: Iterable[OpenedAssessment]) -> list[Series]:
    """Done answers by instrument and version; different versions are not compared."""
    by_key: dict[str, list[OpenedAssessment]] = defaultdict(list)
    for one in taken:
        if one.row.state == Assessment.State.DONE:
            by_key[one.instrument.key].append(one)
    return [_series(found) for _, found in sorted(by_key.items())]


def _series(taken: list[OpenedAssessment]) -> Series:
    one = taken[0].instrument
    points = [(each.row.taken_on, each.score.total, each.score.says) for each in taken if each.score.total is not None]
    chart = chart_of(
        [(on, total, says) for on, total, says in reversed(points) if total is not None],
        lowest=one.lowest,
        highest=one.highest,
        bands=[(band.lowest, band.text) for band in one.bands],
    )
    return Series(one, taken, chart)
