"""What a release needs before anything is shared, that its end is final, and that the ledger stays: random releases with
parts missing, moved in any order by any program at any hour, beside a plain model."""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from tests.factories.accounts import AgencyFactory
from tests.factories.disclosures import acting, agency_with_member
from tests.factories.people import a_person
from tests.plugins.histories import (
    NIGHT,
    Owner,
    at,
    movable_clock,
    must_fail,
    some_moment,
    tell,
    without,
    without_constraint,
)

from waymark.consent.actions import record_disclosure
from waymark.consent.formats.scopes import CODES
from waymark.consent.models import Disclosure, Release, Signer
from waymark.disclosures.models import Permit

HOUR = dt.timedelta(hours=1)
YEAR = 365 * 24 * HOUR
SOME = CODES[:3]
OVER = {"expired", "revoked", "superseded"}


@dataclass
class Known:
    """What the model remembers of one release."""

    row: Release
    starts: dt.datetime
    ends: dt.datetime
    scopes: frozenset[str]
    recipient: int
    alternatives: bool
    signer: bool
    follows: Known | None
    state: str = "draft"
    evidence: str = ""
    lines: list[Any] = field(default_factory=list)


class World:
    """An agency, two people, two recipients."""

    def __init__(self) -> None:
        self.agency, self.by = agency_with_member()
        with acting(self.by):
            self.people = [a_person(self.agency, self.by, age_band="25-59") for _ in range(2)]
            self.recipients = [AgencyFactory(name=f"Recipient {number} (invented)") for number in range(2)]

    def story(self, chance: random.Random) -> None:
        with acting(self.by):
            Story(self, chance).live()


class Story:
    def __init__(self, world: World, chance: random.Random) -> None:
        self.world, self.chance, self.now = world, chance, some_moment(chance)
        self.known: list[Known] = []
        self.codes = 0
        # Some stories are told with care and come far; in others much goes wrong.
        self.slips = chance.choice([0.02, 0.3])

    def live(self) -> None:
        deeds = (self.sign, self.sign, self.begin, self.begin, self.stop, self.expire, self.follow, self.use, self.use)
        deeds += (self.rewrite, self.rewrite, self.stop, self.stop)
        for _ in range(self.chance.randint(4, 10)):
            self.now += self.chance.choice([dt.timedelta(0), HOUR, 23 * HOUR, 30 * 24 * HOUR])
            at(self.now)
            if not self.known or self.chance.random() < 0.2:
                self.draft()
            else:
                # Most deeds are about the release that came farthest.
                one = max(self.known, key=lambda known: (known.state == "active", known.state == "signed"))
                one = one if self.chance.random() < 0.6 else self.chance.choice(self.known)
                self.chance.choice((*deeds, self.delete))(one)
        self.look()

    def some(self, right: Any, *wrong: Any) -> Any:
        return self.chance.choice(wrong) if self.chance.random() < self.slips else right

    def tries(self, expected: bool, act: Callable[[], object]) -> bool:
        try:
            with transaction.atomic():
                act()
        except (IntegrityError, ProgrammingError) as error:
            done, why = False, str(error)
        else:
            done, why = True, "done"
        assert done is expected, why
        return done

    def draft(self) -> None:
        """A part may be missing: the list, the end, the recipient, the other ways."""
        chance = self.chance
        starts = self.now + chance.choice([-HOUR, dt.timedelta(0), HOUR])
        ends = starts + self.some(
            chance.choice([HOUR, 25 * HOUR, 40 * 24 * HOUR, YEAR]), -HOUR, dt.timedelta(0), YEAR + HOUR
        )
        scopes = frozenset(self.some(SOME[:2], [], SOME[:1], SOME, ["all"], [*SOME, "*"]))
        recipient = self.some(0, 1, None)
        before = chance.choice(self.known) if self.known and chance.random() < 0.3 else None
        self.codes += 1
        made: list[Release] = []
        values: dict[str, Any] = {
            "agency_id": self.world.agency.pk,
            "person": self.world.people[0],
            "recipient": self.world.agency if recipient is None else self.world.recipients[recipient],
            "code": f"story-{self.codes}",
            "purpose": "housing",
            "scopes": sorted(scopes),
            "starts_at": starts,
            "ends_at": ends,
            "text_version": "t",
            "alternatives": self.some(["wait"], []),
            "interpreter": "none",
            "sealed": b"x",
            "follows": before.row if before is not None else None,
        }
        begins = self.some("draft", "active")
        allowed = bool(scopes) and scopes <= set(CODES) and recipient is not None and starts < ends <= starts + YEAR
        allowed = allowed and begins == "draft"
        if not self.tries(allowed, lambda: made.append(Release.objects.create(**values, state=begins))):
            return
        signer = self.some(True, False)
        if signer:
            Signer.objects.create(agency=self.world.agency, release=made[0], person=self.world.people[0], capacity="self")
        assert recipient is not None
        self.known.append(Known(made[0], starts, ends, scopes, recipient, bool(values["alternatives"]), signer, before))

    def moves(self, one: Known, allowed: bool, **changes: Any) -> bool:
        done = self.tries(allowed, lambda: Release.objects.filter(pk=one.row.pk).update(**changes))
        if done:
            one.state = changes["state"]
        return done

    def sign(self, one: Known) -> None:
        evidence = self.some(self.chance.choice(["paper", "seen"]), "")
        told = self.some(self.now, self.now - HOUR, self.now + HOUR, None)
        allowed = one.state == "draft" and bool(evidence) and told is not None and told <= self.now
        allowed = allowed and one.signer and one.alternatives
        if self.moves(one, allowed, state="signed", evidence=evidence, told_at=told):
            one.evidence = evidence

    def begin(self, one: Known) -> None:
        chance, values = self.chance, {"purpose": "housing", "fields": sorted(one.scopes)}
        values |= {"starts_at": one.starts, "ends_at": one.ends, "recipient": self.world.recipients[one.recipient]}
        right = self.some(True, False)
        if not right:
            wrong: dict[str, Any] = {
                "purpose": "legal",
                "fields": [*sorted(one.scopes), CODES[5]],
                "starts_at": one.starts - HOUR,
                "ends_at": one.ends + HOUR,
                "recipient": self.world.recipients[1 - one.recipient],
            }
            which = chance.choice(sorted(wrong))
            values[which] = wrong[which]
        permit: Permit | None = None
        if self.some(True, False):
            permit = Permit.objects.create(agency=self.world.agency, **values)
        allowed = one.state == "signed" and right and permit is not None
        self.moves(one, allowed, state="active", permit=permit)

    def stop(self, one: Known) -> None:
        changes: dict[str, Any] = {"state": "revoked", "ended_why": "asked", "ended_at": self.now}
        with_permit = self.chance.random() < 0.6
        permit = Release.objects.get(pk=one.row.pk).permit_id

        def act() -> None:
            Release.objects.filter(pk=one.row.pk).update(**changes)
            if with_permit:
                Permit.objects.filter(pk=permit).update(revoked_at=self.now)
            self.commit()

        if self.tries(one.state == "signed" or (one.state == "active" and with_permit), act):
            one.state = "revoked"

    def commit(self) -> None:
        """What waits for the end of the transaction is judged now."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def expire(self, one: Known) -> None:
        allowed = one.state == "active" and self.now >= one.ends
        self.moves(one, allowed, state="expired", ended_why="last_day", ended_at=self.now)

    def follow(self, one: Known) -> None:
        allowed = one.state == "active" and any(other.follows is one and other.state == "active" for other in self.known)
        self.moves(one, allowed, state="superseded", ended_why="followed", ended_at=self.now)

    def use(self, one: Known) -> None:
        """A line of the ledger, before something leaves."""
        fields, recipient = self.chance.sample(SOME, self.chance.randint(1, 2)), self.chance.choice([0, 0, 1])
        allowed = one.state == "active" and one.starts <= self.now < one.ends and set(fields) <= one.scopes
        # Of one file: no other file says anything stricter.
        allowed = allowed and recipient == one.recipient
        written: list[Disclosure] = []
        if self.tries(
            allowed,
            lambda: written.append(
                record_disclosure(
                    by=self.world.by,
                    person=self.world.people[0],
                    basis="release",
                    method="package",
                    fields=sorted(fields),
                    recipient=self.world.recipients[recipient],
                    content_hash=os.urandom(32),
                    release=one.row,
                )
            ),
        ):
            one.lines.append(written[0].pk)

    def delete(self, one: Known) -> None:
        """A draft goes without a trace; what was signed stays, and with it every line."""
        is_followed = any(other.follows is one for other in self.known)
        allowed = one.state == "draft" and not is_followed
        if self.tries(allowed, lambda: (Release.objects.get(pk=one.row.pk).delete(), self.commit())):
            self.known.remove(one)

    def rewrite(self, one: Known) -> None:
        """Whatever would make it another word than the one that was signed, or the ledger another story."""
        if one.state == "draft":
            return
        rows, lines = Release.objects.filter(pk=one.row.pk), Disclosure.objects.filter(release=one.row)
        wrong: list[Callable[[], object]] = [
            lambda: rows.update(ends_at=one.ends + HOUR),
            lambda: rows.update(scopes=[*one.scopes, CODES[6]]),
            lambda: rows.update(recipient=self.world.recipients[1 - one.recipient]),
            lambda: rows.update(person=self.world.people[1]),
            lambda: rows.update(state="draft"),
            lambda: Signer.objects.filter(release=one.row).delete(),
            lambda: Signer.objects.create(
                agency=self.world.agency, release=one.row, person=self.world.people[1], capacity="self"
            ),
        ]
        if one.state in OVER:
            wrong += [
                lambda state=state: rows.update(state=state) for state in ("signed", "active", *sorted(OVER - {one.state}))
            ]  # type: ignore[misc]
            wrong += [lambda: rows.update(ended_at=None, ended_why="", state="active")] * 2
        if one.lines:
            wrong += [
                lambda: lines.delete(),
                lambda: lines.update(fields=["person.name"]),
                lambda: lines.update(release=None),
            ]
        self.tries(False, self.chance.choice(wrong))

    def look(self) -> None:
        rows = {row.pk: row for row in Release.objects.prefetch_related("signers")}
        assert set(rows) == {one.row.pk for one in self.known}
        for one in self.known:
            row = rows[one.row.pk]
            assert row.state == one.state
            assert (frozenset(row.scopes), row.starts_at, row.ends_at) == (one.scopes, one.starts, one.ends)
            lines = set(Disclosure.objects.filter(release=row).values_list("pk", flat=True))
            assert lines == set(one.lines), "what was disclosed stays, whatever became of the release"
            if row.state not in {"draft", "signed"}:
                assert row.evidence
                assert row.told_at is not None
                assert row.scopes
                assert row.alternatives
                assert len(row.signers.all()) == 1
                assert row.state == "revoked" or row.permit_id is not None


RULES = (
    ("consent_release", "a_rules"),
    ("consent_release", "z_together"),
    ("consent_signer", "a_rules"),
    ("consent_disclosure", "a_rules"),
)
CONSTRAINTS = ("nothing_is_signed_without_evidence_and_words_told", "release_names_known_scopes")


def test_nothing_is_shared_without_its_parts_and_an_end_is_final(committed_db: str, owner: Owner) -> None:
    movable_clock(owner)
    world = World()
    tell(world.story, stories=40, seed=1)
    for rule in RULES:
        with without(owner, *rule):
            must_fail(world.story)
    for name in CONSTRAINTS:
        with without_constraint(owner, "consent_release", name):
            must_fail(world.story)


@pytest.mark.nightly
def test_ten_thousand_histories_of_releases(committed_db: str, owner: Owner) -> None:
    movable_clock(owner)
    tell(World().story, stories=NIGHT)
