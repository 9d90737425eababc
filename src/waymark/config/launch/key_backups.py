"""The keys' own backup: short-lived and outside the main one, so that a destroyed record is gone from every copy in time.

A record is destroyed by deleting its wrapped key. A main backup, kept for a year, must therefore not hold wrapped keys,
nor what opens them: it holds that a record exists, and everything about it sealed. The keys go to a file of their own,
which is deleted after some days (30 unless WAYMARK_KEY_BACKUP_DAYS says otherwise); the certificate of destruction
names that day.

Keys are taken after the main dump, so that every record in it has its key. Restoring puts the newest keys into an older
database: a record that was destroyed in between stays destroyed.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from waymark.config.launch.cluster import psql
from waymark.config.launch.database import Database
from waymark.config.launch.options import Place, number
from waymark.config.launch.progress import Trouble, run
from waymark.vault.formats.key_backups import forget_old, is_too_old, made_at, name_at, young

# Every row that holds a key or what leads to one, parents first. A test holds this list to the vault's models.
KEY_TABLES = (
    "vault_userkey",
    "vault_memberkey",
    "vault_agencykey",
    "vault_agencyepoch",
    "vault_kit",
    "vault_epochseal",
    "vault_vaultmemo",
    "vault_pin",
    "vault_wrappedkey",
)
# A key is of use only where the person, agency, member and record that it belongs to came back as well.
PARENTS = {
    "agency_id": "public.accounts_agency",
    "compared_by_id": "public.accounts_user",
    "confirmed_by_id": "public.accounts_user",
    "made_by_id": "public.accounts_user",
    "member_id": "public.vault_memberkey",
    "partner_id": "public.accounts_agency",
    "record_key_id": "public.vault_recordkey",
    "user_id": "public.accounts_user",
}
STAGE = "key_join"


def days_kept() -> int:
    """How many days a backup of keys lives."""
    return number("WAYMARK_KEY_BACKUP_DAYS", 30, low=1, high=365)


def folder_of(place: Place) -> Path:
    """Where backups of keys lie: WAYMARK_KEY_BACKUP_DIR, or a folder among the data."""
    given = os.environ.get("WAYMARK_KEY_BACKUP_DIR")
    return Path(given).expanduser().resolve() if given else place.data / "key-backups"


def write_keys(place: Place, database: Database, environment: dict[str, str]) -> Path:
    """Dump the keys into a file of their own, and delete those whose days are over."""
    folder = folder_of(place)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    path = folder / name_at(time.time())
    draft = path.with_suffix(".part")
    draft.touch(mode=0o600)
    command: list[str | Path] = [database.programs / "pg_dump", "--format=custom", "--data-only", "--no-owner"]
    command += [f"--table=public.{table}" for table in KEY_TABLES]
    command += [f"--file={draft}", f"--dbname={database.owner()}"]
    run(command, "dumping the keys", env=environment)
    draft.rename(path)
    forget_old(folder, days_kept(), time.time())
    return path


def count_keys(database: Database) -> int:
    """How many rows of keys there are. None: then there is nothing that a restore could miss."""
    counts = (f"(SELECT count(*) FROM public.{table})" for table in KEY_TABLES)  # noqa: S608 (our own table names)
    return int(psql(database.programs, database.owner(), "SELECT " + " + ".join(counts) + ";"))


def chosen_keys(place: Place, given: str | None, *, needed: bool, without: bool) -> Path | None:
    """The backup of keys that a restore joins: the one given, or the newest there is."""
    if without or not needed:
        return None
    if given:
        path = Path(given).expanduser().resolve()
        if not path.is_file() or made_at(path) is None:
            raise Trouble(f"{path} is no backup of keys: its name begins with waymark-keys- and says when it was made.")
        if is_too_old(path, days_kept(), time.time()):
            raise Trouble(
                f"{path.name} is older than {days_kept()} days. Records that were destroyed since could open again, and"
                " their certificates say that they cannot. Delete it, and use a newer one."
            )
        return path
    found = young(folder_of(place), days_kept(), time.time())
    if not found:
        raise Trouble(
            f"There is no backup of keys in {folder_of(place)}. Without it nothing that is sealed opens any more. Name"
            " one with --keys FILE, or say --without-keys."
        )
    return found[-1]


def join_script(database: Database, keys: Path, environment: dict[str, str], said: IO[str]) -> Iterator[bytes]:
    """Statements that put the keys of a backup into the database that was just restored, inside its transaction."""
    yield f"CREATE SCHEMA {STAGE};\n".encode()
    for table in KEY_TABLES:
        yield f"CREATE TABLE {STAGE}.{table} (LIKE public.{table});\n".encode()
    reader = subprocess.Popen(
        [database.programs / "pg_restore", "--data-only", "--no-owner", "--file=-", keys],
        stdout=subprocess.PIPE,
        stderr=said,
        env=environment,
    )
    lines = cast(IO[bytes], reader.stdout)
    for line in lines:
        if line.startswith(b"COPY public.vault_"):
            line = line.replace(b"COPY public.", f"COPY {STAGE}.".encode(), 1)
        if not line.startswith(b"SET transaction_timeout"):
            yield line
    lines.close()
    if reader.wait():
        yield b"\\unfinished\n"  # an unknown command: psql stops, and the transaction with it
    for table in KEY_TABLES:
        yield _join(table).encode()
    # Whether a record is kept to named members is read off its keys.
    yield (
        b"UPDATE public.vault_recordkey r SET is_restricted = w.named FROM (SELECT record_key_id,"
        b" bool_or(member_id IS NOT NULL) AS named FROM public.vault_wrappedkey GROUP BY 1) w"
        b" WHERE w.record_key_id = r.id AND r.shredded_at IS NULL AND r.is_restricted <> w.named;\n"
    )
    yield f"DROP SCHEMA {STAGE} CASCADE;\n".encode()


def _join(table: str) -> str:
    """Fill one table from the stage, leaving out rows whose parents did not come back."""
    kept = [
        f"(CASE WHEN to_jsonb(k) ? '{column}' THEN to_jsonb(k)->>'{column}' IS NULL OR EXISTS"
        f" (SELECT FROM {parent} p WHERE p.id = (to_jsonb(k)->>'{column}')::uuid) ELSE true END)"
        for column, parent in PARENTS.items()
    ]
    if table == "vault_wrappedkey":
        living = "SELECT FROM public.vault_recordkey r WHERE r.id = k.record_key_id AND r.shredded_at IS NULL"
        kept.append(f"EXISTS ({living})")
    return f"INSERT INTO public.{table} SELECT k.* FROM {STAGE}.{table} k WHERE {' AND '.join(kept)};\n"  # noqa: S608


def left_without(database: Database) -> int:
    """How many living records have no key after a restore."""
    query = (
        "SELECT count(*) FROM public.vault_recordkey r WHERE r.shredded_at IS NULL"
        " AND NOT EXISTS (SELECT FROM public.vault_wrappedkey w WHERE w.record_key_id = r.id);"
    )
    return int(psql(database.programs, database.owner(), query))
