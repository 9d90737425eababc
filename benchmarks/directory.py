"""How fast is the directory? 10,000 synthetic services: our API beside a bare Django view and beside datasette.

    python -m benchmarks.directory [--services 10000] [--seconds 6]

Starts its own PostgreSQL, our web server, the bare view (the same SQL, see benchmarks/bare_view.py) and `datasette serve
--immutable` on the same rows, and asks each with `wrk -t1 -c4`, turning through many different pages, words, places and
ids. Our pages are remembered for a publication epoch, as in life; "cold" lines ask with per_page=51, which never is. The
database, the servers and wrk share the machine's cores. The contract is a ratio: at least 0.8 of the bare view,
and at least 1.3 of datasette's full-text search.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg

from benchmarks import synthetic
from benchmarks.asking import Speed, measure
from waymark.config.launch.cluster import Cluster
from waymark.config.launch.database import APP, OWNER, provision

ROOT = Path(__file__).resolve().parents[1]
PER_PAGE = 25
GOALS = {"list": 900, "search": 400, "search, cold": 400, "near me": 300, "detail": 400, "finder page": 3000}


@contextmanager
def serving(command: list[str], port: int, ready: str, env: dict[str, str]) -> Iterator[psutil.Process]:
    """A server, from its first answer on."""
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"http://localhost:{port}{ready}", timeout=5).read()
                break
            except OSError as problem:
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"{command[:3]} did not start") from problem
                time.sleep(0.2)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def granian(application: str, port: int) -> list[str]:
    """The web server as `./waymark up --web-workers 2` starts it."""
    program = shutil.which("granian", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
    return [
        str(program), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws", "--no-access-log",
        "--workers", "2", "--blocking-threads", "4", "--backpressure", "64", "--log-level", "warning", application,
    ]  # fmt: skip


def our_paths(services: int) -> dict[str, list[str]]:
    pages = max(1, services // PER_PAGE)
    return {
        "list": [f"/hsds/services?per_page={PER_PAGE}&page={n}" for n in range(1, min(pages, 100) + 1)],
        "search": [f"/hsds/services?per_page={PER_PAGE}&search={text.replace(' ', '+')}" for text in synthetic.searches()],
        "search, cold": [f"/hsds/services?per_page=51&search={text.replace(' ', '+')}" for text in synthetic.searches()],
        "near me": [
            f"/hsds/service_at_locations?per_page={PER_PAGE}&proximity=8000&postcode={code}" for code in synthetic.POSTCODES
        ],
        "detail": [f"/hsds/services/{key}" for key in synthetic.service_ids(services)],
        "finder page": ["/en/find/"],
    }


def statements(services: int) -> dict[str, list[list[Any]]]:
    """The SQL of our own answers, for the bare view."""
    from waymark.directory.selectors import lists

    def pair(name: str, **asked: Any) -> list[Any]:
        query = lists.ListQuery(per_page=PER_PAGE, **asked)
        made = lists.document_statement(name, query, None)
        rows = made.rows(made.column(query), PER_PAGE, (query.page - 1) * PER_PAGE)
        return [*rows, *made.count()]

    return {
        "list": [pair("service", page=n) for n in range(1, min(max(1, services // PER_PAGE), 100) + 1)],
        "search": [pair("service", search=text) for text in synthetic.searches()],
        "near me": [pair("service_at_location", postcode=code, proximity=8000) for code in synthetic.POSTCODES],
        "detail": [
            ['SELECT "full" FROM directory_servicedocument WHERE service_id = %s', [key], "", []]
            for key in synthetic.service_ids(services)
        ],
    }


def write_sqlite(path: Path) -> None:
    """The same services for datasette, with its full-text index."""
    from django.db import connection

    with sqlite3.connect(path) as target, connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.id::text, s.name, s.description, s.status, o.name, d.listed FROM directory_service s"
            " JOIN directory_organization o ON o.id = s.organization_id"
            " JOIN directory_servicedocument d ON d.service_id = s.id ORDER BY s.name"
        )
        target.execute("CREATE TABLE services (id TEXT PRIMARY KEY, name, description, status, organization, document)")
        target.executemany("INSERT INTO services VALUES (?, ?, ?, ?, ?, ?)", cursor.fetchall())
        target.execute("CREATE INDEX services_name ON services (name)")
        target.execute(
            "CREATE VIRTUAL TABLE services_fts USING fts5(name, description, content='services', tokenize=porter)"
        )
        target.execute("INSERT INTO services_fts (services_fts) VALUES ('rebuild')")


def datasette(folder: Path, port: int) -> tuple[list[str], dict[str, list[str]]]:
    search = (
        "SELECT services.id, services.name, services.description, status, organization"
        " FROM services JOIN services_fts ON services.rowid = services_fts.rowid"
        f" WHERE services_fts MATCH :q ORDER BY services_fts.rank LIMIT {PER_PAGE}"
    )
    (folder / "metadata.json").write_text(json.dumps({"databases": {"d": {"queries": {"search": {"sql": search}}}}}))
    write_sqlite(folder / "d.db")
    command = [
        str(Path(sys.executable).parent / "datasette"), "serve", "--immutable", str(folder / "d.db"), "-p", str(port),
        "--metadata", str(folder / "metadata.json"), "--setting", "suggest_facets", "off",
    ]  # fmt: skip
    paths = {
        "list": [f"/d/services.json?_size={PER_PAGE}&_sort=name&_col=id&_col=name&_col=description&_col=organization"],
        "search": [f"/d/search.json?q={text.replace(' ', '+')}" for text in synthetic.searches()],
        "detail": [f"/d/services/{key}.json" for key in synthetic.service_ids(500)],
    }
    return command, paths


def stream_all(port: int, process: psutil.Process) -> tuple[float, int, float]:
    """Everything as ndjson: seconds, lines, and by how many megabytes the server grew meanwhile."""

    def memory() -> float:
        found = [process, *process.children(recursive=True)]
        return sum(each.memory_info().rss for each in found) / 1e6

    before, most, lines = memory(), 0.0, 0
    begun = time.perf_counter()
    with urllib.request.urlopen(f"http://localhost:{port}/hsds/services?format=ndjson&full=true") as answer:
        while part := answer.read(1 << 20):
            lines += part.count(b"\n")
            most = max(most, memory())
    return time.perf_counter() - begun, lines, most - before


def run(services: int, seconds: int) -> bool:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="waymark-bench-", dir="/tmp")))
        folder.chmod(0o711)
        cluster = Cluster.at(folder / "pg", Path(psycopg.__file__).parents[1])
        cluster.start()
        stack.callback(cluster.stop)
        provision(cluster, owner_password="x", app_password="x")
        env = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "waymark.config.settings", "WAYMARK_DATA_DIR": str(folder / "data"),
            "WAYMARK_SECRET_KEY": "only for a benchmark", "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        }  # fmt: skip
        env["DATABASE_URL"] = cluster.url(OWNER, "x", "waymark")
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], check=True, cwd=ROOT, env=env)
        env["DATABASE_URL"] = cluster.url(APP, "x", "waymark")
        os.environ.update(env)
        subprocess.run(
            [sys.executable, "-m", "django", "collectstatic", "--no-input", "-v0"], check=True, cwd=ROOT, env=env
        )
        import django

        django.setup()
        begun = time.perf_counter()
        synthetic.load(services)
        print(f"{services} services stored and their documents made in {time.perf_counter() - begun:.1f} s")
        cluster.sql("VACUUM ANALYZE;", "waymark")
        (folder / "statements.json").write_text(json.dumps(statements(services), default=str))
        return compare(stack, folder, env, services, seconds)


def compare(stack: ExitStack, folder: Path, env: dict[str, str], services: int, seconds: int) -> bool:
    """Ask all three in turn, twice, and keep each one's better time: the machine may be busy with other work."""
    bare_env = {**env, "BARE_STATEMENTS": str(folder / "statements.json")}
    bare_env.pop("DJANGO_SETTINGS_MODULE")
    command, paths_of_peer = datasette(folder, 8703)
    process = stack.enter_context(serving(granian("waymark.config.wsgi:application", 8701), 8701, "/healthz", env))
    stack.enter_context(serving(granian("benchmarks.bare_view:application", 8702), 8702, "/list", bare_env))
    stack.enter_context(serving(command, 8703, "/-/versions.json", env))
    ours: dict[str, Speed] = {}
    bare: dict[str, Speed] = {}
    peer: dict[str, Speed] = {}
    bare_names = statements(services)
    for _ in range(2):
        for name, paths in our_paths(services).items():
            asked = [(ours, 8701, paths)]
            if name in bare_names:
                asked.append((bare, 8702, [f"/{name.replace(' ', '%20')}"]))
            if name in paths_of_peer:
                asked.append((peer, 8703, paths_of_peer[name]))
            for found, port, turned in asked:
                measure(folder, port, turned, 1)
                speed = measure(folder, port, turned, seconds)
                if name not in found or speed.rate > found[name].rate:
                    found[name] = speed
    took, lines, grew = stream_all(8701, process)
    good = True
    heads = ("ours/s", "p50 ms", "p99 ms", "goal/s", "bare/s", "ratio", "datasette/s", "ratio")
    print(f"{'':12}" + "".join(f"{head:>12}" for head in heads))
    for name, speed in ours.items():
        line = f"{name:12}{speed.rate:12.0f}{speed.p50:12.1f}{speed.p99:12.1f}{GOALS[name]:12}"
        if name in bare:
            ratio = speed.rate / bare[name].rate
            good = good and ratio >= 0.8
            line += f"{bare[name].rate:12.0f}{ratio:12.2f}"
        else:
            line += f"{'':24}"
        if name in peer:
            ratio = speed.rate / peer[name].rate
            good = good and (name != "search" or ratio >= 1.3)
            line += f"{peer[name].rate:12.0f}{ratio:12.2f}"
        print(line)
    print(f"ndjson of all, fully nested: {lines} lines in {took:.2f} s, the server grew by {grew:.0f} MB")
    return good and lines == services


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--services", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=6)
    options = parser.parse_args()
    return 0 if run(options.services, options.seconds) else 1


if __name__ == "__main__":
    sys.exit(main())
