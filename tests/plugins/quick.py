"""The quick profile: every test that needs no database, and all tests of the apps in which something was changed.

A change of one app is tried in well under two minutes; what it does to other apps, the ci profile tells.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Whatever touches a database asks for one of these.
DATABASE = {"test_cluster", "db"}
# Its last test compares what all others have asked.
WHOLE = {"test_who_asks.py"}


def apps_in(status: str) -> set[str]:
    """The apps with a file that `git status --porcelain` names."""
    parts = [Path(line[3:].split(" -> ")[-1].strip('"')).parts for line in status.splitlines()]
    return {found[2] for found in parts if len(found) > 3 and found[:2] in (("src", "waymark"), ("tests", "waymark"))}


def is_quick(folder: str, file: str, fixtures: Collection[str], apps: Collection[str]) -> bool:
    """Whether the quick profile runs a test."""
    if file in WHOLE:
        return False
    return folder in apps or not DATABASE & set(fixtures)


def _fixtures(item: pytest.Item) -> set[str]:
    marked = {"db"} if item.get_closest_marker("django_db") is not None else set()
    return {*getattr(item, "fixturenames", ()), *marked}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("WAYMARK_TEST_PROFILE") != "quick":
        return
    command = ["git", "status", "--porcelain", "-uall"]
    apps = apps_in(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout)
    kept = [item for item in items if is_quick(item.path.parent.name, item.path.name, _fixtures(item), apps)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept
