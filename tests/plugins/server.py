"""The real web server, as `./waymark up` starts it, on a database of the test's own: for browsers, logs and streams."""

from __future__ import annotations

import io
import os
import secrets
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from tests.plugins.database import ROOT, TestCluster, _place, pointed_at

from waymark.config.launch.building import application_environment, collect_static
from waymark.config.launch.locks import one_at_a_time
from waymark.config.launch.options import Place, UpOptions
from waymark.config.launch.up import web_command


@dataclass(frozen=True)
class Server:
    """A running web server: its address and its log."""

    port: int
    log: Path
    cluster: TestCluster
    database: str

    @property
    def url(self) -> str:
        """The finder."""
        return f"http://localhost:{self.port}"

    @property
    def news_url(self) -> str:
        return f"http://news.localhost:{self.port}"

    @property
    def staff_url(self) -> str:
        return f"http://staff.localhost:{self.port}"

    def inside(self) -> AbstractContextManager[None]:
        """This process's Django works in the server's database, with the server's secret."""
        return pointed_at(self.cluster, self.database)

    def sessions_of(self, email: str, count: int) -> list[str]:
        """Keys of sessions as two factors would have begun them, so that not every journey signs in anew."""
        from tests.plugins.sessions import make

        with self.inside():
            return make(email, count)

    def manage(self, command: str, *arguments: str) -> str:
        """Run one of Django's commands on the server's database; gives what it printed."""
        told = io.StringIO()
        with self.inside():
            call_command(command, *arguments, stdout=told)
        return told.getvalue()


def environment_of(url: str) -> tuple[Place, dict[str, str]]:
    """Where commands run, and the variables that point them at a database of the tests."""
    place = _place()
    # The databases of the tests were given this process's key for signing contexts.
    key = os.environ.get("WAYMARK_CONTEXT_KEY") or settings.SECRET_KEY
    shared = {"WAYMARK_CONTEXT_KEY": key, "WAYMARK_SECRET_KEY": settings.SECRET_KEY}
    return place, application_environment(place, url, shared)


# Below the range from which the kernel takes ports for outgoing connections: one of those cannot slip in between.
PORTS = range(15_000, 32_000)
_given: set[int] = set()


def free_port() -> int:
    """A port that is free now, and that this process has not given away before."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            if port not in _given:
                _given.add(port)
                return port


@pytest.fixture(scope="session")
def static_files(test_cluster: TestCluster, django_db_setup: None) -> None:
    """The built front end, where pages that send a file of it find it."""
    _collect_static(test_cluster.url("waymark_test"))


def _collect_static(url: str) -> None:
    """Collect once: other processes of the same run wait, and find it done."""
    place = _place()
    with one_at_a_time(place.root / ".waymark" / "tests" / "static.lock"):
        collect_static(place, url)


@contextmanager
def serving(
    test_cluster: TestCluster, name: str, *, workers: int = 1, extra: dict[str, str] | None = None
) -> Iterator[Server]:
    """Run the web server on one of the session's databases."""
    place = _place()
    url = test_cluster.url(name)
    _collect_static(url)
    port = free_port()
    with tempfile.NamedTemporaryFile("wb", suffix=".log", delete=False) as log:
        process = subprocess.Popen(
            web_command(place, UpOptions(port=port, web_workers=workers)),
            cwd=ROOT,
            env=environment_of(url)[1] | (extra or {}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait(port, process, Path(log.name))
        yield Server(port, Path(log.name), test_cluster, name)
    finally:
        # A server of the tests has nothing to finish; in good order it would wait ten seconds for a browser to hang up.
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.unlink(log.name)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 30
    while True:
        with (
            suppress(urllib.error.URLError, OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2),
        ):
            return
        if process.poll() is not None or time.monotonic() > until:
            pytest.fail(f"The web server did not start:\n{log.read_text()[-3000:]}")
        time.sleep(0.05)


@pytest.fixture
def web_server(test_cluster: TestCluster, committed_db: str) -> Iterator[Server]:
    """The web server on the test's own committed database: what the test commits, the browser sees."""
    with serving(test_cluster, committed_db) as server:
        yield server


@pytest.fixture(scope="module")
def demo_server(test_cluster: TestCluster, demo_region: str) -> Iterator[Server]:
    """The web server on a copy of the demo region."""
    name = test_cluster.clone(template=demo_region)
    with serving(test_cluster, name) as server:
        yield server
    test_cluster.drop(name)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the machine's Chromium; `./waymark test` has looked for it."""
    from waymark.config.launch.testing import find_chromium

    # Playwright's sync interface keeps an event loop open in this thread; Django would take the test for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    found = find_chromium()
    if found is None:
        pytest.fail("The browser journeys need Chromium: install it, or leave them out with -m 'not browser'.")
    return found
