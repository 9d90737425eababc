"""What one page leaves on its connection is not there for the next page that gets it from the pool."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from runpy import run_path
from typing import Any

import pytest
from django.conf import settings
from psycopg_pool import ConnectionPool
from tests.plugins.database import TestCluster
from tests.plugins.walled import Line, Walled

from waymark.access.pool import forget
from waymark.config import settings as file

Pool = ConnectionPool[Any]


@pytest.fixture
def pool(walled: Walled, test_cluster: TestCluster) -> Iterator[Pool]:
    """The application's pool with one connection, which every page must share."""
    options = {**settings.DATABASES["default"]["OPTIONS"]}
    url = test_cluster.url(walled.name)
    asked = {"min_size": 1, "max_size": 1, "timeout": 5, "reset": forget}
    with ConnectionPool(url, kwargs={"options": options["options"], "autocommit": True}, **asked) as made:
        yield made


def test_the_applications_pool_forgets() -> None:
    """Read from the file: the tests themselves run without the pool."""
    options = run_path(str(Path(file.__file__)))["DATABASES"]["default"]["OPTIONS"]
    assert options["pool"]["reset"] is forget


def test_a_planted_table_catches_nothing_of_the_next_page(walled: Walled, pool: Pool) -> None:
    with pool.connection() as connection:
        attacker = Line(connection)
        attacker.sql("SET search_path = pg_temp, public")
        attacker.sql("CREATE TEMP TABLE walled_case (id uuid, agency_id uuid, code text)")
        pid = connection.info.backend_pid
    with pool.connection() as connection:
        victim = Line(connection)
        assert connection.info.backend_pid == pid, "the same connection, or this proves nothing"
        victim.act(walled.ours)
        assert victim.sql("SELECT code FROM walled_case") == [("ours",)]
        victim.rollback()
        assert victim.one("SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'") == 0


def test_a_planted_table_does_not_shadow_even_within_the_page(walled: Walled, pool: Pool) -> None:
    """Temporary tables are searched last unless somebody says otherwise."""
    with pool.connection() as connection:
        line = Line(connection)
        line.act(walled.ours)
        line.sql("CREATE TEMP TABLE walled_case (id uuid, agency_id uuid, code text)")
        assert line.sql("SELECT code FROM walled_case") == [("ours",)]
        line.rollback()


def test_settings_cursors_statements_and_locks_are_gone(walled: Walled, pool: Pool) -> None:
    with pool.connection() as connection:
        line = Line(connection)
        line.act(walled.ours)
        line.sql("DECLARE kept CURSOR WITH HOLD FOR SELECT code FROM walled_case")
        line.sql("COMMIT")
        line.sql("PREPARE planted AS SELECT 1")
        line.sql("SET row_security = off")
        line.sql("SELECT set_config('waymark.context', 'planted', false)")
        line.sql("SELECT pg_advisory_lock(1)")
        line.sql("LISTEN planted")
    with pool.connection() as connection:
        line = Line(connection)
        for table in ("pg_cursors", "pg_prepared_statements"):
            assert line.sql(f"SELECT * FROM {table}") == []
        assert line.one("SHOW row_security") == "on"
        assert not line.one("SELECT current_setting('waymark.context', true)")
        assert line.one("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0
        assert line.sql("SELECT pg_listening_channels()") == []
        assert line.one("SHOW search_path") == "public,pg_temp"
        assert line.one("SHOW TimeZone") == "UTC"
