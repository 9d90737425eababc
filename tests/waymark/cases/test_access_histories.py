"""Grants, denials, and files put together and taken apart, in any order and over months, beside a plain model.

The deny list beats every grant; who must not see one file of a person sees none of them; both files keep their histories,
and what was put together comes apart for thirty days.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories.people import opened_case
from tests.factories.vault import Person as Member
from tests.factories.vault import founded_agency, let_in
from tests.plugins.histories import NIGHT, Owner, must_fail, tell, without

from waymark.accounts.models import AgencyKind
from waymark.cases.actions.access import deny, lift_denial, release_case, restrict_case
from waymark.cases.actions.moves import plan_case
from waymark.cases.models import Case
from waymark.cases.policies import visible as visible_cases
from waymark.people.actions.merging import merge_person, split_person
from waymark.people.models import Denial, NamedReader, Person
from waymark.people.policies import Refused, visible
from waymark.sealing.errors import CannotOpenError
from waymark.vault.actions import open_record
from waymark.vault.models import MemberKey, RecordKey, WrappedKey
from waymark.vault.selectors import OpenVault

BEGIN = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
MONTH = dt.timedelta(days=30)


@dataclass
class File:
    """What the model remembers of one file and its case."""

    worker: int
    denied: set[int] = field(default_factory=set)
    kept_to: set[int] | None = None
    into: int | None = None
    since: dt.datetime | None = None

    def is_open_to(self, who: int) -> bool:
        return who not in self.denied and (self.kept_to is None or who in self.kept_to)


class World:
    """Four colleagues with open vaults, and four people with a case each."""

    def __init__(self) -> None:
        first = let_in(founder := founded_agency(kind=AgencyKind.VICTIM_SERVICES))
        self.members: list[Member] = [first, *(let_in(founder) for _ in range(3))]
        self.vaults: list[OpenVault] = []
        for member in self.members:
            with member.acting():
                self.vaults.append(member.vault())
        self.cases = [opened_case(first) for _ in range(4)]
        with first.acting():
            self.keys = [MemberKey.objects.get(user=member.user) for member in self.members]

    def story(self, chance: random.Random) -> None:
        with time_machine.travel(BEGIN, tick=False) as clock:
            Story(self, chance, clock).live()


class Story:
    def __init__(self, world: World, chance: random.Random, clock: time_machine.Traveller) -> None:
        self.world, self.chance, self.clock = world, chance, clock
        self.files = [File(worker=0) for _ in world.cases]

    def live(self) -> None:
        deeds = (
            self.deny,
            self.deny,
            self.lift,
            self.restrict,
            self.release,
            self.merge,
            self.merge,
            self.split,
            self.give,
        )
        for _ in range(self.chance.randint(3, 8)):
            self.clock.shift(self.chance.choice([dt.timedelta(0), dt.timedelta(hours=1), MONTH, dt.timedelta(seconds=1)]))
            which = self.chance.randrange(len(self.files))
            able = [number for number in range(len(self.world.members)) if self.files[which].is_open_to(number)]
            if able:
                by = self.chance.choice(able)
                with self.world.members[by].acting():
                    self.chance.choice(deeds)(which, by)
        for number, member in enumerate(self.world.members):
            with member.acting():
                self.look(number)
        with self.world.members[0].acting():
            self.force()

    def tries(self, expected: bool, act: Callable[[], object]) -> bool:
        try:
            with transaction.atomic():
                act()
        except (Refused, IntegrityError) as error:
            done, why = False, str(error)
        else:
            done, why = True, "done"
        assert done is expected, why
        return done

    def case(self, which: int) -> Case:
        return Case.objects.select_related("person").get(pk=self.world.cases[which].pk)

    def user(self, number: int) -> uuid.UUID:
        found: uuid.UUID = self.world.members[number].user.pk
        return found

    def group(self, which: int) -> list[int]:
        first = self.files[which].into
        first = which if first is None else first
        return [number for number, file in enumerate(self.files) if number == first or file.into == first]

    def deny(self, which: int, by: int) -> None:
        file, whom = self.files[which], self.chance.randrange(4)
        allowed = (
            whom != by and whom not in file.denied and all(self.files[one].worker != whom for one in self.group(which))
        )
        allowed = allowed and (file.kept_to is None or bool(file.kept_to - {whom}))
        vault, user = self.world.vaults[by], self.world.members[by].user
        case = self.case(which)
        if self.tries(allowed, lambda: deny(vault=vault, case=case, user=self.user(whom), reason="A conflict", by=user)):
            for one in self.group(which):
                self.files[one].denied.add(whom)
            if file.kept_to is not None:
                file.kept_to.discard(whom)

    def lift(self, which: int, by: int) -> None:
        case = self.case(which)
        denial = Denial.objects.filter(person=case.person, lifted_at__isnull=True).order_by("user").first()
        if denial is None:
            return
        lift_denial(vault=self.world.vaults[by], case=case, denial=denial, by=self.world.members[by].user)
        whom = next(number for number in range(4) if self.user(number) == denial.user_id)
        for one in self.group(which):
            self.files[one].denied.discard(whom)

    def restrict(self, which: int, by: int) -> None:
        file, to = self.files[which], {number for number in range(4) if self.chance.random() < 0.5} | {by}
        allowed = len(self.group(which)) == 1 and not to & file.denied and file.worker in to
        case, named = self.case(which), [self.user(number) for number in to]
        vault, user = self.world.vaults[by], self.world.members[by].user
        if self.tries(allowed, lambda: restrict_case(vault=vault, case=case, to=named, by=user)):
            file.kept_to = to

    def release(self, which: int, by: int) -> None:
        vault, user, case = self.world.vaults[by], self.world.members[by].user, self.case(which)
        if self.tries(self.files[which].kept_to is not None, lambda: release_case(vault=vault, case=case, by=user)):
            self.files[which].kept_to = None

    def merge(self, which: int, by: int) -> None:
        into = self.chance.randrange(4)
        one, other = self.files[which], self.files[into]
        if not other.is_open_to(by):
            return
        allowed = which != into and one.into is None and other.into is None and len(self.group(which)) == 1
        allowed = allowed and one.kept_to is None and other.kept_to is None
        people = self.case(which).person, self.case(into).person
        vault, user = self.world.vaults[by], self.world.members[by].user
        if self.tries(allowed, lambda: merge_person(vault=vault, person=people[0], into=people[1], by=user)):
            one.into, one.since = into, timezone.now()
            together = set().union(*(self.files[number].denied for number in self.group(into)))
            for number in self.group(into):
                self.files[number].denied |= together

    def split(self, which: int, by: int) -> None:
        file, person = self.files[which], self.case(which).person
        allowed = file.since is not None and timezone.now() <= file.since + MONTH
        vault, user = self.world.vaults[by], self.world.members[by].user
        if self.tries(allowed, lambda: split_person(vault=vault, person=person, by=user)):
            file.into = file.since = None

    def give(self, which: int, by: int) -> None:
        file, to = self.files[which], self.chance.randrange(4)
        case, user = self.case(which), self.world.members[by].user
        # Whoever has it keeps it, also while they are denied: it can be taken from them.
        if self.tries(
            to == file.worker or file.is_open_to(to),
            lambda: plan_case(case=case, worker=self.user(to), due_on=None, by=user),
        ):
            file.worker = to

    def look(self, number: int) -> None:
        """One colleague's view, in the lists and in the keys."""
        user, vault = self.world.members[number].user, self.world.vaults[number]
        people = set(visible(Person.objects.all(), to=user).values_list("pk", flat=True))
        cases = set(visible_cases(Case.objects.all(), to=user).values_list("pk", flat=True))
        for file, case in zip(self.files, self.world.cases, strict=True):
            assert (case.person_id in people) is (case.pk in cases) is file.is_open_to(number)
            if file.kept_to is None:
                continue
            opened = False
            with suppress(CannotOpenError):
                open_record(vault=vault, kind="case", record=case.pk)
                opened = True
            assert opened is (number in file.kept_to), "the key says what the list says"

    def force(self) -> None:
        """Whatever program writes: who is denied is named nowhere and gets no key; nothing of a history is gone."""
        for which, (file, known) in enumerate(zip(self.files, self.world.cases, strict=True)):
            case = self.case(which)
            assert case.worker_id == self.user(file.worker)
            assert (case.person.merged_into_id, case.person.code) == (
                None if file.into is None else self.world.cases[file.into].person_id,
                known.person.code,
            )
            readers = set(NamedReader.objects.filter(person=case.person).values_list("user", flat=True))
            assert readers == {self.user(number) for number in file.kept_to or ()}
            for number in file.denied:
                self.tries(False, lambda n=number, c=case: self.name(c, n))  # type: ignore[misc]
                self.tries(False, lambda n=number, c=case: self.wrap("person", c.person_id, n))  # type: ignore[misc]
                self.tries(False, lambda n=number, c=case: self.wrap("case", c.pk, n))  # type: ignore[misc]
                if number != file.worker:
                    rows = Case.objects.filter(pk=case.pk)
                    self.tries(False, lambda n=number, r=rows: r.update(worker=self.user(n)))  # type: ignore[misc]

    def name(self, case: Case, number: int) -> None:
        NamedReader.objects.create(agency_id=case.agency_id, person_id=case.person_id, user_id=self.user(number))

    def wrap(self, kind: str, record: uuid.UUID, number: int) -> None:
        row = RecordKey.objects.get(kind=kind, record=record)
        member = self.world.keys[number]
        WrappedKey.objects.create(agency_id=row.agency_id, record_key=row, member=member, number=1, wrapped=b"x" * 60)


RULES = (
    ("people_namedreader", "denied"),
    ("people_denial", "taken"),
    ("vault_wrappedkey", "denied_person"),
    ("vault_wrappedkey", "denied_case"),
    ("cases_case", "a_rules"),
)


def test_deny_beats_every_grant_whatever_is_put_together_or_taken_apart(committed_db: str, owner: Owner) -> None:
    world = World()
    tell(world.story, stories=25, seed=1)
    for rule in RULES:
        with without(owner, *rule):
            must_fail(world.story)


@pytest.mark.nightly
def test_ten_thousand_histories_of_access(committed_db: str) -> None:
    tell(World().story, stories=NIGHT)
