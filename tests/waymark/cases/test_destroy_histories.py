"""Asking, refusing, holding, moving and destroying in any order, beside a plain model.

Of a destroyed case nothing opens and its tombstone stays; no other case loses its key, whatever program tries.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone
from tests.factories.people import a_request_to_destroy, opened_case
from tests.factories.vault import Person as Member
from tests.factories.vault import founded_agency, let_in
from tests.plugins.histories import NIGHT, Owner, must_fail, tell, without
from tests.waymark.cases.test_rules import moved

from waymark.accounts.models import AgencyKind
from waymark.cases.actions.keeping import (
    ask_to_destroy,
    destroy_case,
    hold_case,
    refuse_destruction,
    take_back_destruction,
)
from waymark.cases.actions.opening import Intake, open_case_for
from waymark.cases.models import MOVES, Case, CaseMove, DestructionRequest, Move, State
from waymark.people.policies import Refused
from waymark.sealing.errors import CannotOpenError
from waymark.vault.actions import lift_hold, open_record
from waymark.vault.models import RecordHold, RecordKey, WrappedKey
from waymark.vault.policies import Refused as VaultRefused
from waymark.vault.selectors import RecordGone


@dataclass
class Known:
    """What the model remembers of one case."""

    state: str = State.INQUIRY
    moves: int = 0
    held: bool = False
    # Who asked, and whether the person goes along.
    asked: tuple[Member, bool] | None = None


@dataclass
class Model:
    cases: list[Known] = field(default_factory=lambda: [Known(), Known()])
    is_person_gone: bool = False


class World:
    """Two officers and an advocate with open vaults, and somebody with two cases."""

    def __init__(self) -> None:
        first = founded_agency(kind=AgencyKind.VICTIM_SERVICES)
        self.officers = [first, let_in(first, "officer")]
        self.worker = let_in(first)
        self.first = opened_case(self.worker, asked_for="A bed tonight.")
        with self.worker.acting():
            self.vault = self.worker.vault()
            intake = Intake(page=uuid.uuid4())
            second = open_case_for(vault=self.vault, person=self.first.person, intake=intake, by=self.worker.user)
        self.cases = [self.first, second]

    def story(self, chance: random.Random) -> None:
        Story(self, chance).live()


class Story:
    def __init__(self, world: World, chance: random.Random) -> None:
        self.world, self.chance, self.model = world, chance, Model()

    def live(self) -> None:
        deeds = (self.move, self.move, self.ask, self.ask, self.take_back, self.refuse, self.destroy, self.destroy)
        for which, known in enumerate(self.model.cases):
            if self.chance.random() < 0.7:
                with self.world.worker.acting():
                    self.put_away(which, known)
        for _ in range(self.chance.randint(4, 9)):
            which = self.chance.randrange(2)
            self.chance.choice((*deeds, self.hold, self.lift))(which, self.model.cases[which])
        with self.world.worker.acting():
            for which, known in enumerate(self.model.cases):
                self.look(which, known)
                self.force(which, known)

    def tries(self, expected: bool, by: Member, act: Callable[[], object]) -> bool:
        try:
            with by.acting():
                act()
        except (Refused, VaultRefused, IntegrityError) as error:
            done, why = False, str(error)
        else:
            done, why = True, "done"
        assert done is expected, (why, self.model)
        return done

    def case(self, which: int) -> Case:
        return Case.objects.select_related("person").get(pk=self.world.cases[which].pk)

    def put_away(self, which: int, known: Known) -> None:
        for move in (Move.BEGIN_CLOSING, Move.CLOSE, Move.ARCHIVE):
            moved(self.world.cases[which], move)
            known.moves += 1
        known.state = State.ARCHIVED

    def move(self, which: int, known: Known) -> None:
        listed = [move for (state, move) in MOVES if state == known.state and move != Move.SHRED]
        move = self.chance.choice(listed if listed and self.chance.random() < 0.8 else list(Move))
        there = MOVES.get((known.state, move)) if move != Move.SHRED else None  # type: ignore[call-overload]
        if self.tries(there is not None, self.world.worker, lambda: moved(self.world.cases[which], move)):
            known.state, known.moves = there, known.moves + 1

    def ask(self, which: int, known: Known) -> None:
        by, along = self.world.worker, self.chance.random() < 0.5
        allowed = known.state == State.ARCHIVED and not known.held
        act = lambda: ask_to_destroy(case=self.case(which), why="asked", with_person=along, by=by.user)  # noqa: E731
        # Asking twice is asking once.
        if self.tries(allowed, by, act) and known.asked is None:
            known.asked = (by, along)

    def take_back(self, which: int, known: Known) -> None:
        by = self.world.worker
        if self.tries(known.asked is not None, by, lambda: take_back_destruction(case=self.case(which), by=by.user)):
            known.asked = None

    def waiting(self, which: int) -> uuid.UUID:
        with self.world.worker.acting():
            row = DestructionRequest.objects.filter(case=self.world.cases[which].pk, state="waiting").first()
        return row.pk if row is not None else uuid.uuid4()

    def refuse(self, which: int, known: Known) -> None:
        by, request = self.chance.choice(self.world.officers), self.waiting(which)
        if self.tries(known.asked is not None, by, lambda: refuse_destruction(request=request, by=by.user)):
            known.asked = None

    def destroy(self, which: int, known: Known) -> None:
        by, request = self.chance.choice([*self.world.officers, self.world.worker]), self.waiting(which)
        allowed = known.asked is not None and not known.held and by is not self.world.worker
        if self.tries(allowed, by, lambda: destroy_case(request=request, by=by.user)):
            assert known.asked is not None
            along = known.asked[1]
            known.state, known.moves, known.asked = State.SHREDDED, known.moves + 1, None
            if along and all(case.state == State.SHREDDED for case in self.model.cases):
                self.model.is_person_gone = True

    def hold(self, which: int, known: Known) -> None:
        by, alive = self.world.worker, known.state != State.SHREDDED
        if self.tries(alive, by, lambda: hold_case(case=self.case(which), why="audit", by=by.user)):
            known.held = True

    def lift(self, which: int, known: Known) -> None:
        by = self.chance.choice(self.world.officers)
        with by.acting():
            held = RecordHold.objects.filter(record_key__record=self.world.cases[which].pk, lifted_at__isnull=True).first()
        assert (held is not None) is known.held
        if held is not None:
            lift_by: Any = held.pk
            self.tries(False, self.world.worker, lambda: lift_hold(hold=lift_by, by=self.world.worker.user))
            self.tries(True, by, lambda: lift_hold(hold=lift_by, by=by.user))
            known.held = False

    def opens(self, kind: str, record: uuid.UUID) -> bool:
        try:
            open_record(vault=self.world.vault, kind=kind, record=record)
        except (RecordGone, CannotOpenError):
            return False
        return True

    def look(self, which: int, known: Known) -> None:
        case, is_gone = self.case(which), known.state == State.SHREDDED
        assert case.state == known.state
        assert CaseMove.objects.filter(case=case).count() == known.moves
        for kind, record, gone in (("case", case.pk, is_gone), ("person", case.person_id, self.model.is_person_gone)):
            row = RecordKey.objects.get(kind=kind, record=record)
            assert (row.shredded_at is not None) is gone, "the tombstone"
            assert WrappedKey.objects.filter(record_key=row).exists() is not gone
            assert self.opens(kind, record) is not gone
        done = DestructionRequest.objects.filter(case=case, state="done")
        assert done.count() == is_gone
        assert all(row.decided_by_id != row.asked_by_id for row in done)

    def force(self, which: int, known: Known) -> None:
        """Whatever program writes."""
        case, by = self.case(which), self.world.worker
        gone = {"shredded_at": timezone.now(), "shredded_by": by.user, "gone_on": "2027-01-01"}
        for kind, record in (("case", case.pk), ("person", case.person_id)):
            rows = RecordKey.objects.filter(kind=kind, record=record)
            row = rows.get()
            is_gone = row.shredded_at is not None
            if is_gone or known.state != State.SHREDDED:
                # A living case keeps both keys; a tombstone is not changed, and no key is put beside it.
                changes = {"shredded_at": None, "shredded_by": None, "gone_on": None} if is_gone else gone
                self.tries(False, by, lambda r=rows, c=changes: r.update(**c))  # type: ignore[misc]
            wrapped = {"agency_id": row.agency_id, "record_key": row, "number": 1, "wrapped": b"x" * 60}
            if is_gone:
                self.tries(False, by, lambda w=wrapped: WrappedKey.objects.create(**w))  # type: ignore[misc]
        self.tries(False, by, lambda: moved(case, Move.SHRED))
        requests = DestructionRequest.objects.filter(case=case)
        self.tries(False, by, lambda: a_request_to_destroy(case, by.user, state="done"))
        if known.asked is not None:
            decided = {"state": "done", "decided_by": by.user, "decided_at": timezone.now()}
            self.tries(False, by, lambda: requests.filter(state="waiting").update(**decided))
        self.tries(False, by, lambda: a_request_to_destroy(case, self.world.officers[0].user))
        if requests.exists():
            self.tries(False, by, requests.delete)
            self.tries(False, by, lambda: requests.update(why="mistake"))


RULES = (
    ("vault_recordkey", "a_tombstone"),
    ("vault_recordkey", "c_case"),
    ("vault_wrappedkey", "a_living_record"),
    ("cases_casemove", "b_shred"),
    ("cases_destructionrequest", "a_rules"),
    ("cases_destructionrequest", "kept"),
)


def test_a_destroyed_case_opens_for_nobody_and_no_other_loses_its_key(committed_db: str, owner: Owner) -> None:
    world = World()
    tell(world.story, stories=25, seed=1)
    for rule in RULES:
        with without(owner, *rule):
            must_fail(world.story)
    owner("ALTER TABLE cases_destructionrequest DROP CONSTRAINT nobody_decides_on_their_own_destruction")
    must_fail(world.story)


@pytest.mark.nightly
def test_ten_thousand_histories_of_destroying(committed_db: str) -> None:
    tell(World().story, stories=NIGHT)
