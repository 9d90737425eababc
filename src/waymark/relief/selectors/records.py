"""Relief cases: the list, one case with what was asked, drafted, sent and confirmed."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, QuerySet

from waymark.accounts.models import Agency, User
from waymark.law.formats.dated_files import Clock, clock_file
from waymark.law.policies.relief import Answer, Verdict, answers_to, rule_of
from waymark.people.formats.codes import read_code
from waymark.people.formats.sealed import unpack
from waymark.people.models import Person
from waymark.people.selectors import names_of
from waymark.relief.formats.words import Asked, read_asked
from waymark.relief.models import OPEN_STATES, Holder, ReliefCase, ReliefStep, State
from waymark.relief.policies import visible
from waymark.vault.selectors import OpenVault, RecordSecret, secrets_of

KIND = "relief"
TABLE = "relief_reliefcase"
DUE = (F("due_on").asc(nulls_last=True), "opened_on", "code")


def relief_listed(*, to: User, words: str, state: str, whose: str, due: str, on: dt.date) -> QuerySet[ReliefCase]:
    """Relief cases, what is due first. `words` is a code: names are sealed and stand in no list's question."""
    rows = visible(ReliefCase.objects.all(), to=to).select_related("person", "worker")
    if words:
        rows = rows.filter(code=read_code(words) or "")
    elif state in State.values:
        rows = rows.filter(state=state)
    elif state != "every":
        rows = rows.filter(state__in=OPEN_STATES)
    if whose == "mine":
        rows = rows.filter(worker=to)
    if due == "late":
        rows = rows.filter(due_on__lt=on)
    elif due == "month":
        rows = rows.filter(due_on__lte=on + dt.timedelta(days=30))
    return rows.order_by(*DUE)


def relief_for(pk: uuid.UUID, *, to: User) -> ReliefCase | None:
    """A relief case, or None when there is none or none that is open to `to`."""
    return visible(ReliefCase.objects.select_related("person", "worker"), to=to).filter(pk=pk).first()


def relief_of_person(person: Person, *, to: User) -> QuerySet[ReliefCase]:
    """A person's relief cases, the newest first."""
    return visible(ReliefCase.objects.filter(person=person), to=to).order_by("-opened_on", "code")


def secret_of(vault: OpenVault | None, case: ReliefCase) -> RecordSecret | None:
    """The open key of the case's person, or None for who may not open it."""
    return secrets_of(vault, "person", [case.person_id]).get(case.person_id) if vault is not None else None


def words_of(case: ReliefCase, secret: RecordSecret) -> dict[str, Any]:
    """What is sealed of a case."""
    return unpack(secret.open(TABLE, "sealed", case.pk, case.sealed))


def names_in(rows: list[ReliefCase], vault: OpenVault | None) -> dict[uuid.UUID, str]:
    """What the people of a list want to be called: one query for their keys."""
    return names_of(vault, [row.person for row in rows]) if vault is not None else {}


@dataclass(frozen=True)
class Answers:
    """What the rules say of one entry on one day. The sections that are about something else are named, not hidden."""

    version: str
    asking: list[Answer] = field(repr=False)
    others: list[Answer] = field(repr=False)


def answers_of(asked: Asked, *, on: dt.date) -> Answers:
    """The rules' answers as of a day, those worth a lawyer's look first."""
    found = answers_to(asked.question(), on=on)
    asking = [answer for answer in found if answer.verdict is not Verdict.ANOTHER_SECTION]
    others = [answer for answer in found if answer.verdict is Verdict.ANOTHER_SECTION]
    return Answers(found[0].version if found else "", asking, others)


def answers_in(words: dict[str, Any], *, on: dt.date) -> Answers | None:
    """The answers to what is sealed in a case; None when it was deleted."""
    return None if words.get("is_forgotten") else answers_of(read_asked(words), on=on)


def clock_for(section: str) -> Clock | None:
    """The clock of a section's rule, or None when none is known."""
    rule = rule_of(section)
    return clock_file().clocks.get(rule.clock) if rule is not None and rule.clock else None


def steps_of(case: ReliefCase) -> QuerySet[ReliefStep]:
    """The history of a case, the newest first."""
    rows = ReliefStep.objects.filter(agency_id=case.agency_id, relief=case)
    return rows.select_related("by").order_by("-at")


def holders_of(case: ReliefCase) -> QuerySet[Holder]:
    """Who holds rows about the entry, members first."""
    rows = Holder.objects.filter(agency_id=case.agency_id, relief=case)
    return rows.select_related("agency_told").order_by(F("agency_told__name").asc(nulls_last=True), "name")


def holder_of(case: ReliefCase, pk: uuid.UUID) -> Holder | None:
    return Holder.objects.filter(agency_id=case.agency_id, relief=case, pk=pk).select_related("agency_told").first()


def agencies_to_name(case: ReliefCase) -> QuerySet[Agency]:
    """Members that can still be named as holding rows."""
    named = Holder.objects.filter(agency_id=case.agency_id, relief=case, agency_told__isnull=False)
    rows = Agency.objects.filter(state=Agency.State.ACTIVE).exclude(pk=case.agency_id)
    return rows.exclude(pk__in=named.values("agency_told_id")).order_by("name")
