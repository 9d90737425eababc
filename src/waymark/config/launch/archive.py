"""Backup and restore: database, media and the installation's keys in one file, put back all or nothing.

A backup is PostgreSQL's own dump made as the owner, who alone sees every row. Restoring runs in one transaction: when
anything in the file is wrong, what was there before is still there. Extensions belong to the server and are left alone.
Passwords of the two roles are not in the file; a restored installation keeps its own.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from typing import IO, cast
from urllib.parse import unquote, urlsplit

from waymark.config.launch import demo, key_backups
from waymark.config.launch.building import manage, migrate
from waymark.config.launch.cluster import psql
from waymark.config.launch.database import APP, PRIVILEGES, Database, borrowed_database, secrets_of
from waymark.config.launch.environment import ensure_environment
from waymark.config.launch.locks import try_lock
from waymark.config.launch.options import Place
from waymark.config.launch.progress import Trouble, explain, run, step
from waymark.config.launch.supervisor import end_orphans, mark_of

FORMAT = 1
MANIFEST, DUMP = "manifest.json", "database.dump"
# What the data folder holds that cannot be made again: media, the key that signs the phones' kept copies (a phone that
# knows the old one would refuse copies signed by a new one), the signed heads of the audit chain and their key.
PARTS = ("media", "keys", "audit-heads", "secrets/audit-heads.key")
CHUNK = 1 << 20


def backup(place: Place, target: str | None) -> int:
    """Write one file; it appears under its name only when it is complete."""
    path = Path(target or f"waymark-{time.strftime('%Y-%m-%d-%H%M')}.tar").expanduser().resolve()
    if path.exists():
        raise Trouble(f"{path} exists already: choose another name.")
    ensure_environment(place, dev=False)
    with borrowed_database(place) as database, tempfile.TemporaryDirectory(prefix=".waymark-", dir=path.parent) as folder:
        dump = Path(folder) / DUMP
        with step("dumping the database"):
            dump_database(database, dump)
        with step("dumping the keys into a file of their own") as notes:
            # After the main dump, so that every record in it has its key.
            keys, count = key_backups.write_keys(place, database, _clean_environment()), key_backups.count_keys(database)
            notes.append(f"kept {key_backups.days_kept()} days")
        manifest = {
            "format": FORMAT,
            "keys": count,
            "made_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "sha256": _sha256(dump),
            "secret_key": os.environ.get("WAYMARK_SECRET_KEY") or secrets_of(place)["secret_key"],
        }
        with step("writing the file") as notes:
            fresh = Path(folder) / "backup.tar"
            fresh.touch(mode=0o600)
            with tarfile.open(fresh, "w") as archive:
                (Path(folder) / MANIFEST).write_text(json.dumps(manifest, indent=1))
                archive.add(Path(folder) / MANIFEST, MANIFEST)
                archive.add(dump, DUMP)
                for part in PARTS:
                    if (place.data / part).exists():
                        archive.add(place.data / part, f"data/{part}")
            told = _tell(place, database, "made", str(manifest["sha256"]))
            fresh.rename(path)
            notes.append(f"{path.stat().st_size / 1e6:.1f} MB")
    print(f"Backup: {path}\nIt holds everything that the database holds: keep it as you keep the database.")
    print(
        f"Keys: {keys}\nWithout them nothing that is sealed opens: copy them elsewhere too, and let no copy grow old.{told}"
    )
    return 0


def dump_database(database: Database, dump: Path) -> None:
    """PostgreSQL's own dump, without keys and without who is signed in."""
    dump.touch(mode=0o600)
    run(
        [
            *(database.programs / "pg_dump", "--format=custom", "--no-owner", "--no-comments"),
            # Made again from the installation's secret after a restore.
            "--exclude-table-data=access.context_key",
            # Who is signed in now is nobody's business in a year.
            "--exclude-table-data=public.accounts_session",
            *(f"--exclude-table-data=public.{table}" for table in key_backups.KEY_TABLES),
            *("--exclude-extension=*", f"--file={dump}", f"--dbname={database.owner()}"),
        ],
        "dumping the database",
        env=_clean_environment(),
    )


def restore(place: Place, source: str, *, sure: bool, keys: str | None = None, without_keys: bool = False) -> int:
    """Replace database and media by those of a backup."""
    path = Path(source).expanduser().resolve()
    if not path.is_file():
        raise Trouble(f"There is no file {path}.")
    lock = try_lock(place.run / "lock")
    if lock is None:
        raise Trouble("Waymark runs from this folder: stop it first with ./waymark stop.")
    if not sure:
        if not sys.stdin.isatty():
            raise Trouble("This replaces the database and the media: say so with --yes.")
        if input("This replaces the database and the media of this folder. Type yes to go on: ").strip().lower() != "yes":
            raise Trouble("Nothing was changed.")
    end_orphans(mark_of(place))
    place.data.mkdir(parents=True, exist_ok=True)
    ensure_environment(place, dev=False)
    with borrowed_database(place) as database, tempfile.TemporaryDirectory(prefix="restore-", dir=place.data) as folder:
        with step("reading the file"):
            manifest = _unpack(path, Path(folder))
        joined = key_backups.chosen_keys(place, keys, needed=bool(manifest.get("keys")), without=without_keys)
        with step("restoring the database") as notes:
            _restore_database(database, Path(folder) / DUMP, joined)
            notes.append(f"with {joined.name}" if joined else "without keys")
        (place.stamps / "schema").unlink(missing_ok=True)
        with step("restoring media and keys"):
            for part in PARTS:
                _swap(place.data / part, Path(folder) / "data" / part)
            secrets_of(place, replace={"secret_key": str(manifest["secret_key"])})
        migrate(place, database)
        demo.decided(place, database)
        told = _tell(place, database, "restored", str(manifest["sha256"]))
        lost = key_backups.left_without(database)
    lock.close()
    if lost:
        print(f"{lost} records have no key: destroyed after this backup, or younger than the backup of keys.")
    print(f"Restored the backup of {manifest['made_at']}. Start with ./waymark up.{told}")
    return 0


def _tell(place: Place, database: Database, act: str, fingerprint: str) -> str:
    """Tell the log, or say that it was not told: before an upgrade the schema may be older than this code."""
    try:
        manage(place, database.url, "tell_backup", act, fingerprint)
    except Trouble as trouble:
        return f"\nThe audit log does not tell of this: {trouble}"
    return ""


def _restore_database(database: Database, dump: Path, keys: Path | None) -> None:
    """Empty the database and fill it from the dump and the keys, in one transaction as the owner."""
    facts = psql(
        database.programs,
        database.owner(),
        "SHOW server_version_num; SELECT current_user; SELECT extname FROM pg_extension WHERE extname <> 'plpgsql';",
    ).split()
    version, owner, extensions = int(facts[0]), facts[1], facts[2:]
    # `public` belongs to the database's owner by rule, not by name, so it stays; an extension that the owner made itself
    # goes with the rest and is made again, one that the server's administrator made is found there.
    before = "SET client_min_messages = warning;\nDROP OWNED BY CURRENT_USER;\n"
    before += "".join(f'CREATE EXTENSION IF NOT EXISTS "{name}" WITH SCHEMA public;\n' for name in extensions)
    app = unquote(urlsplit(database.url).username or APP)
    after = PRIVILEGES.format(owner=owner, app=app)
    unknown = b"SET transaction_timeout = 0;\n" if version < 170000 else None
    load: list[str | Path] = [
        *(database.programs / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction"),
        "-f",
        "-",
        "-d",
    ]
    with tempfile.TemporaryFile("w+", errors="replace") as said:
        reader = subprocess.Popen(
            [database.programs / "pg_restore", "--no-owner", "--file=-", dump],
            stdout=subprocess.PIPE,
            stderr=said,
            env=_clean_environment(),
        )
        writer = subprocess.Popen(
            [*load, database.owner()], stdin=subprocess.PIPE, stdout=said, stderr=said, env=_clean_environment()
        )
        with contextlib.suppress(BrokenPipeError), cast(IO[bytes], writer.stdin) as script:
            script.write(before.encode())
            lines = cast(IO[bytes], reader.stdout)
            for line in lines:
                if line != unknown:
                    script.write(line)
            if reader.wait():
                script.write(b"\\unfinished\n")  # an unknown command: psql stops, and the transaction with it
            if keys is not None:
                script.writelines(key_backups.join_script(database, keys, _clean_environment(), said))
            script.write(after.encode())
        failed = writer.wait()
        cast(IO[bytes], reader.stdout).close()
        if reader.wait() or failed:
            said.seek(0)
            text = said.read()
            tail = "\n    ".join(text.strip().splitlines()[-6:])
            known = explain(text, "restoring the database")
            raise Trouble(known or f"The backup could not be restored; the database is as it was:\n    {tail}")


def _unpack(source: Path, folder: Path) -> dict[str, object]:
    """Take the parts out of the file and hold the dump to its fingerprint."""
    try:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
        manifest: dict[str, object] = json.loads((folder / MANIFEST).read_text())
    except (tarfile.TarError, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None and not isinstance(error, FileNotFoundError):
            raise
        raise Trouble(f"{source} is not a Waymark backup, or it is damaged.") from error
    if manifest.get("format") != FORMAT:
        raise Trouble(f"{source} was written by another version of Waymark (format {manifest.get('format')}).")
    if not (folder / DUMP).is_file() or _sha256(folder / DUMP) != manifest.get("sha256"):
        raise Trouble(f"{source} is damaged: its database dump does not match its fingerprint.")
    return manifest


def _swap(here: Path, fresh: Path) -> None:
    """Put a part of the backup in the place of what is there; what the backup lacks goes."""
    old = here.with_name(f".{here.name}.old-{os.getpid()}")
    if here.exists():
        here.rename(old)
    if fresh.exists():
        here.parent.mkdir(parents=True, exist_ok=True)
        fresh.rename(here)
    if old.is_dir():
        shutil.rmtree(old, ignore_errors=True)
    else:
        old.unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    total = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(CHUNK):
            total.update(chunk)
    return total.hexdigest()


def _clean_environment() -> dict[str, str]:
    """No PGPASSWORD, PGOPTIONS or the like of the caller's."""
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": "/nonexistent", "PGCONNECT_TIMEOUT": "20"}
