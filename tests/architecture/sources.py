"""The repository's own files, as the architecture tests read them."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def files() -> tuple[Path, ...]:
    """What is committed or about to be: tracked files and new ones that are not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return tuple(path for name in sorted(set(listed.split("\0")) - {""}) if (path := ROOT / name).is_file())


def under(folder: str, *endings: str) -> list[Path]:
    """Files of a folder with one of the endings."""
    base = ROOT / folder
    return [path for path in files() if path.is_relative_to(base) and path.suffix in endings]


def source_text(folder: str, *, skip: tuple[str, ...] = ()) -> str:
    """All Python of a folder in one text."""
    return "\n".join(path.read_text() for path in under(folder, ".py") if not str(path).endswith(skip))
