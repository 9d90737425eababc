"""Refused and failed attempts: they outlive the rollback of what was refused, and cannot flood the chain."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from tests.waymark.audit.writing import AGENCY, ANA, OTHER, Member, words

from waymark.access.context import acting_for, current_context
from waymark.audit.actions import record, record_attempt
from waymark.audit.models import PLATFORM, Event

Owner = Callable[..., list[tuple[Any, ...]]]
TOLD = "SELECT actor, result, times FROM audit_event ORDER BY id"


def try_it(by: Member | str, verb: str = "page.refused") -> bool:
    return record_attempt(verb=verb, by=by, kind="permission", about="directory.listing.edit")


def test_an_attempt_outlives_the_rollback_of_its_request(committed_db: str, owner: Owner) -> None:
    def request() -> None:
        with acting_for(AGENCY, ANA):
            record(verb="case.opened", by=Member())
            assert try_it(Member())
            raise RuntimeError("refused")

    with pytest.raises(RuntimeError):
        request()

    assert owner("SELECT chain, verb, result FROM audit_event") == [(AGENCY, "page.refused", "denied")]
    assert words() == []


def test_the_connection_of_its_own_goes_back_at_once(committed_db: str) -> None:
    with acting_for(AGENCY, ANA):
        try_it(Member())
        assert connections["attempts"].connection is None
        assert current_context() is not None


def test_many_attempts_give_few_events(committed_db: str, owner: Owner) -> None:
    told = [try_it(Member()) for _ in range(25)]

    assert [number for number, one in enumerate(told, 1) if one] == [1, 10]
    assert owner(TOLD) == [(str(ANA), "denied", 1), (str(ANA), "denied", 10)]
    assert try_it(Member(), "packet.refused")
    assert try_it(Member(pk=uuid.UUID(int=5)))


def test_a_new_hour_is_told_anew(committed_db: str, owner: Owner) -> None:
    try_it(Member())
    owner("UPDATE audit_attempt SET hour = hour - interval '1 hour'")

    assert try_it(Member())

    owner("UPDATE audit_attempt SET hour = hour - interval '2 days'")
    try_it(Member())
    assert owner("SELECT count(*) FROM audit_attempt") == [(1,)]


def test_many_strangers_give_few_events_too(committed_db: str, owner: Owner) -> None:
    """300 names, ten tries each: the first hundred events name the stranger, the rest are told as one."""
    for name in range(300):
        for _ in range(10 if name < 20 else 1):
            try_it(f"visitor:{name}", "session.refused")

    told = owner(TOLD)
    assert len(told) == 100
    owner("UPDATE audit_attempt SET times = 999 WHERE actor = 'visitor:*'")
    assert try_it("visitor:one more", "session.refused")
    assert owner(TOLD)[-1] == ("visitor:*", "denied", 1000)
    assert words(PLATFORM) == []


def test_parallel_attempts_are_counted_once_each(committed_db: str, owner: Owner) -> None:
    def attempt() -> None:
        for _ in range(5):
            try_it(Member())
        connections.close_all()

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert owner("SELECT times FROM audit_attempt") == [(20,)]
    assert owner(TOLD) == [(str(ANA), "denied", 1), (str(ANA), "denied", 10)]


@pytest.mark.django_db
def test_a_test_in_one_transaction_sees_attempts_and_its_context_stays() -> None:
    with acting_for(AGENCY, ANA):
        assert try_it(Member())
        assert Event.objects.get().verb == "page.refused"
        record(verb="case.opened", by=Member())
        assert try_it("visitor:somebody")
        record(verb="case.closed", by=Member())
        assert Event.objects.count() == 3


FORGED = "SELECT audit_attempt(%s, %s, 'officer', 'page.refused', '', '', '', %s)"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chain", "actor", "result"),
    [
        (AGENCY, str(uuid.UUID(int=7)), "denied"),
        (OTHER, str(ANA), "denied"),
        (PLATFORM, str(ANA), "denied"),
        (AGENCY, "visitor:x", "denied"),
        (AGENCY, str(ANA), "done"),
    ],
)
def test_nobody_tells_an_attempt_of_another_or_elsewhere(chain: uuid.UUID, actor: str, result: str) -> None:
    with pytest.raises(DatabaseError, match="in their own chain"), acting_for(AGENCY, ANA), connection.cursor() as cursor:
        cursor.execute(FORGED, [chain, actor, result])


@pytest.mark.django_db
@pytest.mark.parametrize(("chain", "actor"), [(AGENCY, str(ANA)), (PLATFORM, str(ANA)), (AGENCY, "visitor:x")])
def test_without_a_context_an_attempt_is_a_stranger_s(chain: uuid.UUID, actor: str) -> None:
    with pytest.raises(DatabaseError, match="in their own chain"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FORGED, [chain, actor, "denied"])
