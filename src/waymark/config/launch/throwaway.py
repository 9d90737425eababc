"""Folders that a run of tests throws away, each held by a lock: the next run sweeps up what a killed one left.

They lie in memory where there is plenty of it. A database of the tests is some thousand small files, and to make one file
costs a tenth of a millisecond in memory and ten times that on many disks.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from waymark.config.launch.locks import try_lock

MEMORY, DISK = Path("/dev/shm"), Path("/tmp")  # noqa: S108 - folders in them are made by mkdtemp, under names of their own
# What the clusters of some processes, their copies and logs and the browsers' profiles take at the most, and as much again.
ENOUGH = 8 * 2**30


def throwaway_root() -> Path:
    """Where to throw things away: short, so that the name of a database's socket fits; in memory when that has room."""
    try:
        room = os.statvfs(MEMORY)
        told = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        return DISK
    available = int(told.partition("MemAvailable:")[2].split()[0]) * 1024
    usable = os.access(MEMORY, os.W_OK | os.X_OK) and not room.f_flag & (os.ST_RDONLY | os.ST_NOEXEC)
    return MEMORY if usable and min(room.f_bavail * room.f_frsize, available) >= ENOUGH else DISK


@contextmanager
def throwaway(prefix: str, *, before_removal: Callable[[Path], None] = lambda folder: None) -> Iterator[Path]:
    """A folder that another system user may pass through; `before_removal` ends what runs in one that was left behind."""
    _sweep(prefix, before_removal)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=throwaway_root()))
    folder.chmod(0o711)
    # Locked before it has the name that others look for, or one of them could take it between the two.
    lock = try_lock(folder / "alive.new")
    (folder / "alive.new").rename(folder / "alive")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            lock.close()


def _sweep(prefix: str, before_removal: Callable[[Path], None]) -> None:
    for root in (MEMORY, DISK):
        for folder in root.glob(f"{prefix}*"):
            if not (folder / "alive").exists() or folder.stat().st_uid != os.geteuid():
                continue
            lock = try_lock(folder / "alive")
            if lock is None:
                continue
            before_removal(folder)
            shutil.rmtree(folder, ignore_errors=True)
            lock.close()
