"""Random releases, clocks, days on which the clock changes, merges and revocations: what goes is what a plain model says.

The model below knows no database: a release lets go what it names, to whom it names, from its begin to the end of its last
day, while nobody stopped it and no other file of the same person is stricter. The database is asked the same question.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.accounts import AgencyFactory
from tests.factories.consent import a_draft, permit_for, signed
from tests.factories.disclosures import acting, agency_with_member
from tests.factories.people import a_person

from waymark.consent.actions import record_disclosure
from waymark.consent.formats.scopes import CODES
from waymark.consent.models import Release
from waymark.consent.policies import LONGEST_DAYS, end_of, trouble_of
from waymark.disclosures.models import Permit
from waymark.people.models import Person

ZONE = ZoneInfo("America/Los_Angeles")
SOME = CODES[:4]
HOUR = dt.timedelta(hours=1)


@given(
    begun=st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2028, 1, 1), timezones=st.just(dt.UTC)),
    days=st.integers(0, LONGEST_DAYS),
)
@settings(max_examples=400, deadline=None)
def test_a_last_day_ends_at_midnight_on_the_wall_and_never_after_a_year(begun: dt.datetime, days: int) -> None:
    """Also on the two days a year that have 23 and 25 hours, a second before and a second after."""
    last_day = begun.astimezone(ZONE).date() + dt.timedelta(days=days)
    end = end_of(last_day, begun, ZONE)
    assert begun < end <= begun + dt.timedelta(days=LONGEST_DAYS)
    before = (end - dt.timedelta(seconds=1)).astimezone(ZONE)
    assert before.date() <= last_day
    if end < begun + dt.timedelta(days=LONGEST_DAYS):
        assert before.date() == last_day
        assert (end + dt.timedelta(seconds=1)).astimezone(ZONE).date() == last_day + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "hours"), [(dt.date(2026, 3, 8), 23), (dt.date(2026, 11, 1), 25), (dt.date(2026, 11, 22), 24)]
)
def test_days_on_which_the_clock_changes(day: dt.date, hours: int) -> None:
    begun = dt.datetime.combine(day, dt.time(), tzinfo=ZONE).astimezone(dt.UTC)
    assert end_of(day, begun, ZONE) - begun == dt.timedelta(hours=hours)


@dataclass(frozen=True)
class Sign:
    """Somebody signs: which of two files, what, for whom, and from when to when, in hours around now."""

    file: int
    scopes: frozenset[str]
    recipient: int
    purpose: str
    starts: int
    lasts: int


@dataclass(frozen=True)
class Stop:
    """They say stop to one of the releases that there are."""

    which: int


@dataclass(frozen=True)
class Expire:
    """The job writes the end of one down, if its last day is over."""

    which: int


@dataclass(frozen=True)
class Merge:
    """The two files turn out to be one person's, or two people's again."""


@dataclass(frozen=True)
class Question:
    """May these fields go to this recipient under that release, so many hours and a half from now?"""

    which: int
    fields: frozenset[str]
    recipient: int
    hours: int


SIGNS = st.builds(
    Sign,
    file=st.integers(0, 1),
    scopes=st.frozensets(st.sampled_from(SOME), min_size=1),
    recipient=st.integers(0, 1),
    purpose=st.sampled_from(["housing", "legal"]),
    starts=st.integers(-48, 12),
    lasts=st.integers(1, 90),
)
WHICH = st.integers(0, 5)
STORIES = st.lists(
    st.one_of(SIGNS, SIGNS, SIGNS, st.builds(Stop, WHICH), st.builds(Expire, WHICH), st.just(Merge())),
    min_size=1,
    max_size=9,
)
QUESTIONS = st.builds(
    Question,
    which=WHICH,
    fields=st.frozensets(st.sampled_from(SOME), max_size=3),
    recipient=st.integers(0, 1),
    hours=st.integers(-60, 90),
)


@dataclass
class Known:
    """What the model remembers of one release; moments are the numbers of the story's steps."""

    said: Sign
    signed: int
    state: str = "active"
    ended: int = 0


@dataclass
class Model:
    """Who said what in which order, and nothing of a database."""

    releases: list[Known] = field(default_factory=list)
    merged: int | None = None

    def lets_go(self, question: Question) -> bool:
        if not self.releases:
            return False
        one = self.releases[question.which % len(self.releases)]
        at = question.hours + 0.5
        ends = one.said.starts + one.said.lasts
        if one.state != "active" or question.recipient != one.said.recipient:
            return False
        if not question.fields or not question.fields <= one.said.scopes or not one.said.starts <= at < ends:
            return False
        return not any(self._is_stricter(other, one, question, at) for other in self.releases)

    def _is_stricter(self, other: Known, one: Known, question: Question, at: float) -> bool:
        """Whether a release of the other file says less, or stop."""
        if self.merged is None or other.said.file == one.said.file or other.said.recipient != one.said.recipient:
            return False
        if other.state == "revoked":
            return one.signed < max(self.merged, other.ended)
        both_before = other.signed < self.merged and one.signed < self.merged
        ends = other.said.starts + other.said.lasts
        # The story is told within a second: what ended in an earlier hour was over when the files became one.
        if not both_before or other.said.purpose != one.said.purpose or ends <= 0:
            return False
        return not question.fields <= other.said.scopes or not other.said.starts <= at < ends


class World:
    """An agency, two files of one person, two recipients."""

    def __init__(self) -> None:
        self.agency, self.by = agency_with_member()
        with acting(self.by):
            self.people = [a_person(self.agency, self.by, age_band="25-59") for _ in range(2)]
            self.recipients = [AgencyFactory(name=f"Recipient {number} (invented)") for number in range(2)]

    def tell(self, story: list[Any]) -> tuple[Model, list[Release], dt.datetime]:
        """Live through a story, in the database and in the model."""
        now = timezone.now()
        model, written = Model(), []
        for step, deed in enumerate(story, start=1):
            if isinstance(deed, Sign):
                written.append(self._sign(deed, now))
                model.releases.append(Known(deed, step))
            elif isinstance(deed, Merge):
                self._merge(model, step)
            elif written:
                self._end(model.releases[deed.which % len(written)], written[deed.which % len(written)], deed, step)
        return model, written, now

    def _sign(self, deed: Sign, now: dt.datetime) -> Release:
        release = signed(
            a_draft(
                self.people[deed.file],
                self.recipients[deed.recipient],
                code=f"story-{next(NUMBERS)}",
                scopes=sorted(deed.scopes),
                purpose=deed.purpose,
                starts_at=now + deed.starts * HOUR,
                ends_at=now + (deed.starts + deed.lasts) * HOUR,
            )
        )
        release.state, release.permit = Release.State.ACTIVE, permit_for(release)
        release.save(update_fields=["state", "permit"])
        return release

    def _merge(self, model: Model, step: int) -> None:
        model.merged = step if model.merged is None else None
        one, other = self.people
        Person.objects.filter(pk=one.pk).update(
            merged_into=other if model.merged else None, merged_at=timezone.now() if model.merged else None
        )

    def _end(self, known: Known, release: Release, deed: Stop | Expire, step: int) -> None:
        if known.state != "active":
            return
        held = Release.objects.filter(pk=release.pk)
        if isinstance(deed, Stop):
            Permit.objects.filter(pk=release.permit_id).update(revoked_at=timezone.now())
            held.update(state="revoked", ended_why="asked", ended_at=timezone.now())
            known.state, known.ended = "revoked", step
        elif known.said.starts + known.said.lasts <= 0:
            held.update(state="expired", ended_why="last_day", ended_at=timezone.now())
            known.state = "expired"


NUMBERS = itertools.count()


def check(world: World, story: list[Any], questions: list[Question]) -> None:
    """Every question is answered as by the model, and a line is written now only where the model lets it."""
    with transaction.atomic(), acting(world.by):
        model, written, now = world.tell(story)
        for question in questions:
            if not written:
                break
            release = written[question.which % len(written)]
            release.recipient = world.recipients[question.recipient]
            found = trouble_of(release, fields=question.fields, at=now + (question.hours + 0.5) * HOUR)
            assert (found is None) == model.lets_go(question), (found, story, question)
            at_once = Question(question.which, question.fields, question.recipient, 0)
            assert _is_written(world, release, at_once) == model.lets_go(at_once)
        transaction.set_rollback(True)


def _is_written(world: World, release: Release, question: Question) -> bool:
    """Whether the ledger takes a line. The half hour of the model's now is nothing: all ends are whole hours."""
    try:
        with transaction.atomic():
            record_disclosure(
                by=world.by,
                person=release.person,
                basis="release",
                method="package",
                fields=sorted(question.fields),
                recipient=release.recipient,
                content_hash=os.urandom(32),
                release=release,
            )
    except DatabaseError:
        return False
    return True


def _run(examples: int) -> None:
    world = World()

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(story=STORIES, questions=st.lists(QUESTIONS, min_size=1, max_size=3))
    def lives(story: list[Any], questions: list[Question]) -> None:
        check(world, story, questions)

    lives()


@pytest.mark.django_db
def test_random_stories_let_go_what_a_plain_model_lets_go() -> None:
    _run(60)


@pytest.mark.nightly
@pytest.mark.django_db
def test_ten_thousand_random_stories() -> None:
    _run(10_000)
