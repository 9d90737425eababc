"""Remembered pages: fast, and never older than the last public change, however it was made."""

from __future__ import annotations

import urllib.error
import urllib.request
from urllib.parse import urlsplit

import psycopg
from tests.factories.directory import ServiceFactory
from tests.plugins.database import OWNER, TestCluster
from tests.plugins.server import Server


def read(url: str, **headers: str) -> str:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        return str(answer.read().decode())


def test_a_remembered_page_shows_a_change_at_once(web_server: Server, committed_db: str, test_cluster: TestCluster) -> None:
    service = ServiceFactory(name="Soup kitchen")
    url = f"{web_server.url}/en/s/{service.pk}/"
    for number in range(5):
        with psycopg.connect(test_cluster.url(committed_db, OWNER), autocommit=True) as connection:
            connection.execute("UPDATE directory_service SET name = %s WHERE id = %s", [f"Kitchen {number}", service.pk])
        assert f"Kitchen {number}" in read(url)
        assert f"Kitchen {number}" in read(url)


def test_the_pages_outlive_a_database_that_hangs_up(
    web_server: Server, committed_db: str, test_cluster: TestCluster
) -> None:
    ServiceFactory(name="Soup kitchen")
    url, news = f"{web_server.url}/en/find/all/", urlsplit(f"{web_server.news_url}/figures/")

    def read_news() -> str:
        return read(f"{web_server.url}{news.path}", Host=news.netloc)

    assert "Soup kitchen" in read(url)
    kept = [read_news() for _ in range(3)]
    with psycopg.connect(test_cluster.url(committed_db), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )
    answers = []
    for _ in range(6):
        try:
            answers.append("Soup kitchen" in read(url))
        except urllib.error.HTTPError:
            answers.append(False)
    assert answers[-1] is True
    assert [read_news() for _ in range(3)] == kept, "the door does not answer trouble; it lets the question in"


def test_languages_do_not_mix_on_the_bare_address(web_server: Server) -> None:
    for code in ("es", "ar", "en", "es"):
        assert f'<html lang="{code}"' in read(f"{web_server.url}/", **{"Accept-Language": code})
