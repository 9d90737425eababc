"""A client-bound table for tests of the second wall, and connections as an attacker who can run SQL would have them.

- `walled`: a committed database of the test module with two agencies, each with one `walled_case` and one `walled_note`.
- `walled.line()`: a connection of the application's role, outside Django; `line.act(agency)` begins a transaction as the
  application does, with a signed context.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from tests.plugins.database import TestCluster, _point_at

from waymark.access.context import SETTING, Context, token
from waymark.access.rows import CompositeForeignKey, RowSecurity
from waymark.config.launch.database import OWNER

ACTOR = uuid.UUID("00000000-0000-4000-8000-00000000ac70")
TABLES = """
CREATE TABLE walled_case (
    id uuid PRIMARY KEY, agency_id uuid NOT NULL REFERENCES accounts_agency (id), code text NOT NULL,
    UNIQUE (agency_id, id), UNIQUE (agency_id, code)
);
CREATE TABLE walled_note (
    id uuid PRIMARY KEY, agency_id uuid NOT NULL REFERENCES accounts_agency (id), case_id uuid NOT NULL, text text NOT NULL,
    UNIQUE (agency_id, id)
);
"""
WALLS = (
    RowSecurity("walled_case"),
    RowSecurity("walled_note"),
    CompositeForeignKey("walled_note", "case_id", "walled_case"),
)


@dataclass
class Line:
    """One connection of the application's role."""

    connection: psycopg.Connection[tuple[Any, ...]]

    def sql(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        cursor = self.connection.execute(statement.encode(), parameters or None)
        return cursor.fetchall() if cursor.description else []

    def one(self, statement: str, parameters: Sequence[Any] = ()) -> Any:
        return self.sql(statement, parameters)[0][0]

    def begin(self) -> None:
        self.sql("BEGIN")

    def rollback(self) -> None:
        self.sql("ROLLBACK")

    def signed(self, agency: uuid.UUID, user: uuid.UUID = ACTOR) -> str:
        """The token that the application would make for this transaction."""
        pid, begun_at = self.sql("SELECT pg_backend_pid(), transaction_timestamp()")[0]
        return token(Context(agency, user), pid, begun_at)

    def claim(self, text: str) -> None:
        """Set the context to any text, as SQL of the application's role can."""
        self.sql(f"SELECT set_config('{SETTING}', %s, true)", [text])

    def act(self, agency: uuid.UUID) -> str:
        """Begin a transaction that rightly acts for `agency`."""
        self.begin()
        made = self.signed(agency)
        self.claim(made)
        return made

    def refused(self, statement: str, parameters: Sequence[Any] = ()) -> psycopg.Error:
        """The error of a statement that must fail; the transaction goes on."""
        self.sql("SAVEPOINT before_refusal")
        try:
            self.sql(statement, parameters)
        except psycopg.Error as error:
            self.sql("ROLLBACK TO SAVEPOINT before_refusal")
            return error
        pytest.fail(f"not refused: {statement}")

    @property
    def agency(self) -> uuid.UUID | None:
        found: uuid.UUID | None = self.one("SELECT access.current_agency()")
        return found


@dataclass
class Walled:
    """Two agencies behind walls."""

    name: str
    ours: uuid.UUID
    theirs: uuid.UUID
    our_case: uuid.UUID
    their_case: uuid.UUID
    line: Callable[[], Line]
    owner: Callable[..., list[tuple[Any, ...]]]

    def sees_and_writes_nothing(self, line: Line) -> None:
        """Whatever this transaction claims to be, it is nobody."""
        assert line.agency is None
        assert line.one("SELECT access.current_actor()") is None
        for table in ("walled_case", "walled_note"):
            assert line.one(f"SELECT count(*) FROM {table}") == 0
        for statement in (
            "UPDATE walled_case SET code = 'taken'",
            "DELETE FROM walled_note",
            "DELETE FROM walled_case",
        ):
            assert line.connection.execute(statement.encode()).rowcount == 0
        for agency in (self.ours, self.theirs):
            error = line.refused(
                "INSERT INTO walled_case (id, agency_id, code) VALUES (gen_random_uuid(), %s, 'forged')", [agency]
            )
            assert isinstance(error, psycopg.errors.InsufficientPrivilege)

    def is_untouched(self) -> None:
        """Behind the walls everything is as it was."""
        assert self.owner("SELECT agency_id, code FROM walled_case ORDER BY code") == [
            (self.ours, "ours"),
            (self.theirs, "theirs"),
        ]
        assert self.owner("SELECT count(*) FROM walled_note") == [(2,)]


@pytest.fixture(scope="module")
def walls(test_cluster: TestCluster, django_db_setup: None) -> Iterator[Walled]:
    """The module's database behind walls. Attacks leave nothing in it; a test that does cleans up behind itself."""
    name = test_cluster.clone()

    def owner(statement: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with psycopg.connect(test_cluster.url(name, OWNER), autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), parameters or None)
            return cursor.fetchall() if cursor.description else []

    owner(TABLES)
    for wall in WALLS:
        for statement in [wall.sql] if isinstance(wall.sql, str) else wall.sql:
            owner(statement)
    ours, theirs, our_case, their_case = (uuid.uuid4() for _ in range(4))
    for number, (agency, case, code) in enumerate(((ours, our_case, "ours"), (theirs, their_case, "theirs"))):
        owner(
            "INSERT INTO accounts_agency (id, name, short_name, kind, state, created_at)"
            " VALUES (%s, %s, 'Invented', 'victim_services', 'active', now())",
            (agency, f"Invented walled agency {number}"),
        )
        owner("INSERT INTO walled_case VALUES (%s, %s, %s)", (case, agency, code))
        owner("INSERT INTO walled_note VALUES (gen_random_uuid(), %s, %s, 'note of ' || %s)", (agency, case, code))
    opened: list[psycopg.Connection[Any]] = []

    def line() -> Line:
        opened.append(psycopg.connect(test_cluster.url(name), autocommit=True))
        return Line(opened[-1])

    try:
        yield Walled(name, ours, theirs, our_case, their_case, line, owner)
    finally:
        for connection in opened:
            with suppress(psycopg.Error):
                connection.close()
        test_cluster.drop(name)


@pytest.fixture
def walled(walls: Walled, test_cluster: TestCluster, django_db_blocker: Any) -> Iterator[Walled]:
    """The module's walled database, which Django's own connection leads to as well; commits are real."""
    with django_db_blocker.unblock():
        _point_at(test_cluster, walls.name)
        try:
            yield walls
        finally:
            _point_at(test_cluster, "waymark_test")
