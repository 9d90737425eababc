"""Where things are and what was asked for, from the command line or from variables of the same names.

A command-line option wins over its variable: `--port` is WAYMARK_PORT, `--data-dir` WAYMARK_DATA_DIR, `--host`
WAYMARK_HOST, `--web-workers` WAYMARK_WEB_WORKERS, `--no-demo` WAYMARK_NO_DEMO, `--detach` WAYMARK_DETACH. The plain PORT
that hosting platforms set is taken when WAYMARK_PORT is absent.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from waymark.config.launch.progress import Trouble

YES = {"1", "true", "yes", "on"}


def flag(name: str) -> bool:
    """Whether a variable says yes."""
    return os.environ.get(name, "").strip().lower() in YES


def number(name: str, default: int, *, low: int, high: int, text: str | None = None) -> int:
    """A whole number from the command line or a variable, within bounds."""
    raw = text if text is not None else os.environ.get(name, "")
    if not raw:
        return default
    if not raw.isdecimal() or not low <= int(raw) <= high:
        raise Trouble(
            f"{name.removeprefix('WAYMARK_').lower().replace('_', '-')} must be a number from {low} to {high}, not {raw!r}."
        )
    return int(raw)


@dataclass(frozen=True)
class Place:
    """The folders of one checkout and one data folder."""

    root: Path
    data: Path
    environment: str = ".venv"

    @property
    def venv(self) -> Path:
        return self.root / self.environment

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def stamps(self) -> Path:
        return self.data / "stamps"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def secrets(self) -> Path:
        return self.data / "secrets"

    @property
    def site_packages(self) -> Path:
        found = sorted(self.venv.glob("lib/python3.*/site-packages"))
        if not found:
            raise Trouble("The environment is not made yet: run ./waymark up first.")
        return found[0]


@dataclass(frozen=True)
class UpOptions:
    """What `up` was asked for."""

    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = True
    detach: bool = False
    web_workers: int = 2
    extra: dict[str, str] = field(default_factory=dict)


def place_of(root: str | Path, data_dir: str | None) -> Place:
    """The checkout, and the data folder: the option, its variable, or `.waymark` in the checkout."""
    base = Path(root).resolve()
    chosen = data_dir or os.environ.get("WAYMARK_DATA_DIR")
    return Place(base, Path(chosen).expanduser().resolve() if chosen else base / ".waymark")


def digest(*files: Path, words: tuple[str, ...] = ()) -> str:
    """One short fingerprint over files (name and content) and words: the key of a stamp."""
    total = hashlib.sha256()
    for word in words:
        total.update(word.encode() + b"\0")
    for path in files:
        total.update(path.name.encode() + b"\0")
        total.update(path.read_bytes() if path.exists() else b"absent")
        total.update(b"\0")
    return total.hexdigest()[:24]


def stamped(stamp: Path, key: str) -> bool:
    """Whether a step has finished for exactly this key."""
    try:
        return stamp.read_text() == key
    except OSError:
        return False


def put_stamp(stamp: Path, key: str) -> None:
    """Record that a step has finished; by rename, so that a cut leaves the old stamp or the new one."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    fresh = stamp.with_name(f".{stamp.name}.{os.getpid()}")
    fresh.write_text(key)
    fresh.replace(stamp)
