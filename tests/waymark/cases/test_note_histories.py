"""Notes at any hour, beside a plain model: their writer's for twenty-four hours, nobody's afterwards; what is added keeps
its order; nothing privileged is written before its limits were told."""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.factories.accounts import UserFactory
from tests.factories.disclosures import acting, agency_with_member
from tests.factories.people import a_case, a_note
from tests.plugins.histories import NIGHT, Owner, at, movable_clock, must_fail, reword, some_moment, tell, without

from waymark.accounts.models import User
from waymark.cases.models import Addendum, Case, Note, NoticeTold
from waymark.cases.policies import may_change_note

DAY = dt.timedelta(hours=24)
STEPS = (
    dt.timedelta(0),
    dt.timedelta(minutes=5),
    dt.timedelta(hours=23),
    dt.timedelta(hours=23, minutes=59, seconds=59),
    DAY - dt.timedelta(microseconds=1),
    DAY,
    dt.timedelta(hours=25),
)


@dataclass
class Known:
    """What the model remembers of one note."""

    note: Note
    by: User
    case: Case
    kind: str
    written_at: dt.datetime
    text: bytes
    added: list[tuple[User, bytes]] = field(default_factory=list)


class World:
    """Two colleagues and two cases of one agency."""

    def __init__(self) -> None:
        self.agency, first = agency_with_member()
        self.colleagues = [first, UserFactory(role="advocate", agency=self.agency)]
        with acting(first):
            self.cases = [a_case(self.agency, first) for _ in range(2)]

    def story(self, chance: random.Random) -> None:
        Story(self, chance).live()


class Story:
    def __init__(self, world: World, chance: random.Random) -> None:
        self.world, self.chance = world, chance
        self.now = some_moment(chance)
        self.told: dict[Any, dt.datetime] = {}
        self.notes: list[Known] = []

    def live(self) -> None:
        deeds = (self.write, self.write, self.change, self.change, self.add, self.add, self.tell_limits)
        deeds += (self.rewrite, self.rewrite)
        for _ in range(self.chance.randint(3, 9)):
            self.now += self.chance.choice(STEPS)
            at(self.now)
            who = self.chance.choice(self.world.colleagues)
            with acting(who):
                self.chance.choice(deeds)(who)
        with acting(self.world.colleagues[0]):
            self.look()

    def tries(self, expected: bool, act: Callable[[], object]) -> bool:
        try:
            with transaction.atomic():
                act()
        except IntegrityError:
            done = False
        else:
            done = True
        assert done is expected, f"{act} at {self.now}: {'done' if done else 'refused'}"
        return done

    def is_told(self, case: Case) -> bool:
        return case.pk in self.told and self.told[case.pk] <= self.now

    def tell_limits(self, who: User) -> None:
        case = self.chance.choice(self.world.cases)
        # Somebody may date it ahead; until then nobody was told.
        when = self.now + self.chance.choice((dt.timedelta(0), dt.timedelta(hours=2)))
        NoticeTold.objects.create(
            agency_id=case.agency_id, case=case, about="limits", version="t", language=b"x", told_at=when, told_by=who
        )
        self.told[case.pk] = min(when, self.told.get(case.pk, when))

    def write(self, who: User) -> None:
        case, kind = self.chance.choice(self.world.cases), self.chance.choice(["progress", "privileged"])
        written: list[Note] = []
        if self.tries(kind == "progress" or self.is_told(case), lambda: written.append(a_note(case, kind))):
            note = written[0]
            assert (note.written_at, note.locks_at, note.author_id) == (self.now, self.now + DAY, who.pk)
            self.notes.append(Known(note, who, case, kind, self.now, bytes(note.text)))

    def change(self, who: User) -> None:
        if not self.notes:
            return
        known, text = self.chance.choice(self.notes), os.urandom(160)
        kind = self.chance.choice(["progress", "privileged", known.kind])
        is_theirs = who == known.by and self.now < known.written_at + DAY
        assert may_change_note(who, known.note, at=self.now) is is_theirs
        allowed = is_theirs and (known.kind, kind) != ("privileged", "progress")
        allowed = allowed and (kind == "progress" or self.is_told(known.case))
        rows = Note.objects.filter(pk=known.note.pk)
        if self.tries(allowed, lambda: rows.update(text=text, kind=kind)):
            known.text, known.kind = text, kind

    def add(self, who: User) -> None:
        if not self.notes:
            return
        known, text = self.chance.choice(self.notes), os.urandom(160)
        Addendum.objects.create(agency_id=known.note.agency_id, note=known.note, text=text)
        known.added.append((who, text))

    def rewrite(self, who: User) -> None:
        """Whatever would make it another note, another hour, another order, or nothing."""
        if not self.notes:
            return
        known = max(self.notes, key=lambda one: len(one.added))
        other = next(case for case in self.world.cases if case != known.case)
        rows, added = Note.objects.filter(pk=known.note.pk), Addendum.objects.filter(note=known.note)
        wrong: list[Callable[[], object]] = [
            lambda: rows.update(locks_at=self.now + 9 * DAY),
            lambda: rows.update(written_at=self.now + DAY),
            lambda: rows.update(case=other),
            lambda: rows.update(author=self.world.colleagues[known.by == self.world.colleagues[0]]),
            lambda: rows.delete(),
        ]
        if known.added and self.chance.random() < 0.6:
            wrong = [lambda: added.update(text=b"other"), lambda: added.update(number=9), lambda: added.delete()]
        self.tries(False, self.chance.choice(wrong))

    def look(self) -> None:
        assert Note.objects.count() == len(self.notes)
        for known in self.notes:
            row = Note.objects.get(pk=known.note.pk)
            assert (bytes(row.text), row.kind, row.author_id, row.case_id) == (
                known.text, known.kind, known.by.pk, known.case.pk,
            )  # fmt: skip
            added = Addendum.objects.filter(note=row).order_by("number")
            found = [(one.number, one.author_id, bytes(one.text)) for one in added]
            assert found == [(number, by.pk, text) for number, (by, text) in enumerate(known.added, start=1)]


RULES = (
    ("cases_note", "a_rules"),
    ("cases_note", "kept"),
    ("cases_addendum", "a_rules"),
    ("cases_addendum", "final"),
)


def test_a_note_is_its_writer_s_for_24_hours_at_any_hour(committed_db: str, owner: Owner) -> None:
    movable_clock(owner)
    world = World()
    tell(world.story, stories=40, seed=1)
    for rule in RULES:
        with without(owner, *rule):
            must_fail(world.story)
    # A day that is counted on the wall is 23 or 25 hours long twice a year.
    reword(owner, "p.proname = 'cases_note_rules'", "interval '24 hours'", "interval '1 day'")
    must_fail(world.story)


@pytest.mark.nightly
def test_ten_thousand_histories_of_notes(committed_db: str, owner: Owner) -> None:
    movable_clock(owner)
    tell(World().story, stories=NIGHT)
