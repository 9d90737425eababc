"""Reads of one's own notices: one line for each thing, however often it changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, QuerySet

from waymark.accounts.models import Membership, User
from waymark.accounts.selectors.members import open_today
from waymark.notices.formats.kinds import sentence_of
from waymark.notices.models import LetterChoice, Notice
from waymark.notices.policies import visible

# More than this is shown as "99+": nobody counts further.
COUNTED = 100


@dataclass(frozen=True)
class Line:
    """What was told of one thing, since it was last marked."""

    kind: str
    path: str
    times: int
    newest: dt.datetime
    read_at: dt.datetime | None

    @property
    def sentence(self) -> str:
        return sentence_of(self.kind)


def lines_for(user: User, *, state: str = "", kinds: Iterable[str] = ()) -> QuerySet[Any, Any]:
    """One's own lines, newest first, as dictionaries (`as_line` makes them readable). `state` is unread, read or all."""
    found = visible(Notice.objects.all(), to=user)
    if state == "unread":
        found = found.filter(read_at__isnull=True)
    elif state == "read":
        found = found.filter(read_at__isnull=False)
    if kinds:
        found = found.filter(kind__in=list(kinds))
    grouped = found.values("kind", "path", "read_at").annotate(times=Count("id"), newest=Max("created_at"))
    return grouped.order_by("-newest", "kind", "path")


def as_line(row: dict[str, Any]) -> Line:
    return Line(**row)


def unread_count_for(user: User) -> int:
    """How many lines are not read; it stops counting at a hundred."""
    if user.acting is None:
        return 0
    unread = visible(Notice.objects.filter(read_at__isnull=True), to=user)
    return unread.values("kind", "path").distinct()[:COUNTED].count()


def unread_since(user: User, moment: dt.datetime | None) -> bool:
    """Whether something was told after `moment` and is not read."""
    found = visible(Notice.objects.filter(read_at__isnull=True), to=user)
    return (found.filter(created_at__gt=moment) if moment else found).exists()


def is_mine(user: User, *, kind: str, path: str) -> bool:
    """Whether this line was told to the place under which `user` acts."""
    return visible(Notice.objects.filter(kind=kind, path=path), to=user).exists()


def letters_of(user: User) -> str:
    """When this person wants a letter."""
    choice = LetterChoice.objects.filter(user=user).first()
    return choice.when if choice else LetterChoice.When.DAILY.value


def reachable(to: Iterable[Membership]) -> list[Membership]:
    """Those of `to` whose place is open today, each once."""
    wanted = {membership.pk for membership in to}
    if not wanted:
        return []
    return list(open_today(Membership.objects.filter(pk__in=wanted)).select_related("user", "agency").order_by("pk"))
