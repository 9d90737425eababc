"""The caseload: which cases there are, whose, in which state, and what is due. Names are opened in memory."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from waymark.accounts.models import Membership, User
from waymark.care.models import Goal, SafetyPlan, Service, Step
from waymark.care.selectors.due import Due, due_in, due_rows, with_due
from waymark.cases.models import OPEN_STATES, Case, State
from waymark.cases.policies import CASELOAD, visible
from waymark.people.formats.codes import read_code
from waymark.people.formats.sounds import is_alike, plain_letters
from waymark.people.selectors import names_of
from waymark.vault.selectors import OpenVault

ORDERS = {
    "due": (F("due_on").asc(nulls_last=True), "opened_on", "code"),
    "opened": ("-opened_on", "code"),
    "code": ("code",),
    "state": ("state", F("due_on").asc(nulls_last=True), "code"),
}


@dataclass(frozen=True)
class Line:
    """One case in a list; `name` is empty where it cannot be opened or was not given. `care` is what is due in it."""

    case: Case
    name: str = field(repr=False)
    is_open_to_us: bool
    care: Due | None = None

    @property
    def is_late(self) -> bool:
        return self.case.due_on is not None and self.case.due_on < timezone.localdate()


def caseload(*, to: User, whose: str, state: str, due: str, order: str, on: dt.date) -> QuerySet[Case]:
    """Cases by whose they are (one's own, or `all`), state (all open ones, or `every`) and what is due by `on`."""
    rows = visible(Case.objects.all(), to=to).select_related("person", "worker")
    if whose != "all":
        rows = rows.filter(worker=to)
    if state in State.values:
        rows = rows.filter(state=state)
    elif state != "every":
        rows = rows.filter(state__in=OPEN_STATES)
    last = {"late": on - dt.timedelta(days=1), "now": on, "week": on + dt.timedelta(days=7)}.get(due)
    if last is not None:
        # A case is due by its own day, or by anything in its plan.
        rows = rows.filter(reduce(or_, (Exists(care) for care in due_by(last)), Q(due_on__lte=last)))
    return with_due(rows, to=to, on=on).order_by(*ORDERS.get(order, ORDERS["due"]))


def due_by(last: dt.date) -> list[QuerySet[Any]]:
    """What of a case's care is due by a day, for a question about the case."""
    outer = {"agency_id": OuterRef("agency_id"), "case_id": OuterRef("pk")}
    return [
        Step.objects.filter(state="open", due_on__lte=last, **outer),
        Goal.objects.filter(state="open", due_on__lte=last, **outer),
        SafetyPlan.objects.filter(state="current", review_on__lte=last, **outer),
        Service.objects.filter(state="planned", voided_at__isnull=True, on__lte=last, **outer),
    ]


def lines(cases: list[Case], vault: OpenVault | None) -> list[Line]:
    """Cases with the names of their people and what is due in them: one query, whatever their number."""
    names = names_of(vault, [case.person for case in cases]) if vault is not None else {}
    return [Line(case, names.get(case.person_id, ""), case.person_id in names, due_in(case)) for case in cases]


def named(rows: QuerySet[Case], vault: OpenVault, words: str) -> list[Line] | None:
    """The cases of a caseload whose code or name fits, best first; None for a caseload too long to open."""
    cases = list(rows[: CASELOAD + 1])
    if len(cases) > CASELOAD:
        return None
    code, plain = read_code(words), plain_letters(words)
    found = []
    for line in lines(cases, vault):
        is_part = bool(plain) and plain in plain_letters(line.name)
        if code in (line.case.code, line.case.person.code) or is_part or is_alike(words, line.name):
            found.append((not is_part, line))
    return [line for _, line in sorted(found, key=lambda pair: pair[0])]


def by_name(rows: QuerySet[Case], vault: OpenVault) -> list[Line] | None:
    """A caseload in the order of names, those without a name last; None for one too long to open."""
    cases = list(rows[: CASELOAD + 1])
    if len(cases) > CASELOAD:
        return None
    return sorted(lines(cases, vault), key=lambda line: (not line.name, line.name.casefold(), line.case.code))


@dataclass(frozen=True)
class WorkerLoad:
    """How much one colleague carries: open cases, those past their day, those due within a week, those not looked at."""

    user: uuid.UUID
    name: str
    open_cases: int
    late: int
    soon: int
    without_day: int
    is_here: bool
    care_late: int = 0
    care_soon: int = 0


def loads(*, to: User, on: dt.date) -> list[WorkerLoad]:
    """The supervisor's view: every colleague with open cases, the latest first, and advocates who have none."""
    counted = (
        visible(Case.objects.filter(state__in=OPEN_STATES), to=to)
        .values("worker_id", "worker__display_name")
        .annotate(
            open_cases=Count("pk"),
            late=Count("pk", filter=Q(due_on__lt=on)),
            soon=Count("pk", filter=Q(due_on__gte=on, due_on__lte=on + dt.timedelta(days=7))),
            without_day=Count("pk", filter=Q(due_on__isnull=True)),
        )
    )
    advocates = dict(workers_of(to))
    found = [
        WorkerLoad(
            row["worker_id"],
            row["worker__display_name"],
            row["open_cases"],
            row["late"],
            row["soon"],
            row["without_day"],
            row["worker_id"] in advocates,
        )
        for row in counted
    ]
    care = care_of_workers(to=to, on=on)
    found = [replace(load, care_late=care[load.user][0], care_soon=care[load.user][1]) for load in found]
    busy = {load.user for load in found}
    found += [WorkerLoad(pk, name, 0, 0, 0, 0, True) for pk, name in advocates.items() if pk not in busy]
    return sorted(found, key=lambda load: (-load.late - load.care_late, -load.open_cases, load.name))


def care_of_workers(*, to: User, on: dt.date) -> dict[uuid.UUID, tuple[int, int]]:
    """How much of the plans in each colleague's open cases is past its day, and comes within a week: one statement."""
    cases = visible(Case.objects.filter(state__in=OPEN_STATES), to=to)
    worker = cases.filter(pk=OuterRef("case_id")).values("worker_id")
    parts = [
        rows.order_by()
        .annotate(worker=Subquery(worker))
        .filter(worker__isnull=False)
        .values("worker")
        .annotate(
            late=Count("pk", filter=Q(day__lt=on)),
            soon=Count("pk", filter=Q(day__gte=on, day__lte=on + dt.timedelta(days=7))),
        )
        .values_list("worker", "late", "soon")
        for rows in due_rows(to=to).values()
    ]
    found: dict[uuid.UUID, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for user, late, soon in parts[0].union(*parts[1:], all=True):
        found[user] = (found[user][0] + late, found[user][1] + soon)
    return found


def workers_of(to: User) -> list[tuple[uuid.UUID, str]]:
    """The active advocates of an agency: to whom a case can be given."""
    if to.acting is None:
        return []
    rows = Membership.objects.filter(agency_id=to.acting.agency_id, state="active", role="advocate")
    return list(rows.order_by("user__display_name").values_list("user_id", "user__display_name"))
