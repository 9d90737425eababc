"""What a run of tests throws away: gone when the run ends, however it ended, and never while somebody works in it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.plugins.database import ROOT

from waymark.config.launch import throwaway as module
from waymark.config.launch.throwaway import DISK, MEMORY, throwaway, throwaway_root

PREFIX = f"waymark-thrown-{os.getpid()}-"
HOLDS_ONE = f"""
import sys, time
from waymark.config.launch.throwaway import throwaway
with throwaway({PREFIX!r}) as folder:
    print(folder, flush=True)
    time.sleep(60)
"""


def test_a_folder_is_gone_when_its_block_ends() -> None:
    with throwaway(PREFIX) as folder:
        assert folder.parent == throwaway_root()
        assert folder.stat().st_mode & 0o777 == 0o711
        (folder / "made").write_text("of the tests")
    assert not folder.exists()


def test_what_a_killed_run_left_is_swept_up_and_a_living_one_is_left_alone() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS_ONE],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": "src"},
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        left = Path(other.stdout.readline().strip())
        swept: list[Path] = []
        with throwaway(PREFIX, before_removal=swept.append):
            assert (left.exists(), swept) == (True, [])
        other.send_signal(signal.SIGKILL)
        other.wait()
        with throwaway(PREFIX, before_removal=swept.append):
            assert (left.exists(), swept) == (False, [left])


def test_without_room_in_memory_it_lies_on_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ENOUGH", 2**60)
    assert throwaway_root() == DISK
    monkeypatch.setattr(module, "MEMORY", Path("/nowhere/at/all"))
    monkeypatch.setattr(module, "ENOUGH", 0)
    assert throwaway_root() == DISK
    assert Path("/dev/shm") == MEMORY
