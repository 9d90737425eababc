"""Who got something about a person and who looked, in the person's language: out of the ledger and the audit chain.

The one who works with them reads all day and is named as such; whoever else looked stands in the chain, look by look.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from waymark.audit.models import Event
from waymark.audit.selectors.events import names_of
from waymark.cases.models import OPEN_STATES, Case
from waymark.consent.formats.scopes import named_counts
from waymark.consent.models import Disclosure
from waymark.obligations.formats.words import (
    WORDS,
    basis_in_words,
    day_in_words,
    fields_in_words,
    look_in_words,
    outside_in_words,
)
from waymark.people.models import Person
from waymark.people.selectors.persons import files_of

# So many of the newest stand on the screen and the paper; who wants all asks the agency's officer for the log.
MOST = 100
# What they look at themselves is no look of somebody else.
OWN_LOOK = "own_record.shown"


@dataclass(frozen=True)
class Seen:
    """One line: on which day, who, what, why. `unnamed` stands in for a name that is left off a paper."""

    when: str
    who: str
    what: tuple[str, ...] = field(repr=False)
    why: str = ""
    unnamed: str = ""


def _day(at: dt.datetime | None, language: str) -> str:
    return day_in_words(timezone.localdate(at) if at is not None else timezone.localdate(), language)


def given_to(person: Person, *, language: str) -> list[Seen]:
    """Every line of the ledger about the person, in whichever of their files, newest first."""
    rows = Disclosure.objects.filter(agency_id=person.agency_id, person__in=files_of(person)).select_related("recipient")
    return [
        Seen(
            _day(row.at, language),
            row.recipient.name if row.recipient is not None else outside_in_words(row.outside, language),
            tuple(fields_in_words(row.fields, language, named_counts(row.records))),
            basis_in_words(row.basis, language),
            unnamed=WORDS[language]["name_off"] if row.recipient is not None else "",
        )
        for row in rows.order_by("-at", "id")[:MOST]
    ]


def looks_at(person: Person, *, language: str) -> list[Seen]:
    """Every look of somebody who does not own the case, and every look at numbers and addresses, newest first."""
    files = files_of(person)
    cases = Case.objects.filter(agency_id=person.agency_id, person__in=files)
    about = [str(pk) for rows in (files, cases) for pk in rows.values_list("pk", flat=True)]
    rows = list(
        Event.objects.filter(chain=person.agency_id, object_id__in=about)
        .filter(Q(verb__endswith=".read") | Q(verb__endswith=".shown"))
        .exclude(verb=OWN_LOOK)
        .order_by("-id")[:MOST]
    )
    names = names_of({row.actor for row in rows})
    colleague = WORDS[language]["colleague"]
    return [
        Seen(
            _day(row.at, language), names.get(row.actor, colleague), (look_in_words(row.verb, language),), unnamed=colleague
        )
        for row in rows
    ]


def workers_of(person: Person) -> list[str]:
    """Who works on an open case of theirs."""
    rows = Case.objects.filter(agency_id=person.agency_id, person__in=files_of(person), state__in=OPEN_STATES)
    return sorted(set(rows.values_list("worker__display_name", flat=True)))


def own_lines(rows: Sequence[Seen], *, with_names: bool) -> tuple[str, ...]:
    """Lines for a paper; names of agencies and of workers are left off where the paper could be found."""
    return tuple(
        f"{row.when}: {row.who if with_names or not row.unnamed else row.unnamed}. "
        f"{'; '.join(row.what)}{f' ({row.why})' if row.why else ''}."
        for row in rows
    )
