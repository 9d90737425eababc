"""What the search of the staff site may find: rows that an app has narrowed twice, to the reader and to the words.

Each app says in `selectors` (`search_for(user, words)`) which of its things this person may see and which of those the
words mean, as rows still to be read; the search, which stands above all apps, reads them at once (waymark.web.search).
What is sealed is never searched: it could only be found by opening it, and a hit alone would tell that somebody is known
here.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.expressions import Combinable


@dataclass(frozen=True)
class Found:
    """One answer: its name, the word for what it is, the way to it, and a few words that tell it from its namesakes."""

    label: str
    kind: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class FoundRows:
    """Things of one kind. `route` is the name of their page's address, which takes the value of `key`."""

    rows: QuerySet[Any]
    kind: str
    route: str
    label: str | Combinable
    note: str | Combinable = ""
    key: str = "pk"


def expression(value: str | Combinable) -> Combinable:
    """A column by its name, an expression as it is, and nothing for the empty name."""
    if isinstance(value, str):
        return F(value) if value else Value("")
    return value


def matching(words: Sequence[str], *names: str) -> Q:
    """Rows in which every word stands in one of the columns, in any order and case."""
    return reduce(
        operator.and_, (reduce(operator.or_, (Q(**{f"{name}__icontains": word}) for name in names)) for word in words), Q()
    )
