"""A plan as a page shows it: a person's needs, the goals that answer them, the steps to each goal. And the children's.

However many people a plan is of, its rows are read together: a parent's page shows the children's plans beside the
parent's, and each row is opened with the key of the person whose it is.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import F, QuerySet

from waymark.accounts.models import User
from waymark.care.models import Goal, Need, Planned, Progress, Step
from waymark.care.policies import DOMAINS, visible
from waymark.care.selectors.household import Member
from waymark.people.selectors.opened import opened_row

Part = TypeVar("Part", bound=Planned)
PARTS: dict[str, type[Planned]] = {"need": Need, "goal": Goal, "step": Step}
BY_DAY = (F("due_on").asc(nulls_last=True), "made_at", "pk")


@dataclass(frozen=True)
class OpenedStep:
    row: Step
    facts: dict[str, Any] = field(repr=False)
    is_late: bool


@dataclass(frozen=True)
class OpenedGoal:
    """A goal with its steps; `pair` is the goal that it is paired with, where that can be opened too."""

    row: Goal
    facts: dict[str, Any] = field(repr=False)
    is_late: bool
    steps: list[OpenedStep]
    pair: tuple[Goal, str] | None


@dataclass(frozen=True)
class OpenedNeed:
    row: Need
    facts: dict[str, Any] = field(repr=False)
    domain: str
    is_late: bool
    goals: list[OpenedGoal]


@dataclass(frozen=True)
class PersonPlan:
    """The plan of one person: what is open, and what has ended."""

    member: Member
    open: list[OpenedNeed]
    ended: list[OpenedNeed]


def plan_rows_of(people: Iterable[uuid.UUID], *, to: User) -> dict[str, QuerySet[Any]]:
    """Needs, goals and steps of people, the next due first."""
    of = list(people)
    return {
        kind: visible(model._default_manager.filter(person_id__in=of), to=to).order_by(*BY_DAY)
        for kind, model in PARTS.items()
    }


def plans_of(people: Sequence[Member], rows: Mapping[str, Sequence[Any]], *, on: dt.date) -> list[PersonPlan]:
    """The plans of several people out of their rows (`plan_rows_of`), each opened with its person's key."""
    secrets = {member.person.pk: member.secret for member in people}
    needs: Sequence[Need] = rows["need"]
    goals: Sequence[Goal] = rows["goal"]
    steps: Sequence[Step] = rows["step"]
    said = {row.pk: opened_row(row, secrets[row.person_id]) for row in [*needs, *goals, *steps]}
    late = {row.pk for row in [*needs, *goals, *steps] if is_late(row, on)}
    steps_of: dict[uuid.UUID, list[OpenedStep]] = defaultdict(list)
    for step in steps:
        steps_of[step.goal_id].append(OpenedStep(step, said[step.pk], step.pk in late))
    known = {goal.pk: goal for goal in goals}
    goals_of: dict[uuid.UUID, list[OpenedGoal]] = defaultdict(list)
    for goal in goals:
        other = known.get(goal.pair_id) if goal.pair_id else None
        pair = (other, str(said[other.pk].get("text", ""))) if other is not None else None
        goals_of[goal.need_id].append(OpenedGoal(goal, said[goal.pk], goal.pk in late, steps_of[goal.pk], pair))
    domains = dict(DOMAINS)
    opened: dict[uuid.UUID, list[OpenedNeed]] = defaultdict(list)
    for need in needs:
        facts = said[need.pk]
        domain = domains.get(facts.get("domain", ""), "Something else")
        opened[need.person_id].append(OpenedNeed(need, facts, domain, need.pk in late, goals_of[need.pk]))
    return [
        PersonPlan(
            member,
            [need for need in opened[member.person.pk] if need.row.state == Progress.OPEN],
            [need for need in opened[member.person.pk] if need.row.state != Progress.OPEN],
        )
        for member in people
    ]


def is_late(row: Planned, on: dt.date) -> bool:
    """Whether the day of an open part is over."""
    return row.state == Progress.OPEN and row.due_on is not None and row.due_on < on


def part_for(model: type[Part], pk: uuid.UUID, *, of: Iterable[uuid.UUID], to: User) -> Part | None:
    """One need, goal or step of these people, or None."""
    rows = visible(model._default_manager.filter(pk=pk, person_id__in=list(of)), to=to)
    found: Part | None = rows.select_related("person").first()
    return found


def open_goals_of(people: Iterable[uuid.UUID], *, to: User) -> QuerySet[Goal]:
    """Goals that a goal can be paired with: open ones that have no pair yet."""
    return visible(
        Goal.objects.filter(person_id__in=list(people), state=Progress.OPEN, pair__isnull=True), to=to
    ).select_related("person")
