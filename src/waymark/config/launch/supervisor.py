"""Keeping the web server, the worker and the embedded database running, and ending all of them together.

Every process that we start carries a mark in its environment. After a launcher was killed outright, the next one holds the
lock, so every process that still bears the mark is an orphan, and is ended before anything new is started.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from waymark.config.launch.cluster import Cluster
from waymark.config.launch.options import Place
from waymark.config.launch.progress import Trouble

MARK = "WAYMARK_STARTED_FROM"
LOG_LIMIT = 10_000_000
PATIENCE = 20.0


def mark_of(place: Place) -> str:
    """The mark of this data folder's processes."""
    return hashlib.sha256(os.fsencode(place.data)).hexdigest()[:16]


def marked_processes(mark: str) -> list[int]:
    """Processes of ours that bear the mark (Linux tells; elsewhere nothing is known and nothing is ended)."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int(entry.name) != os.getpid() and wanted in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return found


def end_orphans(mark: str) -> int:
    """End what a killed launcher left running; say how many there were."""
    found = marked_processes(mark)
    for process in found:
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGTERM)
    until = time.monotonic() + 5
    while marked_processes(mark) and time.monotonic() < until:
        time.sleep(0.05)
    # Again and again: a server that starts its workers anew may have made one while the list was read.
    while stubborn := marked_processes(mark):
        for process in stubborn:
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.05)
    return len(found)


@dataclass
class Child:
    """One process that must be running."""

    name: str
    command: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started: float = 0.0


@dataclass
class Supervisor:
    """Starts the children, starts again what dies, and stops everything in order."""

    place: Place
    environment: dict[str, str]
    cluster: Cluster | None
    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    stopping: bool = False

    def add(self, name: str, command: Sequence[str]) -> None:
        """Take a process into care and start it."""
        child = Child(name, command, self.place.logs / f"{name}.log")
        self.children.append(child)
        self._start(child)

    def _start(self, child: Child) -> None:
        child.log.parent.mkdir(parents=True, exist_ok=True)
        if child.log.exists() and child.log.stat().st_size > LOG_LIMIT:
            child.log.replace(child.log.with_suffix(".log.1"))
        with child.log.open("ab") as log:
            child.process = subprocess.Popen(
                list(child.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment | {MARK: mark_of(self.place)},
                cwd=self.place.root,
                start_new_session=True,  # Ctrl-C reaches the launcher alone, which stops the others in order
            )
        child.started = time.monotonic()

    def wait_until_ready(self, url: str, host: str, seconds: float = 60) -> None:
        """Return when the health page answers 200 to a request for the finder's host name."""
        request = urllib.request.Request(url, headers={"Host": host})  # noqa: S310 (our own address)
        until = time.monotonic() + seconds
        web = self.children[0]
        while not self.stopping:
            with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
                if answer.status == 200:
                    return
            if web.process is not None and web.process.poll() is not None:
                raise Trouble(f"The web server did not start; its log {web.log} ends:\n    {tail(web.log)}")
            if time.monotonic() > until:
                raise Trouble(f"The web server does not answer at {url}; see {web.log}.")
            time.sleep(0.05)

    def watch(self) -> None:
        """Stay until asked to stop; start again whatever was killed."""
        looked_at_database = time.monotonic()
        while not self.stopping:
            time.sleep(0.2)
            now = time.monotonic()
            if self.cluster is not None and now - looked_at_database > 2:
                looked_at_database = now
                if not self.cluster.running():
                    self.say("the database had stopped: starting it again")
                    try:
                        self.cluster.start()
                    except Trouble as trouble:
                        self.say(f"{trouble} Trying again.")
            for child in self.children:
                self._look_after(child, now)

    def _look_after(self, child: Child, now: float) -> None:
        if child.process is None:
            pause = min(30.0, 0.5 * 2 ** min(child.failures, 6))
            if now - child.started > pause:
                self._start(child)
            return
        code = child.process.poll()
        if code is None:
            if child.failures and now - child.started > 60:
                child.failures = 0
            return
        _signal_group(child.process.pid, signal.SIGKILL)  # its own children would hold the port
        child.failures += 1
        child.process = None
        self.say(f"the {child.name} ended (exit {code}): starting it again; see {child.log}")

    def stop(self) -> None:
        """End the children, then the database."""
        self.stopping = True
        alive = [child.process for child in self.children if child.process is not None]
        for process in alive:
            with contextlib.suppress(OSError):
                process.terminate()
        until = time.monotonic() + PATIENCE
        for process in alive:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, until - time.monotonic()))
        for process in alive:
            _signal_group(process.pid, signal.SIGKILL)
            process.wait()
        end_orphans(mark_of(self.place))
        if self.cluster is not None:
            self.cluster.stop()


def _signal_group(leader: int, number: signal.Signals) -> None:
    with contextlib.suppress(OSError):
        os.killpg(leader, number)


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log, indented for the terminal."""
    try:
        return "\n    ".join(log.read_text(errors="replace").strip().splitlines()[-lines:])
    except OSError:
        return "(nothing)"
