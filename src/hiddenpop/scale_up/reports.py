"""The survey: what respondents report, how they were sampled, and replicate weights that respect it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hiddenpop.histories import InvalidTable
from hiddenpop.randomness import Random, generator

__all__ = ["NetworkReports", "rescaled_weights"]

_MISSING = frozenset({"", "na", "nan", "null", "."})


@dataclass(frozen=True, eq=False)
class NetworkReports:
    """Reports about groups of known size and about the hidden group.

    Parameters
    ----------
    known : ndarray of float64, shape (n, g)
        People known by each respondent in each known group; not-a-number where the answer is missing.
    sizes : ndarray of float64, shape (g,)
        Sizes of the known groups, in people.
    hidden : ndarray of float64, shape (n,)
        People known in the hidden group; not-a-number where missing.
    population : float
        Size of the whole population, in people.
    weights : ndarray of float64, shape (n,)
        Survey weights (any scale).
    clusters : ndarray of int64, shape (n,)
        Primary sampling unit of each respondent.
    strata : ndarray of int64, shape (n,)
        Stratum of each respondent's primary sampling unit.
    top_code : float or None
        Every single report above this is read as this ("30 or more").

    Raises
    ------
    InvalidTable
        On negative or impossible values, a group larger than the population, or no answers at all.

    Examples
    --------
    >>> import numpy as np
    >>> reports = NetworkReports.simple(np.array([[2.0, 1], [0, 3]]), np.array([100.0, 200]), np.array([1.0, 0]), 10_000)
    >>> reports.degrees.tolist()
    [100.0, 100.0]
    """

    known: NDArray[np.float64]
    sizes: NDArray[np.float64]
    hidden: NDArray[np.float64]
    population: float
    weights: NDArray[np.float64]
    clusters: NDArray[np.int64]
    strata: NDArray[np.int64]
    top_code: float | None = 30.0

    def __post_init__(self) -> None:
        n = self.hidden.shape[0]
        if n < 2 or self.known.shape != (n, self.sizes.size) or self.sizes.size == 0:
            raise InvalidTable("a scale-up survey needs at least two respondents and one known group")
        for name, array in (("weights", self.weights), ("clusters", self.clusters), ("strata", self.strata)):
            if array.shape != (n,):
                raise InvalidTable(f"{name} needs one value a respondent")
        if np.any(self.known < 0) or np.any(self.hidden < 0):
            raise InvalidTable("nobody can know fewer than 0 people")
        if np.any(self.sizes <= 0) or self.population <= 0 or np.any(self.sizes > self.population):
            raise InvalidTable("known groups must hold between one person and the whole population")
        if not np.all(np.isfinite(self.weights)) or np.any(self.weights < 0) or self.weights.sum() == 0:
            raise InvalidTable("weights must be finite, not negative, and not all zero")
        if np.all(np.isnan(self.hidden)) or np.all(np.isnan(self.known)):
            raise InvalidTable("nobody answered the questions about the hidden or the known groups")

    @classmethod
    def simple(
        cls,
        known: NDArray[np.float64],
        sizes: NDArray[np.float64],
        hidden: NDArray[np.float64],
        population: float,
        *,
        top_code: float | None = 30.0,
    ) -> NetworkReports:
        """Build reports from a simple random sample: equal weights, every respondent their own unit."""
        n = len(hidden)
        return cls(
            np.asarray(known, dtype=np.float64),
            np.asarray(sizes, dtype=np.float64),
            np.asarray(hidden, dtype=np.float64),
            float(population),
            np.ones(n),
            np.arange(n),
            np.zeros(n, dtype=np.int64),
            top_code,
        )

    @property
    def n(self) -> int:
        """Respondents."""
        return int(self.hidden.size)

    @property
    def missing(self) -> int:
        """Answers that are missing."""
        return int(np.isnan(self.known).sum() + np.isnan(self.hidden).sum())

    def capped(self, reports: NDArray[np.float64]) -> NDArray[np.float64]:
        """Top-code `reports` and read missing answers as "nobody"."""
        values = np.nan_to_num(reports, nan=0.0)
        return values if self.top_code is None else np.minimum(values, self.top_code)

    @property
    def hidden_known(self) -> NDArray[np.float64]:
        """People known in the hidden group, top-coded, shape (n,)."""
        return self.capped(self.hidden)

    @property
    def degrees(self) -> NDArray[np.float64]:
        """Estimated size of each respondent's network, in people, shape (n,)."""
        reported: NDArray[np.float64] = self.capped(self.known).sum(axis=1)
        return reported * (self.population / float(self.sizes.sum()))

    @classmethod
    def read_csv(
        cls,
        survey: str | Path,
        known: str | Path,
        hidden: str,
        population: float,
        *,
        weight: str | None = None,
        cluster: str | None = None,
        stratum: str | None = None,
        top_code: float | None = 30.0,
    ) -> NetworkReports:
        """Read a survey (one row a respondent) and the known groups (columns ``group`` and ``size``).

        Parameters
        ----------
        survey, known : str or Path
            CSV files with headers; each group of `known` is a column of `survey`.
        hidden : str
            Column of the survey with the hidden group.
        population : float
            People in the whole population.
        weight, cluster, stratum : str, optional
            Columns with survey weight, primary sampling unit and stratum.
        top_code : float, optional
            See the class.

        Returns
        -------
        NetworkReports

        Raises
        ------
        InvalidTable
            Naming row and column.
        """
        groups, sizes = [], []
        for number, row in enumerate(_rows(known, ("group", "size")), start=2):
            groups.append((row["group"] or "").strip())
            sizes.append(_number(row["size"], number, "size"))
        rows = _rows(survey, (*groups, hidden, *(name for name in (weight, cluster, stratum) if name)))
        table = np.array(
            [[_number(row[name], at, name) for name in (*groups, hidden)] for at, row in enumerate(rows, start=2)]
        )
        return cls(
            table[:, :-1],
            np.array(sizes),
            table[:, -1],
            float(population),
            np.array([_number(row[weight], at, weight) for at, row in enumerate(rows, start=2)])
            if weight
            else np.ones(len(rows)),
            _codes([row[cluster] for row in rows]) if cluster else np.arange(len(rows)),
            _codes([row[stratum] for row in rows]) if stratum else np.zeros(len(rows), dtype=np.int64),
            top_code,
        )


def _rows(path: str | Path, columns: Sequence[str]) -> list[dict[str, str | None]]:
    with open(path, newline="", encoding="utf-8-sig") as handle:
        rows: list[dict[str, str | None]] = list(csv.DictReader(handle))
    if not rows:
        raise InvalidTable(f"{path}: the file holds no row")
    for column in columns:
        if column not in rows[0]:
            raise InvalidTable(f"{path}: there is no column {column!r}")
    return rows


def _number(text: str | None, row: int, column: str) -> float:
    word = (text or "").strip()
    if word.lower() in _MISSING:
        return float("nan")
    try:
        value = float(word)
    except ValueError:
        raise InvalidTable(f"row {row}, column {column!r}: {text!r} is not a number") from None
    if value < 0:
        raise InvalidTable(f"row {row}, column {column!r}: {text!r} is negative")
    return value


def _codes(values: Sequence[str | None]) -> NDArray[np.int64]:
    codes: dict[str, int] = {}
    return np.array([codes.setdefault((value or "").strip(), len(codes)) for value in values], dtype=np.int64)


def rescaled_weights(
    clusters: NDArray[np.int64], strata: NDArray[np.int64], replicates: int, rng: Random = None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Draw Rao-Wu rescaled bootstrap multipliers.

    Parameters
    ----------
    clusters, strata : ndarray of int64, shape (n,)
        Primary sampling unit and stratum of each respondent.
    replicates : int
    rng : seed or numpy.random.Generator, optional

    Returns
    -------
    unit : ndarray of int64, shape (n,)
        Column of `multipliers` for each respondent.
    multipliers : ndarray of float64, shape (replicates, units)
        Factor on the weight of everybody in the unit; mean 1.

    Raises
    ------
    ValueError
        When a stratum holds a single primary sampling unit: its variance cannot be seen.

    Notes
    -----
    In a stratum of m units, m - 1 are drawn with replacement and their weights multiplied by m / (m - 1), which
    makes the bootstrap variance of a weighted total equal its usual unbiased estimate.

    References
    ----------
    Rao, J. N. K. and Wu, C. F. J. (1988). Resampling inference with complex survey data. JASA 83, 231-241.
    Rust, K. F. and Rao, J. N. K. (1996). Variance estimation for complex surveys using replication techniques.
    Statistical Methods in Medical Research 5, 283-310.

    Examples
    --------
    >>> import numpy as np
    >>> unit, factor = rescaled_weights(np.arange(4), np.zeros(4, int), 3, np.random.default_rng(1))
    >>> factor.sum(axis=1).tolist()
    [4.0, 4.0, 4.0]
    """
    pairs = np.stack([strata, clusters], axis=1)
    random = generator(rng)
    units, unit = np.unique(pairs, axis=0, return_inverse=True)
    unit = np.asarray(unit, dtype=np.int64).reshape(-1)
    multipliers = np.zeros((replicates, units.shape[0]))
    for stratum in np.unique(units[:, 0]):
        members = np.flatnonzero(units[:, 0] == stratum)
        m = members.size
        if m < 2:
            raise ValueError("a stratum with one primary sampling unit cannot be resampled; merge it with another")
        drawn = random.multinomial(m - 1, np.full(m, 1.0 / m), size=replicates)
        multipliers[:, members] = drawn * (m / (m - 1))
    return unit, multipliers
