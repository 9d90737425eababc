"""Who may see and move a case. A case is as open as its person: the deny list beats every grant."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TypeVar

from django.db.models import Model, QuerySet

from waymark.access.permissions import Permission
from waymark.accounts.models import Membership, User
from waymark.cases.models import BY_TWO, MOVES, Case, Move, Note
from waymark.people.policies import Refused, agency_of, holds, open_to

Row = TypeVar("Row", bound=Model)

# Names are opened in memory on a caseload of at most so many cases.
CASELOAD = 500
# When somebody looks at a new case again, unless they say otherwise.
LOOK_AGAIN = dt.timedelta(days=1)
# The version of the text about the limits of confidentiality that is told; written on every notice.
NOTICE_VERSION = "2026-11"


def may_view(by: User) -> bool:
    return holds(by, Permission.CASES_CASE_VIEW)


def may_work(by: User) -> bool:
    return holds(by, Permission.CASES_CASE_WORK)


def must_work(by: User) -> uuid.UUID:
    """The agency for which `by` may work on cases. Raises Refused."""
    if not may_work(by):
        raise Refused("Your role does not work on cases.")
    return agency_of(by)


def visible(queryset: QuerySet[Case], *, to: User) -> QuerySet[Case]:
    """The cases of the agency for which `to` acts, as far as their people are open to them."""
    if to.acting is None or not holds(to, Permission.CASES_CASE_VIEW):
        return queryset.none()
    return open_to(queryset.filter(agency_id=to.acting.agency_id), to=to)


def must_decide(by: User) -> uuid.UUID:
    """The agency for which `by` decides what is kept and destroyed. Raises Refused."""
    if not holds(by, Permission.VAULT_RECORD_SHRED):
        raise Refused("Your role does not decide what is destroyed. An officer of your agency does.")
    return agency_of(by)


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day so many years later; February 29 becomes March 1, so that nothing is destroyed a day early."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)


def kept_until(closed_on: dt.date | None, years: int | None) -> dt.date | None:
    """The first day on which a case was kept long enough; None without a rule or for a case that was never closed."""
    return None if closed_on is None or years is None else years_after(closed_on, years)


def moves_from(state: str) -> list[Move]:
    """What one worker can do with a case in this state, in the order of the work."""
    return [move for move in Move if (state, move) in MOVES and move not in BY_TWO]


def may_change_note(by: User, note: Note, *, at: dt.datetime) -> bool:
    """A note is its writer's for a day."""
    return note.author_id == by.pk and note.locks_at is not None and at < note.locks_at


def may_be_worker(user: uuid.UUID, agency: uuid.UUID) -> bool:
    """Whether a case can be given to this member: an active advocate of the agency."""
    return Membership.objects.filter(agency_id=agency, user_id=user, state="active", role="advocate").exists()
