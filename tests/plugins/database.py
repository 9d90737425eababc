"""A PostgreSQL for the tests, and the application's own role to run them as.

The walls of the database bind the application's role, so a test that ran as the owner would prove nothing. Each session
copies a stopped cluster whose template database was migrated once (kept under .waymark/tests, keyed on the migrations),
starts the copy and throws it away: sessions can run side by side, and the next one sweeps up what a killed one left.

- `db` (pytest-django's): one transaction, rolled back. Use it unless the test is about commits.
- `committed_db`: a database of its own, cloned from the template; commits are real, as for walls, jobs and browsers.
- `owner`: run SQL as the owner role in the test's database, to look behind the walls or set a stage.
- `demo_region`: a database that holds the demo region, to be cloned by whoever needs one.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone

from waymark.access.context import key_statement
from waymark.config.launch.building import migrations_key
from waymark.config.launch.cluster import Cluster
from waymark.config.launch.database import APP, OWNER, Database, provision
from waymark.config.launch.locks import one_at_a_time
from waymark.config.launch.options import Place
from waymark.config.launch.schema import load_schema
from waymark.config.launch.throwaway import throwaway

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = "waymark_template"
PASSWORD = "only-for-tests"
KEPT = 2
PREFIX = "waymark-test-"


class TestCluster:
    """One session's running cluster and the databases in it."""

    __test__ = False

    def __init__(self, cluster: Cluster, blocker: Any) -> None:
        self.cluster = cluster
        self.blocker = blocker
        self.numbers = itertools.count(1)
        # One connection for making and dropping: starting psql for each would cost more than the databases do.
        self.superuser = psycopg.connect(cluster.superuser_url(), autocommit=True)

    def clone(self, name: str | None = None, *, template: str = TEMPLATE) -> str:
        """A fresh database, equal to the migrated template or to another that nobody uses just now."""
        made = name or f"committed_{next(self.numbers)}"
        for statement in (
            f"CREATE DATABASE {made} TEMPLATE {template} OWNER {OWNER} STRATEGY FILE_COPY",
            f"REVOKE ALL ON DATABASE {made} FROM PUBLIC",
            f"GRANT CONNECT, TEMPORARY ON DATABASE {made} TO {APP}",
        ):
            self.superuser.execute(statement)
        return made

    def drop(self, name: str) -> None:
        self.superuser.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def url(self, name: str, role: str = APP) -> str:
        return self.cluster.url(role, PASSWORD, name)


def _place() -> Place:
    return Place(ROOT, ROOT / ".waymark")


def _site_packages() -> Path:
    return Path(psycopg.__file__).parents[1]


def _template_folder() -> Path:
    """The stopped cluster with the template database, made when the migrations have changed.

    It is made as a first start makes one: from the schema's file, which a test holds to the migrations, and then by those
    migrations that the file does not know yet.
    """
    place = _place()
    base = place.root / ".waymark" / "tests"
    base.mkdir(parents=True, exist_ok=True)
    kept = base / f"{migrations_key(place)}-{os.geteuid()}"
    with one_at_a_time(base / "lock"):
        if kept.exists():
            os.utime(kept)
            return kept
        with scratch_folder() as scratch:
            cluster = Cluster.at(scratch / "pg", _site_packages(), fast=True)
            cluster.start()
            try:
                load_schema(new_database(cluster, TEMPLATE))
                migrate(cluster, TEMPLATE)
            finally:
                cluster.stop()
            subprocess.run(["cp", "-a", "--reflink=auto", cluster.folder, kept], check=True)
        for old in sorted(base.glob("*-*"), key=lambda path: path.stat().st_mtime, reverse=True)[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)
        return kept


def new_database(cluster: Cluster, name: str) -> Database:
    """A database with its roles and nothing in it."""
    provision(cluster, owner_password=PASSWORD, app_password=PASSWORD, name=name)
    return Database(cluster.url(APP, PASSWORD, name), cluster.url(OWNER, PASSWORD, name), cluster.programs, cluster)


def migrate(cluster: Cluster, name: str) -> None:
    """Run the migrations that a database has not seen."""
    owner = {"DATABASE_URL": cluster.url(OWNER, PASSWORD, name), "DJANGO_SETTINGS_MODULE": "waymark.config.settings"}
    command = [sys.executable, "-m", "django", "migrate", "--no-input", "--verbosity", "0"]
    subprocess.run(command, check=True, cwd=ROOT, env=os.environ | owner)


def scratch_folder() -> AbstractContextManager[Path]:
    """A folder for a cluster of the tests; a server that a killed session left in one is stopped first."""

    def stop_server(folder: Path) -> None:
        if (folder / "pg").exists():
            Cluster.at(folder / "pg", _site_packages(), fast=True).stop("immediate")

    return throwaway(PREFIX, before_removal=stop_server)


@pytest.fixture(scope="session")
def test_cluster(django_db_blocker: Any) -> Iterator[TestCluster]:
    """The session's cluster; started for the first test that needs a database."""
    template = _template_folder()
    with scratch_folder() as scratch:
        subprocess.run(["cp", "-a", "--reflink=auto", template, scratch / "pg"], check=True)
        cluster = Cluster.at(scratch / "pg", _site_packages(), fast=True)
        cluster.start()
        _install_context_key(cluster)
        try:
            made = TestCluster(cluster, django_db_blocker)
            with made.superuser:
                yield made
        finally:
            cluster.stop("immediate")


def _install_context_key(cluster: Cluster) -> None:
    """The template may have been migrated under another secret than this session's."""
    with psycopg.connect(cluster.url(OWNER, PASSWORD, TEMPLATE), autocommit=True) as connection:
        connection.execute(*key_statement())


def _point_at(test_cluster: TestCluster, name: str) -> None:
    connections.close_all()
    for alias in connections:
        settings: dict[str, Any] = connections.databases[alias]
        settings.update(NAME=name, USER=APP, PASSWORD=PASSWORD, HOST=str(test_cluster.cluster.socket_folder), PORT="")
        settings["OPTIONS"] = {key: value for key, value in settings["OPTIONS"].items() if key != "pool"}


@contextmanager
def pointed_at(test_cluster: TestCluster, name: str) -> Iterator[None]:
    """Django's connection goes to another of the session's databases; never in the middle of a transaction."""
    before = str(connections.databases["default"]["NAME"])
    _point_at(test_cluster, name)
    try:
        with test_cluster.blocker.unblock():
            yield
    finally:
        _point_at(test_cluster, before)


@pytest.fixture(scope="session")
def django_db_setup(test_cluster: TestCluster) -> Iterator[None]:
    """pytest-django's door: it would create a database as the application's role, which may not.

    A test in one transaction has one connection, so attempts are told there too and rolled back with the rest;
    `committed_db` gives them the connection of their own.
    """
    test_cluster.clone("waymark_test")
    _point_at(test_cluster, "waymark_test")
    with override_settings(AUDIT_ATTEMPTS_DATABASE="default"):
        yield
    connections.close_all()


@pytest.fixture(scope="session")
def demo_region(test_cluster: TestCluster, django_db_setup: None) -> str:
    """The name of a database with the demo region. It is loaded once a session, and nobody works in it: clone it."""
    from waymark.directory.actions.demo_region import load_demo_region

    name = test_cluster.clone("kept_demo_region")
    with pointed_at(test_cluster, name):
        load_demo_region(today=timezone.localdate())
    return name


@pytest.fixture
def transactional_db() -> None:
    """Emptying tables takes the owner's rights; a cloned database needs none."""
    pytest.fail("Use committed_db: the application's role cannot empty tables between tests.")


@pytest.fixture
def committed_db(test_cluster: TestCluster, django_db_setup: None) -> Iterator[str]:
    """A database of the test's own, whose commits are real. Gives its name."""
    name = test_cluster.clone()
    attempts = override_settings(AUDIT_ATTEMPTS_DATABASE="attempts")
    try:
        with attempts, pointed_at(test_cluster, name):
            yield name
    finally:
        test_cluster.drop(name)


@pytest.fixture
def owner(test_cluster: TestCluster, django_db_setup: None) -> Callable[..., list[tuple[Any, ...]]]:
    """Run SQL as the owner in the database that the test uses; rows come back as tuples, and it commits at once."""

    def run(statement: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        name = connections.databases["default"]["NAME"]
        with psycopg.connect(test_cluster.url(str(name), OWNER), autocommit=True) as connection:
            cursor = connection.execute(statement, parameters)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    return run
