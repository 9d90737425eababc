"""Who signs, in random families whose ties, ages and words about harm change at any moment, beside a plain model.

Nobody signs for a grown-up; who is said to have hurt a child, or somebody who is with the child, never signs; somebody of
13 to 17 signs beside. What was signed counts only as long as every signature counts.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories.accounts import AgencyFactory
from tests.factories.consent import permit_for
from tests.factories.disclosures import acting, agency_with_member
from tests.factories.people import a_person
from tests.plugins.histories import NIGHT, Owner, must_fail, tell, without

from waymark.consent.models import Release, Signer
from waymark.consent.policies import signer_trouble, trouble_of
from waymark.people.models import Person, Relation

BANDS = ("0-12", "13-17", "18-24", "")
YOUNG = ("0-12", "13-17")
CAPACITIES = ("self", "minor", "for_child", "beside")
HOUR = dt.timedelta(hours=1)
NUMBERS = itertools.count()


@dataclass
class Family:
    """What the model knows: an age band, and what each is to each: may sign, is said to have hurt them."""

    band: str
    ties: dict[tuple[int, int], tuple[bool, bool]] = field(default_factory=dict)

    def counts(self, signer: int, capacity: str) -> bool:
        """Whether somebody's signature counts for the first of the family now."""
        if capacity != "for_child":
            return signer == 0
        around = {other for (who, other) in self.ties if who == 0}
        hurt = {who for (who, other), (_, is_said) in self.ties.items() if other == signer and is_said}
        return (
            signer != 0 and self.band in YOUNG and self.ties.get((0, signer), (False, False))[0] and not hurt & {0, *around}
        )

    def may_be_named(self, signer: int, capacity: str) -> bool:
        is_minor = self.band in YOUNG
        fits = {"self": not is_minor, "minor": is_minor, "beside": is_minor, "for_child": True}[capacity]
        return fits and self.counts(signer, capacity)

    def is_enough(self, named: dict[int, str]) -> bool:
        """Whether these signatures make a release."""
        said = set(named.values())
        alone = bool(said & {"self", "minor"})
        for_child = "for_child" in said and (self.band != "13-17" or "beside" in said)
        return bool(named) and (alone or for_child) and all(self.counts(*one) for one in named.items())


class World:
    """A family of four files, and an agency that asks for something."""

    def __init__(self) -> None:
        self.agency, self.by = agency_with_member()
        with acting(self.by):
            self.people = [a_person(self.agency, self.by) for _ in range(4)]
            self.recipient = AgencyFactory(name="Recipient (invented)")

    def story(self, chance: random.Random) -> None:
        with acting(self.by):
            Story(self, chance).live()


class Story:
    def __init__(self, world: World, chance: random.Random) -> None:
        self.world, self.chance = world, chance
        self.family = Family(chance.choice(BANDS))
        self.named: dict[int, str] = {}
        self.state = "draft"

    def live(self) -> None:
        self.grow(self.family.band)
        now = timezone.now()
        self.release = Release.objects.create(
            agency=self.world.agency,
            person=self.world.people[0],
            recipient=self.world.recipient,
            code=f"story-{next(NUMBERS)}",
            purpose="housing",
            scopes=["person.name"],
            starts_at=now - HOUR,
            ends_at=now + HOUR,
            text_version="t",
            alternatives=["wait"],
            interpreter="none",
            sealed=b"x",
        )
        for _ in range(self.chance.randint(1, 4)):
            self.tie()
        for _ in range(self.chance.randint(3, 8)):
            self.chance.choice((self.tie, self.name, self.name, self.sign, self.age))()
            self.ask()

    def tries(self, expected: bool, act: Callable[[], object]) -> bool:
        try:
            with transaction.atomic():
                act()
        except IntegrityError as error:
            done, why = False, str(error)
        else:
            done, why = True, "done"
        assert done is expected, (why, self.family, self.named)
        return done

    def grow(self, band: str) -> None:
        Person.objects.filter(pk=self.world.people[0].pk).update(age_band=band)
        self.family.band = band

    def age(self) -> None:
        if self.chance.random() < 0.5:
            self.grow(self.chance.choice(BANDS))

    def tie(self) -> None:
        """Somebody becomes, is or is no more something to somebody; nobody is both who signs and who hurt."""
        who, other = self.chance.sample(range(4), 2)
        if self.chance.random() < 0.6:
            who, other = 0, self.chance.randint(1, 3)
        people = self.world.people
        rows = Relation.objects.filter(person=people[who], other=people[other])
        if self.chance.random() < 0.15:
            rows.delete()
            self.family.ties.pop((who, other), None)
            return
        may_sign, is_said = self.chance.choice([(True, False), (True, False), (False, True), (False, False), (True, True)])
        values = {"may_sign": may_sign, "is_alleged_abuser": is_said}
        is_known = (who, other) in self.family.ties

        def act() -> None:
            if is_known:
                rows.update(**values)
            else:
                of = {"agency": self.world.agency, "person": people[who], "other": people[other]}
                Relation.objects.create(**of, **values, sealed=b"x", made_by=self.world.by)

        if self.tries(not (may_sign and is_said), act):
            self.family.ties[who, other] = (may_sign, is_said)

    def name(self) -> None:
        signer, capacity = self.chance.choice([0, 0, 1, 2, 3]), self.chance.choice(CAPACITIES)
        person = Person.objects.get(pk=self.world.people[0].pk)
        if capacity != "beside":
            said = signer_trouble(person, self.world.people[signer].pk, capacity)
            assert (said is None) is self.family.may_be_named(signer, capacity), (said, self.family, signer, capacity)
        allowed = self.state == "draft" and signer not in self.named and self.family.may_be_named(signer, capacity)
        if self.tries(
            allowed,
            lambda: Signer.objects.create(
                agency=self.world.agency, release=self.release, person=self.world.people[signer], capacity=capacity
            ),
        ):
            self.named[signer] = capacity

    def sign(self) -> None:
        rows = Release.objects.filter(pk=self.release.pk)
        told = timezone.now() - HOUR
        allowed = self.state == "draft" and self.family.is_enough(self.named)
        if self.tries(allowed, lambda: rows.update(state="signed", evidence="paper", told_at=told)):
            self.release.refresh_from_db()
            rows.update(state="active", permit=permit_for(self.release))
            self.state = "active"

    def ask(self) -> None:
        """What was signed is judged again at every line."""
        if self.state == "draft":
            return
        self.release.refresh_from_db()
        found = trouble_of(self.release, fields=["person.name"], at=timezone.now())
        counts = all(self.family.counts(*one) for one in self.named.items())
        assert found == (None if counts else "release.signer"), (found, self.family, self.named)


RULES = (("consent_signer", "a_rules"), ("consent_signer", "b_beside_is_a_minor"), ("consent_release", "b_both_sign"))


def test_who_signs_in_any_family_is_whom_the_law_lets(committed_db: str, owner: Owner) -> None:
    world = World()
    tell(world.story, stories=60, seed=1)
    for rule in RULES:
        with without(owner, *rule):
            must_fail(world.story)
    owner("ALTER TABLE people_relation DROP CONSTRAINT an_alleged_abuser_never_signs")
    must_fail(world.story)


@pytest.mark.nightly
def test_ten_thousand_families(committed_db: str) -> None:
    tell(World().story, stories=NIGHT)
