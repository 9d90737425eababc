"""`./waymark up`: from a fresh clone to an open page, one step after the other; and `stop`."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import IO

from waymark.config.launch import building, demo
from waymark.config.launch.cluster import Cluster
from waymark.config.launch.database import Database, open_database
from waymark.config.launch.environment import ensure_environment
from waymark.config.launch.locks import one_at_a_time, try_lock, write_note
from waymark.config.launch.options import Place, UpOptions
from waymark.config.launch.progress import Trouble, explain_os_error, step
from waymark.config.launch.supervisor import Supervisor, end_orphans, mark_of

WORKER_ARGUMENTS = ("worker", "--concurrency", "2", "--shutdown-graceful-timeout", "10")


def up(place: Place, options: UpOptions) -> int:
    """Make, start and keep running; returns when everything has stopped (or, detached, when it answers)."""
    begun = time.monotonic()
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # under nohup it outlives its terminal
        signal.signal(signal.SIGHUP, _interrupt)
    _check_folder(place)
    lock = try_lock(place.run / "lock")
    if lock is None:
        raise Trouble(f"Waymark already runs from this folder ({_note_of(place)}): stop it with ./waymark stop.")
    write_note(lock, json.dumps({"pid": os.getpid(), "port": options.port}))
    print("Waymark is starting.", flush=True)
    left = end_orphans(mark_of(place))
    if left:
        print(f"  ended {left} processes that an interrupted start had left", flush=True)
    # A process that was just ended may hold its port for a moment longer.
    _check_port(options.host, options.port, patience=5 if left else 0)
    database: Database | None = None
    try:
        database = prepare(place, options)
        supervisor = Supervisor(place, web_environment(place, database, options), database.cluster, _say)
        if options.detach:
            return _detach(supervisor, database, options, lock, begun)
        return _serve(supervisor, database, options, begun)
    except BaseException:
        if database is not None and database.cluster is not None:
            with contextlib.suppress(Trouble):
                database.cluster.stop()
        elif database is None:
            _stop_half_started(place)
        raise


def prepare(place: Place, options: UpOptions) -> Database:
    """Everything before the web server: environment, front end, database, schema, static files, demo region."""
    with one_at_a_time(place.root / ".waymark" / "build.lock"):
        ensure_environment(place, dev=False)
        building.build_front_end(place)
    with step("starting the database") as notes:
        database = open_database(place, notes)
    if "new" in notes:
        for stamp in ("schema", "demo"):
            (place.stamps / stamp).unlink(missing_ok=True)
    if database.cluster is not None and database.cluster.folder != place.data / "postgresql":
        print(f"    its files are in {database.cluster.folder}, where its system user can reach them", flush=True)
    building.migrate(place, database)
    building.collect_static(place, database.url)
    if options.demo:
        demo.load(place, database)
    return database


def web_environment(place: Place, database: Database, options: UpOptions) -> dict[str, str]:
    """What the web server and the worker are told."""
    return building.application_environment(place, database.url, options.extra)


def web_command(place: Place, options: UpOptions) -> list[str]:
    """The web server. Its access log stays off: it would hold addresses and queries."""
    return [
        str(place.venv / "bin" / "granian"),
        *("--interface", "wsgi", "--host", options.host, "--port", str(options.port), "--no-ws", "--no-access-log"),
        *("--workers", str(options.web_workers), "--blocking-threads", "4", "--backpressure", "64"),
        *(
            "--respawn-failed-workers",
            "--respawn-interval",
            "0.2",
            "--workers-kill-timeout",
            "10",
            "--log-level",
            "warning",
        ),
        "waymark.config.wsgi:application",
    ]


def worker_command(place: Place, extra: Sequence[str] = ()) -> list[str]:
    """The background worker; several may run against one database."""
    return [str(place.python), "-m", "django", "procrastinate", *WORKER_ARGUMENTS, *extra]


def _serve(supervisor: Supervisor, database: Database, options: UpOptions, begun: float) -> int:
    place = supervisor.place
    try:
        _open(supervisor, place, options)
        _announce(place, database, options, begun)
        supervisor.watch()
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)
    finally:
        # A second Ctrl-C must not leave half of it running.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        supervisor.stop()
    print("Stopped.", flush=True)
    return 0


def _open(supervisor: Supervisor, place: Place, options: UpOptions) -> None:
    with step("starting the web server and the worker"):
        supervisor.add("web", web_command(place, options))
        supervisor.add("worker", worker_command(place))
        host = "127.0.0.1" if options.host in {"0.0.0.0", "::"} else options.host  # noqa: S104
        address = f"[{host}]" if ":" in host else host
        supervisor.wait_until_ready(f"http://{address}:{options.port}/healthz", _site_host("finder"))


def _detach(supervisor: Supervisor, database: Database, options: UpOptions, lock: IO[str], begun: float) -> int:
    """Leave a background process in charge; it keeps the lock, because the lock belongs to the open file."""
    place = supervisor.place
    reader, writer = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child:
        os.close(writer)
        with os.fdopen(reader) as answers:
            answer = answers.read()
        if answer != "ready":
            os.waitpid(child, 0)
            raise Trouble(answer or f"The background process was ended; see {place.logs / 'launcher.log'}.")
        _announce(place, database, options, begun)
        print("  stop     ./waymark stop", flush=True)
        return 0
    os.close(reader)
    os.setsid()
    write_note(lock, json.dumps({"pid": os.getpid(), "port": options.port}))
    _redirect(place.logs / "launcher.log")
    try:
        _open(supervisor, place, options)
        os.write(writer, b"ready")
        os.close(writer)
        supervisor.watch()
    except KeyboardInterrupt:
        _say("asked to stop")
    except BaseException as error:  # nobody is above us: what is not said here is never said
        _say(f"waymark: {error}")
        if isinstance(error, Trouble):
            os.write(writer, str(error).encode())
        else:
            traceback.print_exc()
    finally:
        supervisor.stop()
        _say("Stopped.")
        os._exit(0)


def _redirect(log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(target, 1)
    os.dup2(target, 2)


def _announce(place: Place, database: Database, options: UpOptions, begun: float) -> None:
    print(f"Waymark is open ({time.monotonic() - begun:.1f} s).")
    for site, label in (("finder", "finder "), ("newsroom", "news   "), ("staff", "staff  ")):
        host = _site_host(site)
        # A host name that was set is reached through a proxy, which has its own port and certificate.
        local = host == "localhost" or host.endswith(".localhost")
        print(f"  {label}  " + (f"http://{host}:{options.port}/" if local else f"https://{host}/"))
    for line in demo.sign_in_lines(place, database):
        print(f"  {line}")
    print(f"  logs     {place.logs}", flush=True)
    if not options.detach:
        print("  stop     Ctrl-C", flush=True)


def _site_host(site: str) -> str:
    """The host name of a site, as settings.py reads it too."""
    usual = {"finder": "localhost", "newsroom": "news.localhost", "staff": "staff.localhost"}[site]
    return os.environ.get(f"WAYMARK_{site.upper()}_HOSTS", "").split(",")[0] or usual


def build(place: Place) -> int:
    """Make everything that needs no database: for images of containers, and before an upgrade's short stop."""
    with one_at_a_time(place.root / ".waymark" / "build.lock"):
        ensure_environment(place, dev=False)
        building.build_front_end(place)
    building.collect_static(place, "postgresql://nobody@/none")
    print("Everything is built.")
    return 0


def stop(place: Place) -> int:
    """Stop what `up` started from this data folder, whether or not its launcher still lives."""
    until = time.monotonic() + 60
    asked = False
    while (lock := try_lock(place.run / "lock")) is None:
        if not asked:
            asked = True
            with contextlib.suppress(OSError, ValueError, KeyError):
                os.kill(int(json.loads((place.run / "lock").read_text())["pid"]), signal.SIGTERM)
        if time.monotonic() > until:
            raise Trouble("Waymark did not stop within a minute; see its logs.")
        time.sleep(0.1)
    left = end_orphans(mark_of(place))
    stopped = _stop_half_started(place)
    lock.close()
    print("Stopped." if asked or left or stopped else "Nothing was running.")
    return 0


def _stop_half_started(place: Place) -> bool:
    """Stop a database that runs without a launcher."""
    with contextlib.suppress(Trouble, OSError):
        cluster = Cluster.at(place.data / "postgresql", place.site_packages)
        if cluster.running():
            cluster.stop()
            return True
    return False


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _say(text: str) -> None:
    print(f"  {time.strftime('%H:%M:%S')} {text}", flush=True)


def _note_of(place: Place) -> str:
    try:
        note = json.loads((place.run / "lock").read_text())
        return f"process {note['pid']}, port {note['port']}"
    except (OSError, ValueError, KeyError):
        return "another process"


def _check_folder(place: Place) -> None:
    """Find out at once that nothing can be written, not after a minute of work."""
    try:
        place.run.mkdir(parents=True, exist_ok=True)
        probe = place.run / f"probe-{os.getpid()}"
        try:
            probe.write_bytes(b"x" * 65_536)
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        raise Trouble(explain_os_error(error)) from error


def _check_port(host: str, port: int, *, patience: float) -> None:
    until = time.monotonic() + patience
    while not _port_is_free(host, port):
        if time.monotonic() > until:
            raise Trouble(f"Port {port} is taken by another program: choose another with ./waymark up --port {port + 1}.")
        time.sleep(0.1)


def _port_is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise Trouble(
                f"Port {port} needs special rights: choose one above 1023 with ./waymark up --port 8000."
            ) from error
        except OSError:
            return False
    return True
