"""The file that a first start reads is what the migrations make, and reading it makes the same database."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest
from tests.plugins.database import TestCluster, migrate, new_database

from waymark.config.launch.database import Database
from waymark.config.launch.schema import SCHEMA, dump_schema, load_schema


@pytest.fixture(scope="module")
def migrated(test_cluster: TestCluster) -> Iterator[str]:
    """What all migrations make of an empty database, as SQL."""
    made = new_database(test_cluster.cluster, "migrated")
    migrate(test_cluster.cluster, "migrated")
    yield dump_schema(made.programs, made.owner())
    test_cluster.drop("migrated")


def _plain(text: str) -> str:
    """Without the casts of words to words: the server writes a list of words another way once it has read it."""
    return re.sub(r"::(?:character varying|text)(?:\[\])?|[()]", "", text)


def test_the_file_is_what_the_migrations_make(migrated: str, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--write-schema"):
        SCHEMA.write_text(migrated, encoding="utf-8")
    assert migrated == SCHEMA.read_text(encoding="utf-8"), "pytest tests/waymark/config/test_schema.py --write-schema"


def test_reading_the_file_makes_the_same_database(test_cluster: TestCluster, migrated: str) -> None:
    name = "from_the_file"
    read = new_database(test_cluster.cluster, name)
    try:
        assert load_schema(read)
        assert _plain(dump_schema(test_cluster.cluster.programs, read.owner())) == _plain(migrated)
        with psycopg.connect(read.owner()) as connection:
            found = connection.execute("SELECT count(*) FROM access.context_key").fetchone()
            assert found == (0,), "a key is an installation's own"
            old = connection.execute("SELECT count(*) FROM django_migrations WHERE applied < now() - interval '1 hour'")
            assert old.fetchone() == (0,)
        assert not load_schema(read), "what holds tables is left alone"
    finally:
        test_cluster.drop(name)


def test_a_server_of_somebody_else_is_migrated_and_never_filled_from_the_file(test_cluster: TestCluster) -> None:
    ours = new_database(test_cluster.cluster, "elsewhere")
    try:
        assert not load_schema(Database(ours.url, ours.owner_url, ours.programs, None))
    finally:
        test_cluster.drop("elsewhere")
