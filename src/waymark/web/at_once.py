"""Many small reads of many apps as one statement: the branches of a `UNION ALL`, each narrowed by its own app."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import IntegerField, QuerySet, Value
from django.db.models.functions import Cast


def rows_at_once(branches: Sequence[QuerySet[Any] | None], columns: Sequence[str]) -> list[list[Any]]:
    """The rows of each branch, as tuples of `columns`; a branch that is None has none and costs nothing."""
    found: list[list[Any]] = [[] for _ in branches]
    numbered: list[Any] = [
        rows.annotate(branch=Cast(Value(number), IntegerField())).values_list("branch", *columns)
        for number, rows in enumerate(branches)
        if rows is not None
    ]
    if not numbered:
        return found
    first, *others = numbered
    for number, *row in first.union(*others, all=True) if others else first:
        found[number].append(tuple(row))
    return found
