"""What can be wrong with a machine on the first day: each gives one clear sentence, and nothing half-made stays."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.architecture.sources import files
from tests.plugins.database import ROOT
from tests.plugins.server import free_port

from waymark.config.launch.progress import explain, explain_os_error

pytestmark = pytest.mark.house


def can(*command: str) -> bool:
    """Whether this machine lets us make a namespace; in some containers only the host may."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


needs_network_namespace = pytest.mark.skipif(not can("unshare", "-n", "true"), reason="may not make a network namespace")
needs_mounts = pytest.mark.skipif(
    not can("unshare", "-m", "sh", "-c", "mount -t tmpfs tmpfs /mnt"), reason="may not mount a file system"
)


def variables(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WAYMARK_", "DATABASE_", "DJANGO_"))}
    return kept | more


def run(*command: str, root: Path = ROOT, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=root,
        env=variables(**more),
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def fresh_checkout(tmp_path: Path) -> Path:
    """The repository's files without anything that was made here."""
    for path in files():
        target = tmp_path / "checkout" / path.relative_to(ROOT)
        if (
            path.parts[len(ROOT.parts)] in {"waymark", "requirements"}
            or "launch" in path.parts
            or path.name == "__init__.py"
        ):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
    return tmp_path / "checkout"


@needs_network_namespace
def test_no_network_on_the_first_start(fresh_checkout: Path, tmp_path: Path) -> None:
    done = run(
        *("unshare", "-n", sys.executable, "waymark", "up", "--port", str(free_port())),
        root=fresh_checkout,
        PIP_CACHE_DIR=str(tmp_path / "no-cache"),
        UV_CACHE_DIR=str(tmp_path / "no-cache"),
        PIP_NO_INDEX="",
    )
    assert done.returncode == 1
    assert done.stderr == (
        "waymark: No network (fetching uv): the first start fetches its parts once; connect and start again.\n"
    )


@needs_mounts
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            "size=30m,mode=755",
            "waymark: The disk is full (running initdb): free about 1 GB, or choose another disk with --data-dir.\n",
        ),
        (
            "ro",
            "waymark: The disk is read-only (writing /mnt/data): "
            "move this folder to one that can be written, or use --data-dir.\n",
        ),
    ],
    ids=["full", "read-only"],
)
def test_a_full_or_read_only_disk(options: str, sentence: str) -> None:
    up = f"waymark up --no-demo --data-dir /mnt/data --port {free_port()}"
    script = f'mount -t tmpfs -o {options} tmpfs /mnt && exec "$0" {up}'
    done = run("unshare", "-m", "sh", "-c", script, sys.executable)
    assert (done.returncode, done.stderr) == (1, sentence)


def test_too_little_room_for_the_first_start_is_said_before_anything_is_fetched(fresh_checkout: Path) -> None:
    rules = fresh_checkout / "src/waymark/config/launch/environment.py"
    rules.write_text(rules.read_text().replace("ROOM_NEEDED = 1_200_000_000", f"ROOM_NEEDED = {10**18}"))
    done = run(sys.executable, "waymark", "up", "--port", str(free_port()), root=fresh_checkout)
    assert done.returncode == 1
    assert done.stderr.startswith("waymark: The disk is full: the first start needs about")
    assert not (fresh_checkout / ".venv").exists()


@pytest.mark.parametrize(
    ("text", "fetches", "begins"),
    [
        ("error: No space left on device (os error 28)", False, "The disk is full"),
        ("npm error code ENOSPC", True, "The disk is full"),
        ("OSError: [Errno 30] Read-only file system", False, "The disk is read-only"),
        ("npm error code EAI_AGAIN", True, "No network"),
        ("Failed to resolve host", True, "No network"),
        ("connection refused", False, None),
        ("a bug of ours", True, None),
    ],
)
def test_the_machine_s_failures_are_told_from_ours(text: str, fetches: bool, begins: str | None) -> None:
    said = explain(text, "trying", fetches=fetches)
    assert (said is None) if begins is None else said is not None and said.startswith(begins)


def test_a_folder_of_someone_else_is_named() -> None:
    said = explain_os_error(PermissionError(13, "Permission denied", "/srv/other"))
    assert said == "Not allowed to write /srv/other: run as the owner of this folder, or choose another with --data-dir."
