"""Lines of somebody's home page: what waits for them, what changed, what is next.

Each app says in `selectors` (`waiting_for`, `changed_for`, `next_for`) what it has for one person, already narrowed to what
that person may open, and says it as rows that are still to be read. So the home page, which stands above all apps, asks the
database for all of it at once (waymark.web.home), and never for more than it shows.

A line names a thing and leads to it. It never quotes what is sealed or private: of a packet it says that one came.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.utils import timezone


@dataclass(frozen=True)
class HomeLine:
    """One line as it is shown. `kind` is a word for the sort of thing; `is_due` puts it before the others.

    `at` is when it happened or begins or, with `is_deadline`, until when it has to be done. `number` is the length of the
    list at `url` where the line counts one.
    """

    text: str
    url: str
    kind: str
    at: dt.datetime | dt.date | None = None
    is_due: bool = False
    is_deadline: bool = False
    number: int | None = None

    def is_late(self) -> bool:
        """Whether its time has gone by; a day is not late before it is over."""
        if not self.is_deadline or self.at is None:
            return False
        return self.at < timezone.now() if isinstance(self.at, dt.datetime) else self.at < timezone.localdate()


@dataclass(frozen=True)
class HomeCount:
    """So many things behind one list: `rows` are the very rows of the list at `url`. None is no line."""

    rows: QuerySet[Any]
    one: str
    many: str
    url: str
    kind: str
    is_due: bool = False


@dataclass(frozen=True)
class HomeRows:
    """Things that get a line each, ordered by `at`: a moment, or a day (`is_day`); "-at" puts the newest first.

    `says` makes the words of a line from its `name`. `route` is the name of its page's address, which takes the value of
    `key`; without a `key` all lines lead to the same page. `is_dated` says that the moment means something to the reader,
    `is_deadline` that it is a last one.
    """

    rows: QuerySet[Any]
    says: Callable[[str], str]
    route: str
    kind: str
    at: str
    name: str | Combinable = ""
    key: str | None = "pk"
    is_day: bool = False
    is_due: bool = False
    is_dated: bool = True
    is_deadline: bool = False


Line = HomeLine | HomeCount | HomeRows
