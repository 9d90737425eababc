"""The safety plan of a person: its current version and those before."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from django.db.models import QuerySet

from waymark.accounts.models import User
from waymark.care.formats.safety_plans import Section, sections, tells
from waymark.care.models import SafetyPlan
from waymark.care.policies import visible
from waymark.people.models import Person
from waymark.people.selectors.opened import OpenedPerson, opened_row
from waymark.vault.selectors import RecordSecret


@dataclass(frozen=True)
class OpenedSection:
    section: Section
    text: str = field(repr=False)


@dataclass(frozen=True)
class OpenedSafetyPlan:
    """One version with what was written, in the order of the talk."""

    row: SafetyPlan
    version: str
    written: list[OpenedSection] = field(repr=False)

    def texts(self) -> dict[str, str]:
        return {one.section.code: one.text for one in self.written}


def safety_plans_of(person: Person, *, to: User) -> QuerySet[SafetyPlan]:
    """Every version, the newest first."""
    return visible(SafetyPlan.objects.filter(person=person), to=to).select_related("made_by").order_by("-number")


def safety_plan_for(person: Person, *, to: User, pk: uuid.UUID | None = None) -> SafetyPlan | None:
    """One version, or the current one."""
    rows = safety_plans_of(person, to=to)
    return rows.filter(pk=pk).first() if pk is not None else rows.filter(state=SafetyPlan.State.CURRENT).first()


def opened_safety_plan(row: SafetyPlan, secret: RecordSecret) -> OpenedSafetyPlan:
    """What a version says."""
    facts = opened_row(row, secret)
    known = sections(facts["version"])
    texts = facts.get("texts", {})
    written = [OpenedSection(section, texts[code]) for code, section in known.sections.items() if texts.get(code)]
    return OpenedSafetyPlan(row, facts["version"], written)


def what_it_tells(plan: OpenedSafetyPlan, person: OpenedPerson, agency_names: list[str]) -> dict[str, list[str]]:
    """By section, what a finder of the paper would learn; sections that tell nothing are left out."""
    names = [person.name, person.facts.get("legal_name", ""), person.facts.get("aliases", "")]
    found = {one.section.code: tells(one.text, names=names, agencies=agency_names) for one in plan.written}
    return {code: said for code, said in found.items() if said}
