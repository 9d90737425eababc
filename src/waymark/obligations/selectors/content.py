"""What stands on a paper: groups of a release's list, notes one by one, statements, a report's own words.

No real address is ever among it: groups come through the same collectors as a package, and they have none.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from waymark.accounts.models import User
from waymark.cases.models import Note
from waymark.cases.selectors.records import KIND as CASE
from waymark.cases.selectors.records import opened_notes
from waymark.consent.formats.scopes import CODES, Asked, collector_of, labels_of, scope_of
from waymark.obligations.formats.papers import Part
from waymark.obligations.formats.words import WORDS, day_in_words
from waymark.obligations.models import MandatedReport, Statement
from waymark.obligations.selectors.disagreements import rows_of
from waymark.obligations.selectors.own_record import given_to, looks_at, own_lines, workers_of
from waymark.obligations.selectors.processes import notes_about
from waymark.people.models import Person
from waymark.people.selectors.disagreements import statements_in_all_files
from waymark.vault.selectors import OpenVault, secrets_of

SEEN, NOTES, PRIVILEGED = "own_list", "note", "note.privileged"
# On a paper for somebody else, who is not "you".
STATEMENTS_FOR_OTHERS = "What the person said is wrong"
NOTHING = {"en": "Nothing is written here.", "es": "Aquí no hay nada escrito."}


def scope_parts(codes: Iterable[str], *, person: Person, vault: OpenVault, by: User, language: str = "") -> list[Part]:
    """What each group says today, headed for the person in their language; without one, for whoever else reads it."""
    asked = Asked(person=person, vault=vault, by=by, on=timezone.localdate())
    parts = []
    for code in codes:
        collect = collector_of(code)
        said = collect(asked) if collect is not None else ""
        heading = scope_of(code).words(language) if language else labels_of([code])[0]
        parts.append(Part(heading, tuple(said.splitlines()) or (NOTHING[language or "en"],)))
    return parts


def note_parts(notes: Iterable[Note], *, vault: OpenVault, language: str = "en", to: User | None = None) -> list[Part]:
    """Each note with what was added to it; notes that do not open with this key are left out."""
    rows = list(notes)
    secrets = secrets_of(vault, CASE, {note.case_id for note in rows})
    parts = []
    for note in rows:
        secret = secrets.get(note.case_id)
        if secret is None:
            continue
        opened = opened_notes([note], secret, to=to or User(), at=timezone.now())[0]
        lines = [*opened.text.splitlines(), *(line for _, text in opened.addenda for line in text.splitlines())]
        parts.append(Part(day_in_words(note.happened_on, language), tuple(lines)))
    return parts


def statements_of(person: Person) -> list[Statement]:
    """What the person said is wrong and has not taken back, oldest first."""
    return list(rows_of(person).select_related("made_by"))


def statement_parts(
    person: Person, *, vault: OpenVault, notes: Sequence[uuid.UUID], codes: Sequence[str], language: str = ""
) -> list[Part]:
    """What the person said against what goes out: about these notes, and about these parts, in whichever of their files.

    Headed for the person in their language; without one, for whoever else reads it.
    """
    said = statements_in_all_files(person, vault=vault)
    chosen = [one for one in said if one.note in notes or one.goes_with(codes)]
    lines = tuple(line for one in chosen for line in one.text.splitlines())
    heading = WORDS[language]["statements_title"] if language else STATEMENTS_FOR_OTHERS
    return [Part(heading, lines)] if lines else []


def report_parts(report: MandatedReport, words: dict[str, Any]) -> list[Part]:
    """The report as it leaves: its own words and nothing of the case. The reporter signs by hand."""
    learned = timezone.localtime(report.learned_at)
    asked = (("who", "Who it is about"), ("where", "Where they can be found"), ("happened", "What was seen or said"))
    return [
        Part("What is reported", (report.get_duty_display(), f"Learned on {_moment(learned)}")),
        *(Part(heading, tuple(str(words.get(name, "")).splitlines()) or ("Not known",)) for name, heading in asked),
        Part("Reporter", ("Name, work and phone, by hand. The law keeps them confidential.",)),
    ]


def _moment(at: dt.datetime) -> str:
    return f"{day_in_words(at.date(), 'en')}, {at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"


def seen_parts(person: Person, *, language: str, with_names: bool, vault: OpenVault) -> list[Part]:
    """Who got what, who looked, and what the person said against it."""
    words = WORDS[language]
    given = own_lines(given_to(person, language=language), with_names=with_names)
    looked = own_lines(looks_at(person, language=language), with_names=with_names)
    works = workers_of(person) if with_names else []
    return [
        Part(words["given_title"], given or (words["given_none"],)),
        Part(words["looked_title"], looked or (words["looked_none"],)),
        *([Part(words["work_title"], tuple(works))] if works else []),
        *statement_parts(
            person, vault=vault, notes=[row.pk for row in notes_about(person)], codes=CODES, language=language
        ),
        Part(words["rights_title"], (words["rights"], words["kept"])),
    ]


def own_parts(
    person: Person, *, codes: Sequence[str], language: str, vault: OpenVault, by: User
) -> tuple[list[Part], list[Part]]:
    """A copy: the groups and notes that the person asks for; and what they said against just these."""
    groups = [code for code in codes if code not in {SEEN, NOTES, PRIVILEGED}]
    parts = scope_parts(groups, person=person, vault=vault, by=by, language=language)
    kinds = [kind for code, kind in ((NOTES, "progress"), (PRIVILEGED, "privileged")) if code in codes]
    chosen = list(notes_about(person).filter(kind__in=kinds).prefetch_related("addenda__author"))
    parts += note_parts(chosen, vault=vault, language=language, to=by)
    if SEEN in codes:
        parts += seen_parts(person, language=language, with_names=True, vault=vault)[:2]
    noted = [note.pk for note in chosen]
    return parts, statement_parts(person, vault=vault, notes=noted, codes=groups, language=language)
