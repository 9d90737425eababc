"""Reading the file of a first start makes the database that it was written from.

That it is what the migrations make is seen where they run: test_real_server.py.
"""

from __future__ import annotations

import re

import psycopg
from tests.plugins.database import TestCluster, new_database

from waymark.config.launch.database import Database
from waymark.config.launch.schema import SCHEMA, dump_schema, load_schema


def _plain(text: str) -> str:
    """Without the casts of words to words: the server writes a list of words another way once it has read it."""
    return re.sub(r"::(?:character varying|text)(?:\[\])?|[()]", "", text)


def test_reading_the_file_makes_the_same_database(test_cluster: TestCluster) -> None:
    name = "from_the_file"
    read = new_database(test_cluster.cluster, name)
    try:
        assert load_schema(read)
        assert _plain(dump_schema(test_cluster.cluster.programs, read.owner())) == _plain(
            SCHEMA.read_text(encoding="utf-8")
        )
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
