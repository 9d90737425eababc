"""Building what is not committed: the front end, the collected static files, the schema, the demo region.

Each step is keyed on a fingerprint of what goes into it. Its stamp is written last, so a cut in the middle means that the
step is done again from the beginning, and an unchanged input means that it is not done at all.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from waymark.config.launch.database import Database, secrets_of
from waymark.config.launch.environment import tool_environment
from waymark.config.launch.options import Place, digest, put_stamp, stamped
from waymark.config.launch.progress import Trouble, run, step
from waymark.config.launch.schema import load_schema
from waymark.config.launch.supervisor import MARK, mark_of


def application_environment(place: Place, url: str, extra: dict[str, str] | None = None) -> dict[str, str]:
    """The variables that Django runs with. The owner's address is never among them."""
    kept = {name: value for name, value in tool_environment().items() if name != "DATABASE_OWNER_URL"}
    kept.setdefault("WAYMARK_SECRET_KEY", secrets_of(place)["secret_key"])
    kept.update(
        DATABASE_URL=url,
        DJANGO_SETTINGS_MODULE="waymark.config.settings",
        WAYMARK_DATA_DIR=str(place.data),
        PYTHONUNBUFFERED="1",
    )
    return kept | (extra or {})


def manage(place: Place, url: str, *arguments: str) -> str:
    """Run one of Django's commands quietly, as the role that `url` names."""
    command = [str(place.python), "-m", "django", *arguments]
    # The mark lets the next launcher end it if this one is killed: two migrations at once would trip over each other.
    env = application_environment(place, url) | {MARK: mark_of(place)}
    return run(command, f"manage {arguments[0]}", env=env, cwd=place.root)


def build_front_end(place: Place) -> None:
    """Compile styles and scripts into src/waymark/static/built; nothing there is committed."""
    sources = place.root / "frontend"
    files = _sources(sources)
    if not files:
        return
    built = place.root / "src/waymark/static/built"
    key = digest(*files, words=tuple(str(path.relative_to(sources)) for path in files))
    stamp = built / ".stamp"
    if stamped(stamp, key):
        return
    with step("building the front end"):
        env = tool_environment()
        env["PATH"] = f"{place.venv / 'bin'}:{env.get('PATH', '')}"
        _install_packages(place, sources, env)
        fresh = built.with_name(f"built.new-{os.getpid()}")
        for leftover in built.parent.glob("built.new-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        fresh.mkdir(parents=True)
        run(
            [place.venv / "bin" / "node", "build.mjs", fresh],
            "building the front end",
            env=env,
            cwd=sources,
        )
        put_stamp(fresh / ".stamp", key)
        old = built.with_name(f"built.old-{os.getpid()}")
        if built.exists():
            built.rename(old)
        fresh.rename(built)
        for leftover in built.parent.glob("built.old-*"):
            shutil.rmtree(leftover, ignore_errors=True)


def _install_packages(place: Place, sources: Path, env: dict[str, str]) -> None:
    lock = sources / "package-lock.json"
    stamp = sources / "node_modules" / ".waymark-stamp"
    key = digest(lock, sources / "package.json")
    if stamped(stamp, key):
        return
    command: list[str | Path] = [place.venv / "bin" / "npm"]
    command += ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=2"]
    report = place.root / ".waymark" / "failed-step.log"
    run(command, "fetching the front end's parts", env=env, cwd=sources, fetches=True, report=report)
    put_stamp(stamp, key)


def _sources(folder: Path) -> list[Path]:
    skipped = {"node_modules", ".cache", "test-results"}
    found: list[Path] = []
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in skipped)
        found += [Path(base) / name for name in sorted(names)]
    return found


def collect_static(place: Place, url: str) -> None:
    """Give every static file its fingerprinted name and compressed twins."""
    source = place.root / "src/waymark"
    files = [path for folder in sorted(source.glob("**/static")) for path in _sources(folder)]
    installed = place.venv / ".waymark-stamp"
    key = digest(installed, *files, words=(str(place.data), *(str(path.relative_to(source)) for path in files)))
    stamp = place.stamps / "static"
    if stamped(stamp, key) and (place.data / "static").is_dir():
        return
    with step("collecting static files"):
        manage(place, url, "collectstatic", "--no-input", "--clear", "--verbosity", "0")
        put_stamp(stamp, key)


def migrations_key(place: Place) -> str:
    """A fingerprint of every migration: ours, and those that came with the packages of the lock file."""
    ours = sorted((place.root / "src/waymark").glob("*/migrations/**/*"))
    files = [path for path in ours if path.is_file() and "__pycache__" not in path.parts]
    words = tuple(str(path.relative_to(place.root)) for path in files)
    return digest(place.root / "requirements/prod.txt", place.root / "src/waymark/config/settings.py", *files, words=words)


def check_schema(place: Place, database: Database) -> None:
    """Refuse to serve on a schema that is not the one that this code expects."""
    try:
        manage(place, database.url, "migrate", "--check", "--verbosity", "0")
    except Trouble as trouble:
        if "failed (exit 1)" not in str(trouble) or "Error" in str(trouble):
            raise
        raise Trouble(
            "The database is not as this code expects it: bring it up to date as the owner "
            "(DATABASE_OWNER_URL set) with ./waymark manage migrate."
        ) from trouble


def migrate(place: Place, database: Database) -> None:
    """Bring the schema to what the code expects, as the owner."""
    key = f"{migrations_key(place)} {database.key}"
    stamp = place.stamps / "schema"
    if database.key and stamped(stamp, key):
        return
    if database.owner_url is None:
        # A web machine of a larger installation has no owner's address: the schema is brought up to date elsewhere.
        with step("checking the schema"):
            check_schema(place, database)
        return
    with step("bringing the database up to date") as notes:
        if load_schema(database):
            notes.append("from an empty one")
        manage(place, database.owner(), "migrate", "--no-input", "--verbosity", "0")
        if database.key:
            put_stamp(stamp, key)
