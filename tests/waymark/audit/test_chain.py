"""The audit chain: append-only for the application, linked at commit, and every way of falsifying it is found."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from waymark.audit.actions import record
from waymark.audit.formats import HeadsError, read_heads, write_heads
from waymark.audit.models import PLATFORM, Event, Head
from waymark.audit.selectors import heads, problems_of
from waymark.audit.tasks import heads_key
from waymark.sealing.signatures import SigningKey

AGENCY = uuid.UUID("11111111-1111-4111-8111-111111111111")
Owner = Callable[..., list[tuple[Any, ...]]]


def write(count: int, chain: uuid.UUID = AGENCY) -> None:
    for number in range(count):
        with transaction.atomic():
            record(verb="case.opened", by="member-1", chain=chain, kind="case", about=f"case-{number}", fields=["name"])


def words(chain: uuid.UUID = AGENCY) -> list[str]:
    return [f"{problem.sequence} {problem.what.split(':')[0]}" for problem in problems_of(chain)]


def test_events_are_linked_when_the_act_commits(committed_db: str) -> None:
    with transaction.atomic():
        record(verb="case.opened", by="member-1", chain=AGENCY)
        with transaction.atomic():
            record(verb="case.closed", by="member-1", chain=AGENCY)
        assert set(Event.objects.values_list("sequence", flat=True)) == {None}

    assert list(Event.objects.order_by("id").values_list("sequence", flat=True)) == [1, 2]
    assert Head.objects.get().sequence == 2
    assert words() == []


def test_an_act_that_fails_leaves_no_event(committed_db: str) -> None:
    def act() -> None:
        with transaction.atomic():
            record(verb="case.opened", by="member-1", chain=AGENCY)
            raise RuntimeError("the act failed")

    with pytest.raises(RuntimeError):
        act()

    assert not Event.objects.exists()


def test_what_the_database_decides_cannot_be_sent(committed_db: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_event (chain, at, actor, role, verb, object_kind, object_id, purpose, result, fields,"
            " sequence, previous, digest) VALUES (%s, '2001-01-01', 'x', '', 'case.opened', '', '', '', 'done', '{}',"
            " 77, 'x', 'x')",
            [AGENCY],
        )

    event = Event.objects.get()
    assert event.sequence == 1
    assert event.at.year > 2001
    assert words() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor = 'someone else'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "UPDATE audit_head SET sequence = 0",
        "DELETE FROM audit_head",
        "INSERT INTO audit_head (chain, sequence, digest) VALUES (gen_random_uuid(), 5, 'x')",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "SELECT audit_link()",
    ],
)
def test_the_application_can_only_append(statement: str, committed_db: str) -> None:
    write(2)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert words() == []


def test_a_role_that_was_given_rights_by_mistake_is_refused_too(committed_db: str, owner: Owner) -> None:
    write(2)
    owner("GRANT UPDATE, DELETE ON audit_event TO waymark_app")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_event")


FALSIFICATIONS = {
    "edit": ("UPDATE audit_event SET actor = 'someone else' WHERE sequence = 3", ["3 edited"]),
    "edit a field name": ("UPDATE audit_event SET fields = '{phone}' WHERE sequence = 2", ["2 edited"]),
    "edit the time": ("UPDATE audit_event SET at = at + interval '1 microsecond' WHERE sequence = 4", ["4 edited"]),
    "delete": ("DELETE FROM audit_event WHERE sequence = 3", ["3 deleted"]),
    "delete the first": ("DELETE FROM audit_event WHERE sequence = 1", ["1 deleted"]),
    "truncate": ("DELETE FROM audit_event WHERE sequence >= 4", ["4 truncated"]),
    "truncate with its head": (
        "DELETE FROM audit_event WHERE sequence = 5; UPDATE audit_head SET sequence = 4",
        ["5 the head does not match the last event"],
    ),
    "reorder": (
        "UPDATE audit_event SET sequence = -1 WHERE sequence = 2; UPDATE audit_event SET sequence = 2 WHERE sequence = 3;"
        " UPDATE audit_event SET sequence = 3 WHERE sequence = -1",
        ["2 inserted or moved", "2 edited", "3 inserted or moved", "3 edited", "4 inserted or moved"],
    ),
}


@pytest.mark.parametrize("case", FALSIFICATIONS.values(), ids=FALSIFICATIONS.keys())
def test_every_falsification_is_found_with_its_number(case: tuple[str, list[str]], committed_db: str, owner: Owner) -> None:
    write(5)
    statement, expected = case
    owner(statement)

    assert words() == expected
    with pytest.raises(CommandError, match="not as it was written"):
        call_command("audit_verify")


def test_an_inserted_event_is_found(committed_db: str, owner: Owner) -> None:
    write(3)
    owner("ALTER TABLE audit_event DISABLE TRIGGER a_prepare")
    owner("ALTER TABLE audit_event DISABLE TRIGGER z_link")
    owner("UPDATE audit_event SET sequence = 4 WHERE sequence = 3")
    owner(
        "INSERT INTO audit_event (chain, at, actor, role, verb, object_kind, object_id, purpose, result, fields, sequence,"
        " previous, digest) SELECT chain, at, 'planted', role, verb, object_kind, object_id, purpose, result, fields, 3,"
        " previous, digest FROM audit_event WHERE sequence = 4"
    )

    assert "3 edited" in words()


def test_any_changed_byte_is_found(committed_db: str, owner: Owner) -> None:
    """Each text column of one row in turn."""
    write(2)
    for column in ("actor", "role", "verb", "object_kind", "object_id", "purpose", "result"):
        before = owner(f"SELECT {column} FROM audit_event WHERE sequence = 1")[0][0]
        owner(f"UPDATE audit_event SET {column} = {column} || 'x' WHERE sequence = 1")
        assert words() == ["1 edited"], column
        owner(f"UPDATE audit_event SET {column} = %s WHERE sequence = 1", (before,))
        assert words() == []


def test_parallel_writers_never_fork(committed_db: str) -> None:
    """Each writes to two chains, in opposite orders: no fork and no deadlock."""
    failures: list[BaseException] = []

    def writer(first: uuid.UUID, second: uuid.UUID) -> None:
        try:
            for _ in range(15):
                with transaction.atomic():
                    record(verb="case.opened", by="member-1", chain=first)
                    record(verb="case.opened", by="member-1", chain=second)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    pairs = [(AGENCY, PLATFORM), (PLATFORM, AGENCY)] * 2
    threads = [threading.Thread(target=writer, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert {sequence for sequence, _ in heads().values()} == {60}
    assert words(AGENCY) == words(PLATFORM) == []


def test_a_signed_head_shows_a_chain_that_was_rewritten_as_a_whole(committed_db: str, owner: Owner) -> None:
    write(3)
    key = SigningKey.generate()
    exported = write_heads(heads(), on=date(2026, 1, 31), key=key)
    write(1)
    known = read_heads(exported, public_key=key.public)
    assert list(problems_of(AGENCY, known=known[AGENCY])) == []

    # A host who removes everything and writes a new, consistent chain.
    owner("DELETE FROM audit_event")
    owner("DELETE FROM audit_head")
    write(2)

    assert list(problems_of(AGENCY)) == []
    assert [problem.what for problem in problems_of(AGENCY, known=known[AGENCY])] == [
        "truncated: an exported head tells of 3 events"
    ]
    write(1)
    assert [problem.what.split(":")[0] for problem in problems_of(AGENCY, known=known[AGENCY])] == ["rewritten"]


def test_an_export_that_was_touched_is_refused() -> None:
    exported = write_heads({AGENCY: (3, b"x" * 32)}, on=date(2026, 1, 31), key=SigningKey.generate())
    with pytest.raises(HeadsError, match="signature does not hold"):
        read_heads(exported.replace("2026-01-31", "2026-01-30"))
    with pytest.raises(HeadsError, match="another key"):
        read_heads(exported, public_key=SigningKey.generate().public)
    with pytest.raises(HeadsError, match="no export"):
        read_heads("[]")


def test_the_daily_export_is_signed_by_a_key_that_only_its_user_reads(
    committed_db: str, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DATA_DIR = tmp_path / "data"
    write(2)

    call_command("audit_heads", str(tmp_path / "out"))
    call_command("audit_heads", str(tmp_path / "out"))

    path = Path(capsys.readouterr().out.splitlines()[-1])
    assert read_heads(path.read_text(), public_key=heads_key().public)[AGENCY][0] == 2
    assert ((tmp_path / "data" / "secrets" / "audit-heads.key").stat().st_mode & 0o777) == 0o600
    call_command("audit_verify", "--heads", str(path))
    assert "Whole: 1 chains, 2 events" in capsys.readouterr().out


def test_an_event_reads_as_a_sentence() -> None:
    with pytest.raises(ValueError, match=r"noun\.past"):
        record(verb="opened", by="member-1")
    with pytest.raises(ValueError, match="by whom"):
        record(verb="case.opened", by="")
