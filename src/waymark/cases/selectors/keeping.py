"""What is kept, until when, what holds it, and what waits to be destroyed."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.cases.models import Case, CaseMove, DestructionRequest, Move, RetentionRule, State
from waymark.cases.policies import kept_until
from waymark.cases.selectors.records import KIND
from waymark.people.models import Denial
from waymark.people.policies import holds
from waymark.vault.selectors import holds_on, standing_holds, tombstones


def rule_of(agency: uuid.UUID) -> RetentionRule | None:
    """How long an agency keeps closed cases, as it last said."""
    return RetentionRule.objects.filter(agency_id=agency).select_related("set_by").order_by("-set_at", "-pk").first()


def holds_of(case: Case) -> QuerySet[Any]:
    """The holds that stand on a case or on its person."""
    return holds_on(case.agency_id, KIND, [case.pk]) | holds_on(case.agency_id, "person", [case.person_id])


def living_cases_of(case: Case) -> QuerySet[Case]:
    """Cases of the same person, also under a file put together with theirs, that were not destroyed."""
    same = Q(person_id=case.person_id) | Q(person__merged_into=case.person_id)
    return Case.objects.filter(same, agency_id=case.agency_id).exclude(state=State.SHREDDED)


def closed_on(case: Case) -> dt.date | None:
    """The day on which a case was last closed."""
    move = CaseMove.objects.filter(agency_id=case.agency_id, case=case, move=Move.CLOSE).order_by("-at").first()
    return timezone.localdate(move.at) if move is not None and move.at is not None else None


def is_kept_long_enough(case: Case, *, on: dt.date) -> bool:
    """Whether the agency's rule lets the case go. Without a rule nothing was kept long enough."""
    rule = rule_of(case.agency_id)
    until = kept_until(closed_on(case), rule.years if rule else None)
    return until is not None and until <= on


def waiting_request_of(case: Case) -> DestructionRequest | None:
    rows = DestructionRequest.objects.filter(agency_id=case.agency_id, case=case, state="waiting")
    return rows.select_related("asked_by").first()


def tombstone_of(case: Case) -> Any:
    """What is left of the key of a destroyed case: who destroyed it, when, and from which day no backup opens it."""
    return tombstones(case.agency_id).filter(kind=KIND, record=case.pk).first()


def decidable(to: User) -> QuerySet[DestructionRequest]:
    """Requests that wait in the agency for which `to` decides, the oldest first: codes and closed reasons.

    Who is on the deny list of a person decides nothing about them.
    """
    if to.acting is None or not holds(to, Permission.VAULT_RECORD_SHRED):
        return DestructionRequest.objects.none()
    denied = Denial.objects.filter(
        agency_id=OuterRef("agency_id"), person_id=OuterRef("case__person_id"), user=to, lifted_at__isnull=True
    )
    rows = DestructionRequest.objects.filter(agency_id=to.acting.agency_id, state="waiting").filter(~Exists(denied))
    return rows.select_related("case", "asked_by").order_by("asked_at", "pk")


@dataclass(frozen=True)
class HeldRecord:
    """A hold with the code of what it holds."""

    hold: Any
    code: str


def held_records(to: User) -> list[HeldRecord]:
    """The holds that stand in the agency, with the codes of their cases."""
    if to.acting is None or not holds(to, Permission.VAULT_RECORD_SHRED):
        return []
    rows = list(standing_holds(to.acting.agency_id))
    wanted = [row.record_key.record for row in rows]
    codes = dict(Case.objects.filter(agency_id=to.acting.agency_id, pk__in=wanted).values_list("pk", "code"))
    return [HeldRecord(row, codes.get(row.record_key.record, "")) for row in rows]


def kept_long_enough(to: User, *, on: dt.date) -> QuerySet[Case]:
    """Cases that were put away and that the agency's rule lets go, those closed first at the head.

    Each has `closed_at`. Held ones are left out, and those that wait for a decision.
    """
    if to.acting is None or not holds(to, Permission.VAULT_RECORD_SHRED):
        return Case.objects.none()
    agency = to.acting.agency_id
    rule = rule_of(agency)
    if rule is None:
        return Case.objects.none()
    closings = CaseMove.objects.filter(agency_id=agency, case=OuterRef("pk"), move=Move.CLOSE).order_by("-at")
    either = Q(record_key__record=OuterRef("pk")) | Q(record_key__record=OuterRef("person_id"))
    held = standing_holds(agency).filter(either)
    waiting = DestructionRequest.objects.filter(agency_id=agency, case=OuterRef("pk"), state="waiting")
    rows = Case.objects.filter(agency_id=agency, state=State.ARCHIVED).annotate(
        closed_at=Subquery(closings.values("at")[:1])
    )
    last_day = last_closing_day(rule.years, on)
    before = timezone.make_aware(dt.datetime.combine(last_day + dt.timedelta(days=1), dt.time.min))
    return rows.filter(~Exists(held), ~Exists(waiting), closed_at__lt=before).order_by("closed_at", "code")


def last_closing_day(years: int, on: dt.date) -> dt.date:
    """The latest day of closing from which `years` have passed on the day `on`."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return dt.date(on.year - years, 2, 28)
