"""The tests, and the web server, run as a role that owns nothing and cannot look past the walls."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_application_role_owns_nothing_and_bypasses_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("waymark_app", False, False, False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE public.mine (id int)", "CREATE SCHEMA mine", "DROP TABLE accounts_user", "TRUNCATE accounts_user"],
)
def test_the_application_role_cannot_change_the_schema(statement: str) -> None:
    with connection.cursor() as cursor, pytest.raises(Exception, match=r"permission denied|must be owner"):
        cursor.execute(statement)


def test_committed_rows_are_seen_from_another_connection(committed_db, test_cluster) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO accounts_signinattempt (account_key, sender_key, tried_at) VALUES ('a', 'b', now())")
    with psycopg.connect(test_cluster.url(committed_db)) as other:
        assert other.execute("SELECT sender_key FROM accounts_signinattempt").fetchall() == [("b",)]


def test_each_committed_database_starts_empty(committed_db, owner) -> None:
    assert owner("SELECT count(*) FROM accounts_signinattempt") == [(0,)]


def test_the_web_server_answers_from_the_tests_database(web_server) -> None:
    import urllib.request

    with urllib.request.urlopen(f"http://127.0.0.1:{web_server.port}/healthz") as answer:
        assert (answer.status, answer.read()) == (200, b"ok\n")
