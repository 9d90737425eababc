"""Random releases, clocks, days on which the clock changes, merges and revocations: what goes is what a plain model says.

The model (tests/waymark/consent/stories.py) knows no database. The database is asked the same questions.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.accounts import AgencyFactory
from tests.factories.care import a_need, a_service
from tests.factories.consent import a_draft, permit_for, signed
from tests.factories.disclosures import acting, agency_with_member
from tests.factories.people import a_case, a_person
from tests.waymark.consent.stories import (
    MOST,
    QUESTIONS,
    STORIES,
    Add,
    Expire,
    Known,
    Merge,
    Model,
    Question,
    Sign,
    Stop,
    Widen,
    Withdraw,
    at_first,
)

from waymark.care.models import Need, Service
from waymark.consent.actions import record_disclosure
from waymark.consent.models import Release, ReleaseRecord
from waymark.consent.policies import LONGEST_DAYS, end_of, trouble_of
from waymark.disclosures.models import Permit
from waymark.people.models import Person

ZONE = ZoneInfo("America/Los_Angeles")
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


class World:
    """An agency, two files of one person, two recipients."""

    def __init__(self) -> None:
        self.agency, self.by = agency_with_member()
        with acting(self.by):
            self.people = [a_person(self.agency, self.by, age_band="25-59") for _ in range(2)]
            self.recipients = [AgencyFactory(name=f"Recipient {number} (invented)") for number in range(2)]
            self.cases = [a_case(self.agency, self.by, person=person) for person in self.people]
            self.at_first = {key: [self._record(*key) for _ in stands] for key, stands in at_first().items()}
        self.records = self.at_first

    def _record(self, file: int, scope: str) -> Need | Service:
        return (a_need if scope == "care.needs" else a_service)(self.cases[file], self.by)

    def codes(self, records: set[tuple[str, int, int]]) -> list[str]:
        return [f"{scope}:{self.records[file, scope][number].pk}" for scope, file, number in records]

    def tell(self, story: list[Any]) -> tuple[Model, list[Release], dt.datetime]:
        """Live through a story, in the database and in the model."""
        now = timezone.now()
        model, written = Model(), []
        self.records = {key: list(rows) for key, rows in self.at_first.items()}
        for step, deed in enumerate(story, start=1):
            if isinstance(deed, Sign):
                named = {
                    scope: frozenset(one for one in numbers if model.is_there(deed.file, scope, one))
                    for scope, numbers in deed.named.items()
                }
                written.append(self._sign(deed, now, named))
                model.releases.append(Known(deed, step, named=named))
            elif isinstance(deed, Add | Withdraw):
                self._change_file(model, deed)
            elif isinstance(deed, Widen):
                if written:
                    self._cannot_widen(written[deed.which % len(written)], deed)
            elif isinstance(deed, Merge):
                self._merge(model, step)
            elif written:
                self._end(model.releases[deed.which % len(written)], written[deed.which % len(written)], deed, step)
        return model, written, now

    def _change_file(self, model: Model, deed: Add | Withdraw) -> None:
        stands, rows = model.stands[deed.file, deed.scope], self.records[deed.file, deed.scope]
        if isinstance(deed, Add):
            if len(stands) < MOST:
                stands.append(True)
                rows.append(self._record(deed.file, deed.scope))
        elif model.is_there(deed.file, deed.scope, deed.number):
            stands[deed.number] = False
            held = type(rows[deed.number])._default_manager.filter(pk=rows[deed.number].pk)
            held.update(**({"state": "dropped"} if deed.scope == "care.needs" else {"voided_at": timezone.now()}))

    def _cannot_widen(self, release: Release, deed: Widen) -> None:
        """Past every page: after the signature no record is added, none is taken off, and nothing becomes whole."""
        file = self.people.index(next(one for one in self.people if one.pk == release.person_id))
        rows = self.records[file, deed.scope]
        more = ReleaseRecord(
            agency=self.agency,
            release=release,
            scope=deed.scope,
            record=rows[deed.number % len(rows)].pk,
            on=timezone.localdate(),
        )
        held = Release.objects.filter(pk=release.pk)
        acts: list[Callable[[], Any]] = [lambda: more.save(force_insert=True)]
        if release.by_record:
            acts += [lambda: held.update(by_record=[])]
        if release.records.exists():
            acts += [lambda: ReleaseRecord.objects.filter(release=release).delete()]
        for act in acts:
            with pytest.raises(DatabaseError), transaction.atomic():
                act()

    def _sign(self, deed: Sign, now: dt.datetime, named: dict[str, frozenset[int]]) -> Release:
        release = signed(
            a_draft(
                self.people[deed.file],
                self.recipients[deed.recipient],
                code=f"story-{next(NUMBERS)}",
                scopes=sorted(deed.scopes),
                purpose=deed.purpose,
                starts_at=now + deed.starts * HOUR,
                ends_at=now + (deed.starts + deed.lasts) * HOUR,
                named={scope: [self.records[deed.file, scope][one] for one in named[scope]] for scope in named},
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
            goes = world.codes(model.goes(model.releases[question.which % len(written)], question))
            at = now + (question.hours + 0.5) * HOUR
            found = trouble_of(release, fields=question.fields, at=at, records=goes)
            assert (found is None) == model.lets_go(question), (found, story, question)
            at_once = replace(question, hours=0)
            assert _is_written(world, release, at_once, goes) == model.lets_go(at_once)
        transaction.set_rollback(True)


def _is_written(world: World, release: Release, question: Question, records: list[str]) -> bool:
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
                records=records,
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
