"""What an estimator of a share hands back: the number and everything a reader must know to quote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hiddenpop.results import Interval

__all__ = ["Prevalence"]


@dataclass(frozen=True)
class Prevalence:
    """A share of a hidden population, with everything a reader must know to quote it.

    Parameters
    ----------
    method : str
        ``"rds-i"``, ``"rds-ii"`` or ``"ss"``.
    estimate : float or None
        Share with the trait, 0 to 1; None when refused.
    interval : Interval or None
        Interval around the share.
    level : float
    observed : int
        Respondents.
    assumptions : tuple of str
    bias : str
        Direction of the error when the assumptions fail.
    period : str or None
    warnings : tuple of str
    refused : str or None
        Why there is no number.
    details : mapping
        Standard error, population size used, number of people with the trait (when a size was given).

    Raises
    ------
    ValueError
        When the share lies outside 0 to 1 or outside its interval.
    """

    method: str
    estimate: float | None
    interval: Interval | None = None
    level: float = 0.95
    observed: int = 0
    assumptions: tuple[str, ...] = ()
    bias: str = ""
    period: str | None = None
    warnings: tuple[str, ...] = ()
    refused: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if (self.estimate is None) == (self.refused is None):
            raise ValueError("an answer holds either an estimate or the reason why there is none")
        if self.estimate is not None:
            if not 0.0 <= self.estimate <= 1.0:
                raise ValueError(f"a share lies between 0 and 1; got {self.estimate}")
            if self.interval is not None and not self.interval.contains(self.estimate):
                raise ValueError("the interval misses its estimate")

    def to_json_dict(self) -> dict[str, Any]:
        """Return plain Python data for ``json.dumps``."""
        return {
            "method": self.method,
            "estimate": self.estimate,
            "interval": None if self.interval is None else [self.interval.low, self.interval.high],
            "interval_method": None if self.interval is None else self.interval.method,
            "level": self.level,
            "model": None,
            "criterion_name": None,
            "criterion": None,
            "observed": self.observed,
            "assumptions": list(self.assumptions),
            "bias": self.bias,
            "period": self.period,
            "warnings": list(self.warnings),
            "refused": self.refused,
            "details": dict(self.details),
        }
