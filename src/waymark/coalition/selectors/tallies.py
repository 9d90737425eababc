"""What was said to a decision, counted: by choice, by agency, by time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from waymark.accounts.models import Membership
from waymark.coalition.models import CHOICES_OF, Answer, Choice, Decision, Slot, Stance, Way
from waymark.coalition.selectors.asked import people_asked, speakers


def current_stances(decision: Decision) -> QuerySet[Stance]:
    """What counts: the newest word of each person or agency in the present round."""
    return decision.stances.filter(round=decision.round, is_current=True)


def counts_of(decision: Decision) -> dict[str, int]:
    """How often each answer was given."""
    rows = current_stances(decision).order_by().values_list("choice").annotate(number=Count("pk"))
    return dict(rows)


def unresolved_in(decision: Decision) -> int:
    return current_stances(decision).filter(choice=Choice.OBJECTION, resolved_at__isnull=True).count()


def still_to_answer(decision: Decision) -> list[Membership]:
    """Who is asked and has said nothing; in a vote, the speakers of agencies that have not voted."""
    said = current_stances(decision)
    if decision.way == Way.VOTE:
        return list(speakers(decision.group).exclude(agency__in=said.values("agency_id")))
    return list(people_asked(decision.group).exclude(user__in=said.values("user_id")))


@dataclass(frozen=True)
class AgencyLine:
    """One line of the table of agencies: how many of its people said what, each number with its heading."""

    name: str
    cells: list[tuple[str, int]]


@dataclass(frozen=True)
class Tally:
    """What was said, ready for a page."""

    heads: list[str]
    labeled: list[AgencyLine]
    labeled_totals: list[tuple[str, int]]

    @property
    def is_empty(self) -> bool:
        return not self.labeled


def tally_by_agency(decision: Decision, stances: list[Stance]) -> Tally:
    """Counts by agency in the order of their names; `stances` hold their agency."""
    choices = CHOICES_OF[decision.way]
    found: dict[str, Counter[str]] = {}
    for stance in stances:
        found.setdefault(stance.agency.name, Counter())[stance.choice] += 1
    totals = sum(found.values(), Counter[str]())

    def cells(counts: Counter[str]) -> list[tuple[str, int]]:
        return [(str(choice.label), counts[choice.value]) for choice in choices]

    lines = [AgencyLine(name, cells(found[name])) for name in sorted(found)]
    return Tally([str(choice.label) for choice in choices], lines, cells(totals))


@dataclass(frozen=True)
class SlotLine:
    """One time of a poll and how many can come."""

    slot: Slot
    yes: int
    maybe: int
    no: int


def slot_lines(slots: list[Slot], stances: list[Stance]) -> list[SlotLine]:
    """The times in their order."""
    made = []
    for slot in slots:
        said = Counter(stance.answers.get(str(slot.pk)) for stance in stances)
        made.append(SlotLine(slot, said[Answer.YES], said[Answer.MAYBE], said[Answer.NO]))
    return made


def best_slot(lines: list[SlotLine]) -> Slot | None:
    """The time that suits most: most yes, then most if need be, then the earliest."""
    ranked = sorted(lines, key=lambda line: (-line.yes, -line.maybe, line.slot.starts_at))
    return ranked[0].slot if ranked and ranked[0].yes + ranked[0].maybe else None
