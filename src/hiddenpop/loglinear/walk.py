"""Walk millions of models in blocks: progress shown, stopped and resumed at will, every model checked.

All hierarchical models of six lists are 7,785,061 fits at most. Each block of distinct fits is written to a
folder when it is done; a later run on the same table finds it there.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hiddenpop.loglinear.tables import Fits, PreparedTable

__all__ = ["BLOCK", "Stopped", "walk"]

#: Distinct fits in one block, a second or so of work.
BLOCK = 100_000


class Stopped(Exception):
    """The walk was interrupted; the message says how far it came."""


def _block_path(folder: Path, table: PreparedTable, words: NDArray[np.uint64]) -> Path:
    """File of one block; its name depends on the table and on the models, so no stale block is ever read."""
    digest = hashlib.sha256(table.counts.tobytes())
    digest.update(table.space.elements.tobytes())
    digest.update(words.tobytes())
    return folder / f"fits-{digest.hexdigest()[:32]}.npz"


def _read(path: Path, count: int, elements: int) -> Fits | None:
    """A finished block, or None when there is none or it was cut off."""
    from zipfile import BadZipFile

    try:
        with path.open("rb") as handle, np.load(handle) as stored:
            fits = Fits(stored["codes"], stored["values"], stored["log_darks"], np.empty((0, elements)))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
    return fits if len(fits.codes) == count else None


def _write(path: Path, fits: Fits) -> None:
    """Write a block under another name first, so that a kill never leaves half a block behind."""
    draft = path.with_name(f"{path.stem}-{os.getpid()}.tmp.npz")
    np.savez(draft, codes=fits.codes, values=fits.values, log_darks=fits.log_darks)
    draft.replace(path)


def walk(
    table: PreparedTable,
    words: NDArray[np.uint64],
    *,
    coefficients: bool = False,
    workers: int = 1,
    folder: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Fits:
    """Fit each of `words` block by block.

    Parameters
    ----------
    table : PreparedTable
    words : ndarray of uint64
        Models in order of size.
    coefficients : bool
        Keep the coefficients; they are not stored in `folder`, so it is not used then.
    workers : int
        Threads.
    folder : path, optional
        Where finished blocks are kept between runs.
    progress : callable, optional
        Called with (done, total) after each block.

    Returns
    -------
    Fits

    Raises
    ------
    Stopped
        On Ctrl-C; finished blocks are in `folder`.
    """
    place = None if folder is None or coefficients else Path(folder)
    if place is not None:
        place.mkdir(parents=True, exist_ok=True)
    parts: list[Fits] = []
    done = 0
    try:
        for start in range(0, len(words), BLOCK):
            block = words[start : start + BLOCK]
            path = None if place is None else _block_path(place, table, block)
            fits = None if path is None else _read(path, len(block), len(table.space.elements))
            if fits is None:
                fits = table.fit_all(block, coefficients=coefficients, workers=workers)
                if path is not None:
                    _write(path, fits)
            parts.append(fits)
            done += len(block)
            if progress is not None:
                progress(done, len(words))
    except KeyboardInterrupt:
        again = "" if place is None else f" Run again with the same folder ({place}) to go on from there."
        raise Stopped(f"Stopped after {done:,} of {len(words):,} distinct fits.{again}") from None
    if len(parts) == 1:
        return parts[0]
    return Fits(
        np.concatenate([part.codes for part in parts]),
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.log_darks for part in parts]),
        np.concatenate([part.coefficients for part in parts]),
    )
