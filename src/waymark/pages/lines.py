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


@dataclass(frozen=True)
class HomeLine:
    """One line as it is shown. `kind` is a word for the sort of thing; `is_due` says that it is late or urgent.

    `number` is the length of the list at `url` where the line counts one.
    """

    text: str
    url: str
    kind: str
    at: dt.datetime | dt.date | None = None
    is_due: bool = False
    number: int | None = None


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
    `key`; without a `key` all lines lead to the same page. `is_dated` says that the moment means something to the reader.
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


Line = HomeLine | HomeCount | HomeRows
