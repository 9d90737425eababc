"""Marks of substance-use records, set and taken away while files are put together and taken apart, beside a plain model.

The federal notice goes along wherever one of the files says so, or the agency is such a program, or a file does not open.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass

import pytest
from django.db import transaction
from tests.factories.accounts import AgencyFactory
from tests.factories.consent import a_draft
from tests.factories.people import opened_case
from tests.factories.vault import founded_agency, let_in
from tests.plugins.histories import NIGHT, tell

from waymark.accounts.models import Agency, AgencyKind
from waymark.consent.formats.terms import LAW, RELEASE
from waymark.consent.models import Release
from waymark.consent.selectors.terms import along_with
from waymark.people.actions.merging import merge_person, split_person
from waymark.people.actions.records import change_person
from waymark.people.models import Person
from waymark.people.policies import Refused


@dataclass
class File:
    """What the model remembers of one file."""

    mark: bool = False
    is_broken: bool = False
    into: int | None = None


class World:
    """Four files in one vault, with a release of each."""

    def __init__(self) -> None:
        self.member = let_in(founded_agency(kind=AgencyKind.VICTIM_SERVICES))
        self.people = [opened_case(self.member, name="Rosa Invented").person for _ in range(4)]
        recipient = AgencyFactory(name="Recipient (invented)")
        with self.member.acting():
            self.vault = self.member.vault()
            self.releases = [a_draft(person, recipient) for person in self.people]

    def story(self, chance: random.Random) -> None:
        files, is_program = [File() for _ in self.people], chance.random() < 0.1
        Agency.objects.filter(pk=self.people[0].agency_id).update(is_part_two=is_program)
        with self.member.acting():
            for _ in range(chance.randint(3, 7)):
                chance.choice((self.mark, self.mark, self.merge, self.merge, self.merge, self.split, self.spoil))(
                    chance, files
                )
            for number, release in enumerate(self.releases):
                root = number if files[number].into is None else files[number].into
                group = [file for at, file in enumerate(files) if root in (at, file.into)]
                goes = along_with(Release.objects.get(pk=release.pk), vault=self.vault)
                assert RELEASE in goes
                asked = is_program or any(file.mark or file.is_broken for file in group)
                assert (LAW in goes) is asked, (number, files)

    def person(self, number: int) -> Person:
        return Person.objects.get(pk=self.people[number].pk)

    def mark(self, chance: random.Random, files: list[File]) -> None:
        number, mark = chance.randrange(4), chance.random() < 0.5
        facts = {"is_part_two": True} if mark else {}
        change_person(
            vault=self.vault,
            person=self.person(number),
            name="Rosa Invented",
            facts=facts,
            age_band="25-59",
            by=self.member.user,
        )
        files[number].mark, files[number].is_broken = mark, False

    def merge(self, chance: random.Random, files: list[File]) -> None:
        one, other = chance.sample(range(4), 2)
        people = self.person(one), self.person(other)
        try:
            with transaction.atomic():
                merge_person(vault=self.vault, person=people[0], into=people[1], by=self.member.user)
        except Refused:
            return
        files[one].into = other

    def split(self, chance: random.Random, files: list[File]) -> None:
        together = [number for number, file in enumerate(files) if file.into is not None]
        if together:
            number = chance.choice(together)
            split_person(vault=self.vault, person=self.person(number), by=self.member.user)
            files[number].into = None

    def spoil(self, chance: random.Random, files: list[File]) -> None:
        """What nobody can read any more is not taken for a no."""
        if chance.random() < 0.3:
            number = chance.randrange(4)
            Person.objects.filter(pk=self.people[number].pk).update(facts=os.urandom(160))
            files[number].is_broken = True


def test_the_federal_notice_goes_along_with_any_file_of_a_person_that_asks_for_it(committed_db: str) -> None:
    tell(World().story, stories=14, seed=28)


@pytest.mark.nightly
def test_ten_thousand_histories_of_marks(committed_db: str) -> None:
    tell(World().story, stories=NIGHT)
