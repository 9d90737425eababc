"""A deployment's own PostgreSQL: set up as docs/howto/deploy.md says, word for word, then used through DATABASE_URL."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.plugins.database import ROOT, _site_packages, scratch_folder
from tests.plugins.server import free_port

from waymark.config.launch import database as launch_database
from waymark.config.launch.cluster import Cluster, psql, wait_until_answers
from waymark.config.launch.progress import Trouble
from waymark.config.launch.schema import SCHEMA, dump_schema

pytestmark = pytest.mark.house

GUIDE = (ROOT / "docs/howto/deploy.md").read_text()


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    """A fresh server, on which an administrator has run the guide's statements."""
    with scratch_folder() as scratch:
        cluster = Cluster.at(scratch / "pg", _site_packages(), fast=True)
        cluster.start()
        try:
            (statements,) = re.findall(r"```sql\n(.*?)```", GUIDE, re.DOTALL)
            here = cluster.superuser_url("waymark")
            psql(cluster.programs, cluster.superuser_url(), statements.replace("\\connect waymark", f'\\connect "{here}"'))
            yield cluster
        finally:
            cluster.stop("immediate")


def waymark(server: Cluster, data: Path, *arguments: str, owner: bool = False) -> subprocess.CompletedProcess[str]:
    """Run ./waymark as on a machine of that installation, with or without the owner's address."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WAYMARK_", "DATABASE_", "DJANGO_"))}
    kept |= {"WAYMARK_DATA_DIR": str(data), "DATABASE_URL": app(server)}
    if owner:
        kept["DATABASE_OWNER_URL"] = owners(server)
    return subprocess.run(
        [sys.executable, str(ROOT / "waymark"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
        env=kept,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def machine(server: Cluster, tmp_path: Path):
    return functools.partial(waymark, server, tmp_path / "data")


@pytest.fixture(scope="module")
def migrated(server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Cluster:
    """The server, on which all migrations have run since the first."""
    data = tmp_path_factory.mktemp("machine") / "data"
    done = waymark(server, data, "manage", "migrate", "--no-input", "--verbosity", "0", owner=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return server


def owners(server: Cluster) -> str:
    return server.url("waymark_owner", "owner-password", "waymark")


def app(server: Cluster) -> str:
    return server.url("waymark_app", "app-password", "waymark")


def test_the_guide_s_roles_have_the_rights_of_the_embedded_ones(server: Cluster) -> None:
    words = {"owner": launch_database.OWNER, "app": launch_database.APP}
    for statement in filter(str.strip, launch_database.PRIVILEGES.format(**words).split(";")):
        assert f"{statement.strip()};" in GUIDE
    for extension in launch_database.EXTENSIONS:
        assert f"CREATE EXTENSION IF NOT EXISTS {extension};" in GUIDE
    flags = "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = '{}';"
    assert server.sql(flags.format("waymark_app")).strip() == "f|f|f|f"
    assert server.sql(flags.format("waymark_owner")).strip() == "f|f|f|t"


def test_without_the_owner_an_empty_database_is_refused_in_one_sentence(machine) -> None:
    done = machine("web", "--port", str(free_port()))
    assert done.returncode == 1
    assert done.stderr == (
        "waymark: The database is not as this code expects it: bring it up to date as the owner "
        "(DATABASE_OWNER_URL set) with ./waymark manage migrate.\n"
    )


def test_the_file_of_a_first_start_is_what_the_migrations_make(migrated: Cluster, request: pytest.FixtureRequest) -> None:
    made = dump_schema(migrated.programs, owners(migrated))
    if request.config.getoption("--write-schema"):
        SCHEMA.write_text(made, encoding="utf-8")
    assert made == SCHEMA.read_text(encoding="utf-8"), "pytest tests/waymark/config/test_real_server.py --write-schema"


def test_serve_back_up_and_restore_on_a_real_server(machine, migrated: Cluster, tmp_path: Path) -> None:
    server = migrated
    port = free_port()
    done = machine("up", "--no-demo", "--detach", "--port", str(port))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the server of DATABASE_URL" in done.stdout
    assert not (tmp_path / "data" / "postgresql").exists(), "an embedded cluster was made beside the real server"
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
        assert answer.status == 200
    assert machine("stop").stdout == "Stopped.\n"
    assert server.running(), "stop must leave a real server alone"

    with psycopg.connect(app(server), autocommit=True) as connection:
        connection.execute(
            "INSERT INTO accounts_session VALUES ('before', '', now(), gen_random_uuid(), now(), now(), '', NULL)"
        )
        connection.execute("INSERT INTO coalition_postalarea VALUES ('00001', 0, 0, '', false, 'before')")
    refused = machine("backup", str(tmp_path / "none.tar"))
    assert (refused.returncode, "set DATABASE_OWNER_URL" in refused.stderr) == (1, True)
    done = machine("backup", str(tmp_path / "all.tar"), owner=True)
    assert done.returncode == 0, done.stdout + done.stderr
    with psycopg.connect(app(server), autocommit=True) as connection:
        connection.execute("DELETE FROM coalition_postalarea")
        connection.execute("INSERT INTO coalition_postalarea VALUES ('00002', 0, 0, '', false, 'after')")
    told = "SELECT verb, actor, object_id FROM audit_event WHERE verb LIKE 'backup.%' ORDER BY id"
    made = server.sql(told, "waymark").split()
    assert made[0].startswith("backup.made|command:waymark")
    done = machine("restore", "--yes", str(tmp_path / "all.tar"), owner=True)
    assert done.returncode == 0, done.stdout + done.stderr
    # A backup does not hold its own event; what was restored is told by the same fingerprint.
    (restored,) = server.sql(told, "waymark").strip().splitlines()
    assert restored.startswith("backup.restored|command:waymark restore|")
    assert restored.rpartition("|")[2] == made[-1].rpartition("|")[2]
    with psycopg.connect(app(server), autocommit=True) as connection:
        assert connection.execute("SELECT source FROM coalition_postalarea").fetchall() == [("before",)]
        # Who was signed in when the backup was made is not in it.
        assert connection.execute("SELECT session_key FROM accounts_session").fetchall() == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (id int)")
        connection.execute("SELECT similarity('a', 'b'), earth_distance(ll_to_earth(0, 0), ll_to_earth(1, 1))")
        # The key that signs contexts is not in the backup; it came back from the secret, where this role cannot read it.
        assert connection.execute("SELECT access.current_agency()").fetchone() == (None,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT inner_pad FROM access.context_key")
    with psycopg.connect(owners(server)) as connection:
        assert connection.execute("SELECT count(*) FROM access.context_key").fetchone() == (1,)


def test_a_silent_server_is_told_without_its_password(server: Cluster) -> None:
    with pytest.raises(Trouble) as told:
        wait_until_answers(server.programs, "postgresql://a:b@127.0.0.1:9/none", 0.6)
    assert str(told.value).startswith("The server of DATABASE_URL does not answer: ")
    assert "\n" not in str(told.value)
    assert "a:b" not in str(told.value)


@pytest.mark.nightly
def test_a_server_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WAYMARK_", "DATABASE_", "DJANGO_"))}
    with contextlib.suppress(subprocess.TimeoutExpired):
        done = subprocess.run(
            [sys.executable, str(ROOT / "waymark"), "manage", "check"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env=kept | {"WAYMARK_DATA_DIR": str(tmp_path), "DATABASE_URL": "postgresql://a:b@127.0.0.1:9/none"},
        )
        assert done.returncode == 1
        assert "The server of DATABASE_URL does not answer" in done.stderr
        assert done.stderr.count("\n") == 1
        assert "a:b" not in done.stderr
        return
    pytest.fail("it waited for more than a minute")
