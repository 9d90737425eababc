"""The recruitment forest: who was brought in by whom, how many contacts they have, and the trait."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hiddenpop.histories import InvalidTable

__all__ = ["RecruitmentSample"]

_SEED_WORDS = frozenset({"", "seed", "0", "-1", "na", "none"})
_YES = frozenset({"1", "1.0", "true", "yes", "y", "t"})
_NO = frozenset({"0", "0.0", "false", "no", "n", "f"})


@dataclass(frozen=True, eq=False)
class RecruitmentSample:
    """A respondent-driven sample, in the order in which people came.

    Parameters
    ----------
    recruiter : ndarray of int64, shape (n,)
        Row number of the person who recruited each respondent; -1 for a seed.
    degree : ndarray of float64, shape (n,)
        Reported number of contacts inside the population, at least 1.
    trait : ndarray of bool, shape (n,)
        Who has the trait.
    warnings : tuple of str
        What had to be changed while reading.

    Raises
    ------
    InvalidTable
        When shapes disagree, a degree is below 1, somebody recruited themselves, recruitment runs in a
        circle, or nobody is a seed.

    Examples
    --------
    >>> import numpy as np
    >>> sample = RecruitmentSample(np.array([-1, 0, 0, 1]), np.array([4.0, 2, 3, 5]), np.array([1, 0, 0, 1], bool))
    >>> sample.n, sample.wave.tolist()
    (4, [0, 1, 1, 2])
    """

    recruiter: NDArray[np.int64]
    degree: NDArray[np.float64]
    trait: NDArray[np.bool_]
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        recruiter = np.array(self.recruiter, dtype=np.int64)
        degree = np.array(self.degree, dtype=np.float64)
        trait = np.array(self.trait, dtype=np.bool_)
        n = recruiter.size
        if n == 0:
            raise InvalidTable("the sample holds nobody")
        if recruiter.shape != (n,) or degree.shape != (n,) or trait.shape != (n,):
            raise InvalidTable("recruiter, degree and trait need one value a respondent")
        if not np.all(np.isfinite(degree)) or np.any(degree < 1.0):
            row = int(np.flatnonzero(~(degree >= 1.0) | ~np.isfinite(degree))[0])
            raise InvalidTable(f"respondent {row + 1}: the degree must be a number of at least 1; got {degree[row]}")
        if np.any(recruiter < -1) or np.any(recruiter >= n) or np.any(recruiter == np.arange(n)):
            raise InvalidTable("a recruiter must be another respondent, or -1 for a seed")
        for array in (recruiter, degree, trait):
            array.setflags(write=False)
        object.__setattr__(self, "recruiter", recruiter)
        object.__setattr__(self, "degree", degree)
        object.__setattr__(self, "trait", trait)
        if not np.any(recruiter < 0):
            raise InvalidTable("the sample has no seed: somebody must have been the first")
        self.wave  # noqa: B018 - walking the forest is what finds a circle

    @property
    def n(self) -> int:
        """Respondents."""
        return int(self.recruiter.size)

    @property
    def seeds(self) -> int:
        """People who were not recruited by a respondent."""
        return int((self.recruiter < 0).sum())

    @cached_property
    def _root_and_wave(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        root = np.arange(self.n)
        wave = np.zeros(self.n, dtype=np.int64)
        above = self.recruiter.copy()
        for _ in range(self.n):
            climbing = above >= 0
            if not climbing.any():
                return root, wave
            wave[climbing] += 1
            root[climbing] = above[climbing]
            above[climbing] = self.recruiter[above[climbing]]
        raise InvalidTable("recruitment runs in a circle: somebody is their own recruiter's recruiter")

    @property
    def wave(self) -> NDArray[np.int64]:
        """Steps from the seed, shape (n,); 0 for seeds."""
        return self._root_and_wave[1]

    @property
    def root(self) -> NDArray[np.int64]:
        """Row of the seed each respondent descends from, shape (n,)."""
        return self._root_and_wave[0]

    @property
    def recruits(self) -> NDArray[np.int64]:
        """How many people each respondent brought, shape (n,)."""
        return np.bincount(self.recruiter[self.recruiter >= 0], minlength=self.n)

    @property
    def referrals(self) -> NDArray[np.int64]:
        """Recruitments from group (row) to group (column), shape (2, 2); index 1 has the trait."""
        has = self.recruiter >= 0
        table = np.zeros((2, 2), dtype=np.int64)
        np.add.at(table, (self.trait[self.recruiter[has]].astype(int), self.trait[has].astype(int)), 1)
        return table

    @classmethod
    def read_csv(
        cls,
        path: str | Path,
        outcome: str,
        *,
        id_column: str = "id",
        recruiter_column: str = "recruiter.id",
        degree_column: str = "degree",
    ) -> RecruitmentSample:
        """Read one row a respondent.

        Parameters
        ----------
        path : str or Path
            A CSV file with a header.
        outcome : str
            Column with the trait: 0/1, yes/no or true/false.
        id_column, recruiter_column, degree_column : str
            Names of the other columns. A seed has ``seed``, ``0``, ``NA`` or nothing as its recruiter.

        Returns
        -------
        RecruitmentSample

        Raises
        ------
        InvalidTable
            Naming row and column.

        Notes
        -----
        A degree of 0 cannot be true of somebody who was recruited; it is read as 1 and a warning says so. An
        unknown recruiter makes the respondent a seed, with a warning.
        """
        with open(path, newline="", encoding="utf-8-sig") as handle:
            rows = list(csv.DictReader(handle))
        if not rows:
            raise InvalidTable(f"{path}: the file holds no respondent")
        for column in (id_column, recruiter_column, degree_column, outcome):
            if column not in rows[0]:
                raise InvalidTable(f"{path}: there is no column {column!r}; found {', '.join(rows[0])}")
        identifiers = [(row[id_column] or "").strip() for row in rows]
        index: dict[str, int] = {}
        for number, identifier in enumerate(identifiers, start=2):
            if identifier in index:
                raise InvalidTable(f"row {number}, column {id_column!r}: {identifier!r} occurs twice")
            index[identifier] = number - 2
        recruiters = [(row[recruiter_column] or "").strip() for row in rows]
        known = [index.get(name, -1) if name.lower() not in _SEED_WORDS or name in index else -1 for name in recruiters]
        lost = sum(1 for name, at in zip(recruiters, known, strict=True) if at < 0 and name.lower() not in _SEED_WORDS)
        degrees, zeros = _degrees([row[degree_column] for row in rows], degree_column)
        trait = [_flag(row[outcome], number, outcome) for number, row in enumerate(rows, start=2)]
        warnings = []
        if lost:
            warnings.append(f"{lost} respondents name a recruiter who is not in the file; they are read as seeds.")
        if zeros:
            warnings.append(f"{zeros} respondents report no contact at all although somebody knew them; read as 1.")
        return cls(np.array(known), np.array(degrees), np.array(trait), tuple(warnings))


def _degrees(texts: Sequence[str | None], column: str) -> tuple[list[float], int]:
    degrees, zeros = [], 0
    for number, text in enumerate(texts, start=2):
        try:
            value = float((text or "").strip())
        except ValueError:
            raise InvalidTable(f"row {number}, column {column!r}: {text!r} is not a number of contacts") from None
        if not np.isfinite(value) or value < 0:
            raise InvalidTable(f"row {number}, column {column!r}: {text!r} is not a number of contacts")
        zeros += value == 0
        degrees.append(value if value > 0 else 1.0)
    return degrees, zeros


def _flag(text: str | None, number: int, column: str) -> bool:
    word = (text or "").strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise InvalidTable(f"row {number}, column {column!r}: {text!r} is neither yes nor no")
