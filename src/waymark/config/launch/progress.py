"""Telling the person at the terminal what is happening, and a failure in one sentence.

`Trouble` is the only exception that reaches the terminal: its text is the sentence. Output of the tools that we run is kept
aside and shown only when they fail, because a wall of text hides the one line that matters.
"""

from __future__ import annotations

import contextlib
import errno
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

NETWORK_SIGNS = (
    "failed to resolve",
    "name resolution",
    "dns error",
    "newconnectionerror",
    "network is unreachable",
    "connection refused",
    "connection timed out",
    "connecttimeout",
    "failed to fetch",
    "error sending request",
    "no matching distribution found",
    "eai_again",
    "enotfound",
    "etimedout",
    "econnrefused",
    "network request",
)
FULL_SIGNS = ("no space left on device", "enospc", "disk quota exceeded", "os error 28")
READ_ONLY_SIGNS = ("read-only file system", "erofs", "os error 30")


class Trouble(Exception):
    """Something a person can mend. The text says what and how, in one sentence."""


@contextmanager
def step(title: str) -> Iterator[list[str]]:
    """Print a step and how long it took; the yielded list takes a word on how it went ("already there")."""
    begun = time.monotonic()
    notes: list[str] = []
    live = sys.stdout.isatty()
    if live:
        print(f"  {title} …", end="", flush=True)
    try:
        yield notes
    except BaseException:
        if live:
            print()
        raise
    spent = f"{time.monotonic() - begun:.1f} s"
    note = ", ".join([*notes, spent])
    print(f"\r  {title} … {note}" if live else f"  {title} … {note}", flush=True)


def explain(text: str, doing: str, *, fetches: bool = False) -> str | None:
    """The one sentence for the failures that come from the machine and not from us."""
    low = text.lower()
    if any(sign in low for sign in FULL_SIGNS):
        return f"The disk is full ({doing}): free about 1 GB, or choose another disk with --data-dir."
    if any(sign in low for sign in READ_ONLY_SIGNS):
        return f"The disk is read-only ({doing}): move this folder to one that can be written."
    if fetches and any(sign in low for sign in NETWORK_SIGNS):
        return f"No network ({doing}): the first start fetches its parts once; connect and start again."
    return None


def explain_os_error(error: OSError) -> str:
    """One sentence for an error of the file system."""
    where = error.filename or "a file"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full (writing {where}): free about 1 GB, or choose another disk with --data-dir."
    if error.errno == errno.EROFS:
        return f"The disk is read-only (writing {where}): move this folder to one that can be written, or use --data-dir."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Not allowed to write {where}: run as the owner of this folder, or choose another with --data-dir."
    return f"{error.strerror or error} ({where})."


def run(
    command: Sequence[str | Path],
    doing: str,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    text_in: str | None = None,
    fetches: bool = False,
    report: Path | None = None,
) -> str:
    """Run a tool quietly and return what it printed; on failure raise Trouble with one sentence and its last lines.

    What a failed tool printed goes to `report`, for those who want to know more than the sentence.
    """
    try:
        done = subprocess.run(
            [str(part) for part in command],
            env=dict(env) if env is not None else None,
            cwd=cwd,
            input=text_in,
            stdin=subprocess.DEVNULL if text_in is None else None,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            close_fds=False,  # it holds the build lock with us (locks.one_at_a_time); everything else is not inheritable
        )
    except OSError as error:
        raise Trouble(f"Could not run {command[0]} ({doing}): {error.strerror}.") from error
    if done.returncode == 0:
        return done.stdout
    if report is not None:
        with contextlib.suppress(OSError):
            report.write_text(done.stdout)
    known = explain(done.stdout, doing, fetches=fetches)
    if known:
        raise Trouble(known)
    tail = "\n    ".join(done.stdout.strip().splitlines()[-15:])
    raise Trouble(f"{doing} failed (exit {done.returncode}):\n    {tail}")
