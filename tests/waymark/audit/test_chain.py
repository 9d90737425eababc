"""The audit chain: linked at commit, append-only for the application, and never forked."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from tests.waymark.audit.writing import AGENCY, ANA, Member, words, write

from waymark.access.context import acting_for
from waymark.audit.actions import record, record_read
from waymark.audit.models import PLATFORM, Event, Link
from waymark.audit.selectors import head_of, heads

Owner = Callable[..., list[tuple[Any, ...]]]


def test_events_are_linked_when_the_act_commits(committed_db: str) -> None:
    with acting_for(AGENCY, ANA):
        record(verb="case.opened", by=Member())
        with transaction.atomic():
            record(verb="case.closed", by=Member())
        assert Event.objects.count() == 2
        assert not Link.objects.exists()

    with acting_for(AGENCY, ANA):
        assert list(Event.objects.order_by("id").values_list("link__sequence", flat=True)) == [1, 2]
    assert head_of(AGENCY) is not None
    assert head_of(AGENCY)[0] == 2  # type: ignore[index]
    assert words() == []


def test_an_act_that_fails_leaves_no_event(committed_db: str, owner: Owner) -> None:
    def act() -> None:
        with transaction.atomic():
            record(verb="case.opened", by=Member())
            raise RuntimeError("the act failed")

    with pytest.raises(RuntimeError):
        act()

    assert owner("SELECT count(*) FROM audit_event") == [(0,)]


def test_a_savepoint_that_was_rolled_back_leaves_no_event(committed_db: str, owner: Owner) -> None:
    def part() -> None:
        with transaction.atomic():
            record(verb="case.closed", by=Member(), chain=PLATFORM)
            raise RuntimeError("a part of the act failed")

    with acting_for(AGENCY, ANA):
        record(verb="case.opened", by=Member())
        with pytest.raises(RuntimeError):
            part()

    assert owner("SELECT verb FROM audit_event") == [("case.opened",)]
    assert words(AGENCY) == words(PLATFORM) == []


def test_an_event_outside_a_transaction_is_linked_too(committed_db: str) -> None:
    record(verb="region.set_up", by="system:set-up")

    assert head_of(PLATFORM)[0] == 1  # type: ignore[index]
    assert words(PLATFORM) == []


def test_what_the_database_decides_cannot_be_sent(committed_db: str, owner: Owner) -> None:
    """There is one door, and it asks for neither the moment nor the place in the chain."""
    taken = owner("SELECT pg_get_function_identity_arguments(oid) FROM pg_proc WHERE proname = 'audit_tell'")
    assert taken == [
        (
            "chain uuid, actor text, role text, verb text, object_kind text, object_id text, purpose text, result text,"
            " fields text[]",
        )
    ]
    assert owner("SELECT has_table_privilege('waymark_app', 'audit_event', 'INSERT')") == [(False,)]
    record(verb="region.set_up", by="system:set-up")
    assert owner("SELECT sequence, now() - at < interval '1 minute' FROM audit_event JOIN audit_link ON event_id = id") == [
        (1, True)
    ]


def test_many_events_of_one_transaction_are_linked_in_one_go(committed_db: str, owner: Owner) -> None:
    """Also those of a part that was taken back or went on, and in time that grows no faster than they do."""
    with acting_for(AGENCY, ANA):
        record(verb="case.opened", by=Member(), about=1)
        with suppress(RuntimeError), transaction.atomic():
            record(verb="case.opened", by=Member(), about="never")
            raise RuntimeError
        with transaction.atomic():
            record(verb="case.opened", by=Member(), about=2)
        record(verb="case.opened", by=Member(), about=3, chain=PLATFORM)
    assert owner("SELECT object_id, sequence FROM audit_event JOIN audit_link ON event_id = id ORDER BY 1") == [
        ("1", 1),
        ("2", 2),
        ("3", 1),
    ]
    changed = "SELECT n_tup_upd FROM pg_stat_force_next_flush(), pg_stat_user_tables WHERE relname = 'audit_head'"
    before = owner(changed)[0][0]
    owner(
        "INSERT INTO audit_event (chain, actor, role, verb, object_kind, object_id, purpose, result, fields, times)"
        f" SELECT '{AGENCY}', 'system:x', '', 'case.opened', '', n, '', 'done', '{{}}', 1 FROM generate_series(1, 500) n"
    )
    # The server's own counters are written a moment after the commit.
    until = time.monotonic() + 20
    while owner(changed)[0][0] == before and time.monotonic() < until:
        time.sleep(0.05)
    assert owner(changed)[0][0] == before + 1
    assert heads()[AGENCY][0] == 502
    assert words(AGENCY) == words(PLATFORM) == []


FORBIDDEN = [
    "UPDATE audit_event SET actor = 'someone else'",
    "DELETE FROM audit_event",
    "TRUNCATE audit_event",
    "INSERT INTO audit_event (chain, actor, role, verb, object_kind, object_id, purpose, result, fields, times)"
    f" VALUES ('{AGENCY}', '{ANA}', '', 'case.opened', '', '', '', 'done', '{{}}', 1)",
    "UPDATE audit_link SET sequence = 9",
    "DELETE FROM audit_link",
    "TRUNCATE audit_link",
    "INSERT INTO audit_link (event_id, chain, sequence, previous, digest)"
    " VALUES (1, '00000000-0000-0000-0000-000000000000', 5, 'x', 'x')",
    "UPDATE audit_head SET sequence = 0",
    "DELETE FROM audit_head",
    "TRUNCATE audit_head",
    "INSERT INTO audit_head (chain, sequence, previous, digest) VALUES (gen_random_uuid(), 5, 'x', 'x')",
    "SELECT FROM audit_head FOR UPDATE",
    "SELECT FROM audit_attempt",
    "UPDATE audit_verification SET problems = 0",
    "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    "ALTER TABLE audit_event DISABLE ROW LEVEL SECURITY",
    "SET session_replication_role = replica",
    "SELECT audit_link()",
    "SELECT audit_link_all(0), audit_tell(gen_random_uuid(), 'system:x', '', 'a.b', '', '', '', 'done', '{}')",
]


def test_the_application_can_only_append(committed_db: str) -> None:
    write(2)
    for statement in FORBIDDEN:
        with pytest.raises(DatabaseError), acting_for(AGENCY, ANA), connection.cursor() as cursor:
            cursor.execute(statement)
    assert words() == []


def test_a_role_that_was_given_rights_by_mistake_is_refused_too(committed_db: str, owner: Owner) -> None:
    write(2)
    for table in ("audit_event", "audit_link", "audit_head"):
        owner(f"GRANT INSERT, UPDATE, DELETE, TRUNCATE ON {table} TO waymark_app")
        owner(f"CREATE POLICY mistake ON {table} USING (true)")
        changes = [f"DELETE FROM {table}", f"TRUNCATE {table}", f"UPDATE {table} SET chain = chain"]
        if table != "audit_event":
            changes.append(f"INSERT INTO {table} SELECT * FROM {table}")
        for statement in changes:
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_parallel_writers_never_fork(committed_db: str) -> None:
    """Each writes to two chains, in opposite orders: no fork and no deadlock."""
    failures: list[BaseException] = []

    def writer(number: int) -> None:
        member = Member(pk=uuid.UUID(int=number + 1))
        try:
            for _ in range(15):
                with acting_for(AGENCY, member.pk):
                    for chain in (AGENCY, PLATFORM) if number % 2 else (PLATFORM, AGENCY):
                        record(verb="case.opened", by=member, chain=chain)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=writer, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert {sequence for sequence, _ in heads().values()} == {60}
    assert words(AGENCY) == words(PLATFORM) == []


def test_a_second_writer_waits_for_the_first_and_follows_it(committed_db: str, test_cluster: Any) -> None:
    """The first has linked and not yet committed when the second comes: the second gets the next number, never the same."""
    import psycopg

    tell = "SELECT audit_tell('00000000-0000-0000-0000-000000000000', 'system:x', '', 'a.b', '', '', '', 'done', '{}')"
    second_is_done = threading.Event()

    def second() -> None:
        with psycopg.connect(test_cluster.url(committed_db), autocommit=True) as other:
            other.execute(tell)
        second_is_done.set()

    thread = threading.Thread(target=second)
    with psycopg.connect(test_cluster.url(committed_db)) as first:
        first.execute(tell)
        first.execute("SET CONSTRAINTS ALL IMMEDIATE")
        thread.start()
        assert not second_is_done.wait(0.3)
        first.commit()
    thread.join(10)

    assert second_is_done.is_set()
    assert head_of(PLATFORM)[0] == 2  # type: ignore[index]
    assert words(PLATFORM) == []


def test_a_verification_is_not_confused_by_writers(committed_db: str) -> None:
    write(3)
    stop = threading.Event()

    def writer() -> None:
        while not stop.is_set():
            write(1)
        connection.close()

    thread = threading.Thread(target=writer)
    thread.start()
    try:
        assert [words() for _ in range(8)] == [[]] * 8
    finally:
        stop.set()
        thread.join()


def test_a_read_is_told_by_field_names(committed_db: str) -> None:
    record_read(by=Member(role="officer"), kind="activity", about=ANA, purpose="monthly review", fields=["verb", "at"])

    with acting_for(AGENCY, ANA):
        event = Event.objects.get()
    assert (event.verb, event.role, event.purpose, event.fields) == (
        "activity.read",
        "officer",
        "monthly review",
        ["verb", "at"],
    )


@pytest.mark.parametrize("verb", ["opened", "case.", ".opened", ""])
def test_an_event_reads_as_a_sentence(verb: str) -> None:
    with pytest.raises(ValueError, match=r"noun\.past"):
        record(verb=verb, by="system:test")


@pytest.mark.parametrize("by", ["", "Ana Invented", "system:", "system: x", "root:x", "ana@example.org"])
def test_an_event_says_by_whom(by: str) -> None:
    with pytest.raises(ValueError, match="by whom"):
        record(verb="case.opened", by=by)
