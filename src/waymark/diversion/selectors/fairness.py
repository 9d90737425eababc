"""The fairness survey of a program, as counts: the running quarter, and what may be shown of those that are over."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from waymark.diversion.formats.fairness import Counted, Stretch, quarter_of, stretches
from waymark.diversion.models import FairnessCount, FairnessRound, Program


def round_now(program: Program, *, on: dt.date) -> FairnessRound | None:
    rows = FairnessRound.objects.filter(agency_id=program.agency_id, program=program, quarter=quarter_of(on))
    return rows.first()


def stretches_of(program: Program, *, on: dt.date) -> list[Stretch]:
    """What may be shown today: two queries."""
    rounds = list(FairnessRound.objects.filter(agency_id=program.agency_id, program=program))
    numbers: dict[object, dict[str, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in FairnessCount.objects.filter(agency_id=program.agency_id, round__in=[row.pk for row in rounds]):
        numbers[row.round_id][row.question][row.answer] = row.number
    counted = [Counted(row.instrument, row.quarter, row.handed_out, row.answered, numbers[row.pk]) for row in rounds]
    return stretches(counted, on=on)
