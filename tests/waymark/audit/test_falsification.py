"""Every way of falsifying the chain is found, with its number, by `audit verify`: edits by the owner included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.waymark.audit.writing import AGENCY, ANA, Member, words, write

from waymark.access.context import acting_for
from waymark.audit.actions import record
from waymark.audit.models import Verification
from waymark.audit.selectors import digest_of

Owner = Callable[..., list[tuple[Any, ...]]]

FALSIFICATIONS = {
    "edit": ("UPDATE audit_event SET actor = 'someone else' WHERE object_id = 'case-2'", ["3 edited"]),
    "edit a field name": ("UPDATE audit_event SET fields = '{phone}' WHERE object_id = 'case-1'", ["2 edited"]),
    "edit the time": ("UPDATE audit_event SET at = at + interval '1 microsecond' WHERE object_id = 'case-3'", ["4 edited"]),
    "edit the number of times": ("UPDATE audit_event SET times = 10 WHERE object_id = 'case-3'", ["4 edited"]),
    "delete": (
        "DELETE FROM audit_event WHERE object_id = 'case-2'; DELETE FROM audit_link WHERE sequence = 3",
        ["3 deleted"],
    ),
    "delete the event alone": ("DELETE FROM audit_event WHERE object_id = 'case-2'", ["3 deleted"]),
    "delete the link alone": (
        "DELETE FROM audit_link WHERE sequence = 3",
        ["3 deleted", "0 the event with the id 3 was never linked, or its link was taken away"],
    ),
    "delete the first": (
        "DELETE FROM audit_event WHERE object_id = 'case-0'; DELETE FROM audit_link WHERE sequence = 1",
        ["1 deleted"],
    ),
    "truncate": (
        "DELETE FROM audit_event WHERE object_id >= 'case-3'; DELETE FROM audit_link WHERE sequence >= 4",
        ["4 truncated"],
    ),
    "truncate with a head that was only counted back": (
        "DELETE FROM audit_event WHERE object_id = 'case-4'; DELETE FROM audit_link WHERE sequence = 5;"
        " UPDATE audit_head SET sequence = 4",
        ["5 the head does not match the last event"],
    ),
    "take everything": ("DELETE FROM audit_event; DELETE FROM audit_link", ["1 truncated"]),
    "reorder": (
        "UPDATE audit_link SET sequence = -1 WHERE sequence = 2; UPDATE audit_link SET sequence = 2 WHERE sequence = 3;"
        " UPDATE audit_link SET sequence = 3 WHERE sequence = -1",
        ["2 inserted or moved", "2 edited", "3 inserted or moved", "3 edited", "4 inserted or moved"],
    ),
    "swap two events' links": (
        "UPDATE audit_link SET event_id = -1 WHERE event_id = 2; UPDATE audit_link SET event_id = 2 WHERE event_id = 3;"
        " UPDATE audit_link SET event_id = 3 WHERE event_id = -1",
        ["2 edited", "3 edited"],
    ),
    "move to another chain": (
        "UPDATE audit_event SET chain = '22222222-2222-4222-8222-222222222222' WHERE object_id = 'case-2'",
        ["3 deleted"],
    ),
    "number twice": (
        "UPDATE audit_link SET sequence = 9 WHERE sequence = 5",
        ["5 deleted", "9 edited", "10 the head does not match the last event"],
    ),
    "take the head": ("DELETE FROM audit_head", ["5 the chain has no head"]),
    "insert": (
        "ALTER TABLE audit_event DISABLE TRIGGER USER; UPDATE audit_link SET sequence = sequence + 10 WHERE sequence > 2;"
        " UPDATE audit_link SET sequence = sequence - 9 WHERE sequence > 10; UPDATE audit_head SET sequence = 6;"
        " INSERT INTO audit_event"
        " (id, chain, at, actor, role, verb, object_kind, object_id, purpose, result, fields, times)"
        " SELECT 99, chain, at, 'planted', role, verb, object_kind, 'case-x', purpose, result, fields, times"
        " FROM audit_event WHERE object_id = 'case-1';"
        " INSERT INTO audit_link (event_id, chain, sequence, previous, digest)"
        " SELECT 99, chain, 3, digest, sha256('made up') FROM audit_link WHERE sequence = 2",
        ["3 edited", "4 inserted or moved", "4 edited", "5 edited", "6 edited"],
    ),
    "insert without a link": (
        "ALTER TABLE audit_event DISABLE TRIGGER USER;"
        " INSERT INTO audit_event"
        " (id, chain, at, actor, role, verb, object_kind, object_id, purpose, result, fields, times)"
        " SELECT 99, chain, at, 'planted', role, verb, object_kind, 'case-x', purpose, result, fields, times"
        " FROM audit_event WHERE object_id = 'case-1'",
        ["0 the event with the id 99 was never linked, or its link was taken away"],
    ),
}


KEEP = "CREATE TABLE kept_{0} AS TABLE audit_{0}"
RESTORE = (
    "ALTER TABLE audit_{0} DISABLE TRIGGER USER; TRUNCATE audit_{0}; INSERT INTO audit_{0} TABLE kept_{0};"
    " ALTER TABLE audit_{0} ENABLE TRIGGER USER"
)


def test_every_falsification_is_found_with_its_number(committed_db: str, owner: Owner) -> None:
    """One database for all of them: after each, the chain is put back as it was."""
    write(5)
    for table in ("event", "link", "head"):
        owner(KEEP.format(table))
    for name, (statement, expected) in FALSIFICATIONS.items():
        owner(statement)

        assert words() == expected, name
        with pytest.raises(CommandError, match="not as it was written"):
            call_command("audit_verify")
        with acting_for(AGENCY, ANA):
            kept = Verification.objects.filter(chain=AGENCY).latest("id")
        assert kept.problems == len(expected), name
        assert kept.first_problem.startswith(f"number {expected[0].split()[0]}: "), name

        for table in ("event", "link", "head"):
            owner(RESTORE.format(table))
        assert words() == [], name


EVENT_COLUMNS = ("id", "chain", "at", "actor", "role", "verb", "object_kind", "object_id", "purpose", "result", "times")


def test_any_changed_byte_of_any_column_of_any_row_is_found(committed_db: str, owner: Owner) -> None:
    """Each column of each of three rows in turn, and each byte of a link's digests and of the head's."""
    write(3)
    changed = {
        "id": "id + 1000",
        "chain": "'22222222-2222-4222-8222-222222222222'",
        "at": "at - interval '1 microsecond'",
        "times": "times + 1",
        "fields": "fields || '{}'::varchar[] || 'x'::varchar",
    }
    for row in (1, 2, 3):
        for column in (*EVENT_COLUMNS, "fields"):
            before = owner(f"SELECT {column} FROM audit_event WHERE id = %s", (row,))[0][0]
            where = 1000 + row if column == "id" else row
            value = changed.get(column, f"{column} || 'x'")
            owner(f"UPDATE audit_event SET {column} = {value} WHERE id = {row}")
            found = words()
            assert any(int(word.split()[0]) == row for word in found), (row, column, found)
            owner(f"UPDATE audit_event SET {column} = %s WHERE id = %s", (before, where))
    assert words() == []
    for table, key in (("audit_link", "sequence = 2"), ("audit_head", "true")):
        for column in ("digest", "previous") if table == "audit_link" else ("digest",):
            for byte in (0, 13, 31):
                flip = f"SET {column} = set_byte({column}, {byte}, get_byte({column}, {byte}) # 1) WHERE {key}"
                owner(f"UPDATE {table} {flip}")
                assert words(), (table, column, byte)
                owner(f"UPDATE {table} {flip}")
    assert words() == []


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(role=TEXTS, kind=TEXTS, about=TEXTS, purpose=TEXTS, fields=st.lists(TEXTS, max_size=4))
def test_database_and_python_write_the_same_bytes(
    committed_db: str, role: str, kind: str, about: str, purpose: str, fields: list[str]
) -> None:
    record(verb="case.opened", by=Member(role=role), kind=kind, about=about, purpose=purpose, fields=fields)

    assert words() == []


@settings(max_examples=200)
@given(first=st.lists(TEXTS, min_size=7, max_size=11), second=st.lists(TEXTS, min_size=7, max_size=11))
def test_two_different_events_never_give_the_same_bytes(first: list[str], second: list[str]) -> None:
    """Texts that run on from one column into the next, or from a column into the list of fields."""
    import datetime as dt

    def digest(texts: list[str]) -> bytes:
        at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        return digest_of(b"", AGENCY, (1, 1, at, *texts[:7], 1, texts[7:]))

    assert (digest(first) == digest(second)) == (first == second)


def test_a_whole_chain_says_so(committed_db: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(2)
    record(verb="region.set_up", by="system:set-up")

    call_command("audit_verify")

    assert "Whole: 2 chains, 3 events" in capsys.readouterr().out
    assert not connection.in_atomic_block
