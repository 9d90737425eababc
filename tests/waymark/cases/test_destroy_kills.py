"""Killed while a case is destroyed, again and again: it is whole, or it is gone; never half, and never told twice.

Each round kills one destruction: the process after a random time, before its nth statement or right after its commit, or
the database's backend under it. Then all is looked at from behind the walls, then it is asked for once more, as somebody
does who does not know what came of it.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from tests.factories.accounts import UserFactory
from tests.factories.disclosures import acting, agency_with_member
from tests.factories.people import a_case, a_request_to_destroy
from tests.plugins.server import environment_of
from tests.waymark.cases.test_rules import put_into
from tests.waymark.disclosures.killing import AFTER_COMMIT, Client

from waymark.accounts.models import User
from waymark.audit.selectors import problems_of
from waymark.cases.models import State
from waymark.people.models import LookUpValue
from waymark.vault.models import RecordKey, WrappedKey

Owner = Callable[..., list[tuple[Any, ...]]]
WAYS = ("process", "statement", "commit", "backend")
STATEMENTS = 30
# One row a case: everything that says whether it is kept or gone.
STORY = """
SELECT c.state = 'shredded', r.state = 'done',
    (SELECT count(*) FROM vault_recordkey k WHERE k.record IN (c.id, c.person_id) AND k.shredded_at IS NOT NULL),
    (SELECT count(*) FROM vault_wrappedkey w JOIN vault_recordkey k ON k.id = w.record_key_id
        WHERE k.record IN (c.id, c.person_id)),
    (SELECT count(*) FROM people_lookupvalue v WHERE v.person_id = c.person_id),
    (SELECT count(*) FROM cases_casemove m WHERE m.case_id = c.id AND m.move = 'shred'),
    (SELECT count(*) FROM audit_event e WHERE e.object_id = c.id::text AND e.verb = 'case.destroyed')
FROM cases_case c JOIN cases_destructionrequest r ON r.case_id = c.id WHERE r.id = %s
"""
WHOLE = (False, False, 0, 2, 1, 0, 0)
GONE = (True, True, 2, 0, 0, 1, 1)


@pytest.fixture
def client(committed_db: str, test_cluster: Any) -> Iterator[Client]:
    _, environment = environment_of(test_cluster.url(committed_db))
    started = Client(environment)
    yield started
    started.close()


def _asked(user: User) -> str:
    """A case that was put away, with keys and a look-up value, which a worker asks to destroy with its person."""
    with acting(user):
        case = a_case(user.acting.agency, user)  # type: ignore[union-attr]
        put_into(case, State.ARCHIVED)
        for kind, record in (("case", case.pk), ("person", case.person_id)):
            key = RecordKey.objects.create(agency_id=case.agency_id, kind=kind, record=record)
            WrappedKey.objects.create(agency_id=case.agency_id, record_key=key, number=1, wrapped=os.urandom(60))
        LookUpValue.objects.create(agency_id=case.agency_id, person=case.person, kind="sound", sound=1)
        return str(a_request_to_destroy(case, user, with_person=True).pk)


def _run(rounds: int, client: Client, owner: Owner, killer: psycopg.Connection[Any], chance: random.Random) -> Counter[str]:
    agency, user = agency_with_member()
    officer = UserFactory(role="officer", agency=agency)
    told: Counter[str] = Counter()
    longest = 0.06
    for number in range(rounds):
        request, way = _asked(user), WAYS[number % len(WAYS)]
        asked = {"act": "destroy", "about": request, "agency": str(agency.pk), "user": str(officer.pk)}
        step = {"statement": chance.randint(1, STATEMENTS), "commit": AFTER_COMMIT}.get(way)
        child = client.begin(**asked, step=step)
        if step is None:
            time.sleep(chance.uniform(0, longest))
            if way == "backend":
                killer.execute("SELECT pg_terminate_backend(%s)", [child.backend])
            else:
                with suppress(ProcessLookupError):
                    os.kill(child.pid, signal.SIGKILL)
        first = client.end()
        until = time.monotonic() + 20
        while owner("SELECT 1 FROM pg_stat_activity WHERE pid = %s", (child.backend,)):
            assert time.monotonic() < until
            time.sleep(0.002)
        (after,) = owner(STORY, (request,))
        assert after in (WHOLE, GONE), f"round {number}, {way}, {first}: {after}"
        assert first == "killed" or first.startswith("lost") or after == GONE
        told[f"{way}: {'gone' if after == GONE else 'whole'}"] += 1
        begun = time.monotonic()
        client.begin(**asked)
        again = client.end()
        longest = 0.8 * longest + 0.2 * 1.3 * (time.monotonic() - begun)
        assert again == "shredded" or (after == GONE and again.startswith("refused")), again
        assert owner(STORY, (request,)) == [GONE]
    assert list(problems_of(agency.pk)) == [], "the audit chain is whole"
    return told


def _killed(rounds: int, client: Client, owner: Owner, test_cluster: Any, name: str, seed: int) -> Counter[str]:
    with psycopg.connect(test_cluster.url(name), autocommit=True) as killer:
        told = _run(rounds, client, owner, killer, random.Random(seed))
    for line, count in sorted(told.items()):
        print(f"{count:4} {line}")
    return told


def test_eight_kills_leave_a_case_whole_or_gone(client: Client, owner: Owner, test_cluster: Any, committed_db: str) -> None:
    assert sum(_killed(8, client, owner, test_cluster, committed_db, seed=6).values()) == 8


@pytest.mark.nightly
def test_two_hundred_kills_leave_a_case_whole_or_gone(
    client: Client, owner: Owner, test_cluster: Any, committed_db: str
) -> None:
    told = _killed(200, client, owner, test_cluster, committed_db, seed=time.time_ns())
    assert sum(told.values()) == 200
    assert {line.split(": ")[1] for line in told} == {"whole", "gone"}, "moments before and after the commit were both hit"
