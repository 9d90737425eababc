"""Whatever happens, in whatever order: exactly the active members who were let in open the vault, and exactly the named
ones open what is kept to them.

Random sequences of joining, leaving, coming back, new keys, wrapping anew, restricting, releasing, destroying, losing a
key and recovering it. After each step everybody who was ever a member tries everything.
"""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.vault import Person, agency_of, confirm, founded_agency, leave, person_of, return_to

from waymark.accounts.models import Membership
from waymark.sealing import passphrases
from waymark.sealing.errors import CannotOpenError
from waymark.vault import policies
from waymark.vault.actions import lift_restriction, new_record_key, open_record, restrict_record, shred_record
from waymark.vault.actions.agency import renew_if_due
from waymark.vault.actions.epochs import start_epoch
from waymark.vault.actions.own_key import recover, start_over
from waymark.vault.actions.records import rewrap_some
from waymark.vault.policies import Refused, VaultClosed
from waymark.vault.selectors import RecordGone

pytestmark = pytest.mark.django_db
STEPS = ("join", "leave", "suspend", "come back", "let in", "new keys", "wrap anew", "record", "restrict", "release")
STEPS += ("destroy", "lose key", "recover")
TEXT = "an invented story"
# Each example founds an agency and walks its life: a dozen a day, hundreds at night.
EXAMPLES = 300 if os.environ.get("WAYMARK_TEST_PROFILE") == "nightly" else 12


@dataclass
class Model:
    """What must be true, kept in plain sets."""

    people: list[Person]
    active: set[int] = field(default_factory=set)
    let_in: set[int] = field(default_factory=set)
    records: dict[uuid.UUID, set[int] | None] = field(default_factory=dict)
    sealed: dict[uuid.UUID, bytes] = field(default_factory=dict)

    def opener(self, choice: int) -> int | None:
        """Somebody who can open the vault, or nobody."""
        able = sorted(self.active & self.let_in)
        return able[choice % len(able)] if able else None


def step(model: Model, what: str, choice: int) -> None:
    by = model.opener(choice)
    who = choice % len(model.people)
    person = model.people[who]
    if what == "join" and len(model.people) < 5:
        model.people.append(person_of(model.people[0].user.acting.agency))  # type: ignore[union-attr]
        model.active.add(len(model.people) - 1)
    elif what in {"leave", "suspend"} and who in model.active and len(model.active & model.let_in) > 1:
        leave(person, Membership.State.SUSPENDED if what == "suspend" else Membership.State.ENDED)
        model.active.discard(who)
        _renewed(model)
    elif what == "come back" and who not in model.active:
        return_to(person)
        model.active.add(who)
    elif by is None:
        return
    elif what == "let in" and who in model.active - model.let_in:
        with suppress(Refused):
            confirm(model.people[by], person)
        model.let_in.add(who)
    elif what == "new keys":
        with model.people[by].acting():
            start_epoch(vault=model.people[by].vault(), by=model.people[by].user, reason="chosen")
    elif what == "wrap anew":
        with model.people[by].acting():
            rewrap_some(vault=model.people[by].vault(), by=model.people[by].user, limit=1 + choice % 3)
    elif what == "record" and len(model.records) < 4:
        record = uuid.uuid4()
        with model.people[by].acting():
            secret = new_record_key(vault=model.people[by].vault(), kind="case", record=record)
            model.sealed[record] = secret.seal("cases_case", "story", record, TEXT)
        model.records[record] = None
    elif what == "lose key" and len(model.active & model.let_in) > 1 and who in model.active:
        _lose_key(model, who)
    elif what == "recover" and who in model.active:
        with person.acting():
            key = recover(printed=person.printed, passphrase="other green patient windows", by=person.user)
        assert key is not None
        assert key.public == person.key.public
    else:
        _with_record(model, what, choice, by)


def _renewed(model: Model) -> None:
    """Somebody unlocks after the leaving: new keys are made, and the leaver waits from now on."""
    by = model.opener(0)
    if by is not None:
        with model.people[by].acting():
            renew_if_due(key=model.people[by].key, by=model.people[by].user)
        model.let_in &= model.active


def _lose_key(model: Model, who: int) -> None:
    person = model.people[who]
    with person.acting():
        made = start_over(passphrase="other green patient windows", by=person.user)
    person.key, person.printed = made.key, made.printed
    model.let_in.discard(who)
    for record, named in model.records.items():
        if named is not None:
            model.records[record] = named - {who}


def _with_record(model: Model, what: str, choice: int, by: int) -> None:
    if what not in {"restrict", "release", "destroy"} or not model.records:
        return
    record = sorted(model.records)[choice % len(model.records)]
    person, named = model.people[by], model.records[record]
    if what == "destroy":
        founder = model.people[0]
        if 0 in model.active:
            with founder.acting():
                shred_record(agency=agency_of(founder), kind="case", record=record, by=founder.user)
            model.records.pop(record)
        return
    may = named is None or by in named
    able = sorted(model.active & model.let_in)
    chosen = {able[choice % len(able)], able[(choice // 3) % len(able)]}
    try:
        with person.acting(), transaction.atomic():
            vault = person.vault()
            if what == "restrict":
                users = [model.people[one].user.pk for one in chosen]
                restrict_record(vault=vault, kind="case", record=record, to=users, by=person.user)
            else:
                lift_restriction(vault=vault, kind="case", record=record, by=person.user)
    except CannotOpenError:
        assert not may
    except Refused:
        assert what == "release"
        assert named is None
    else:
        assert may
        model.records[record] = chosen if what == "restrict" else None


def everybody_tries(model: Model) -> None:
    for who, person in enumerate(model.people):
        with person.acting():
            try:
                vault = person.vault()
            except VaultClosed:
                assert who not in model.active & model.let_in
                continue
            # The database's rows decide for a member who left only at the next request: the person acts for nobody then.
            assert who in model.let_in
            for record, sealed in model.sealed.items():
                named = model.records.get(record, set())
                try:
                    secret = open_record(vault=vault, kind="case", record=record)
                except (CannotOpenError, RecordGone):
                    assert named is not None
                    assert who not in named
                else:
                    assert record in model.records
                    assert named is None or who in named
                    assert secret.read("cases_case", "story", record, sealed) == TEXT


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 59)), min_size=4, max_size=14))
def test_exactly_who_may_opens_exactly_what_they_may(steps: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "COST", passphrases.FLOOR)
    with transaction.atomic():
        founder = founded_agency()
        model = Model([founder], {0}, {0})
        for what, choice in [("join", 0), ("let in", 1), ("record", 0), *steps]:
            step(model, what, choice)
            everybody_tries(model)
        transaction.set_rollback(True)
