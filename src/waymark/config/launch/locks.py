"""One launcher at a time, told by a lock that the kernel releases however the launcher ends.

A file with a process number in it lies after a power cut, and the number may belong to someone else by then. A lock on an
open file cannot lie: whoever holds it is alive.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def try_lock(path: Path) -> IO[str] | None:
    """Take the lock and return its open file, or None when someone else has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = path.open("a+")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Wait for the lock and hold it: two commands of one checkout do not build over each other.

    The tools that `progress.run` starts inherit the lock. When their launcher is killed they go on writing for a while, and
    the next one waits for them here instead of building under their hands.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = path.open("a+")
    except OSError:
        # A finished checkout may lie on a read-only disk: where nothing can be written, nothing can be written over.
        yield
        return
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("  waiting for another build in this folder to end …", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        os.set_inheritable(handle.fileno(), True)
        yield


def write_note(handle: IO[str], text: str) -> None:
    """Put a note for others into the locked file."""
    handle.seek(0)
    handle.truncate()
    handle.write(text)
    handle.flush()
    os.fsync(handle.fileno())
