"""What an estimator hands back: a number never travels without its limits.

A total of people nobody has found is easy to quote and hard to take back. Every answer of this package is
therefore an :class:`Estimate`: the number, its interval, the model it rests on, what had to be assumed, in
which direction it errs when the assumptions fail, the period it is about, and warnings in plain words. When a
table cannot carry an estimate the same type says so: ``estimate`` is None and ``refused`` holds the reason.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

__all__ = ["Estimate", "Interval", "Refusal", "ratio_phrases", "refusal"]

# Intervals come out of floating-point quantiles; an estimate may miss its own end point by rounding only.
_ROUNDING = 1e-9


class Refusal(Exception):
    """A table or a method that cannot give an honest number; the message says why in plain words.

    Examples
    --------
    >>> str(Refusal("Two lists that share nobody say nothing about the rest."))
    'Two lists that share nobody say nothing about the rest.'
    """


@dataclass(frozen=True)
class Interval:
    """A two-sided interval.

    Parameters
    ----------
    low, high : float
        End points, in people. ``high`` may be infinite.
    level : float
        Nominal coverage, strictly between 0 and 1.
    method : str
        How it was made, for example ``"BCa bootstrap, 1000 replicates"``.

    Raises
    ------
    ValueError
        When ``low > high``, an end is not a number, or ``level`` is outside (0, 1).

    Examples
    --------
    >>> Interval(8785.0, 14700.0, 0.95, "BCa bootstrap").width
    5915.0
    """

    low: float
    high: float
    level: float
    method: str

    def __post_init__(self) -> None:
        if math.isnan(self.low) or math.isnan(self.high):
            raise ValueError("an interval needs two numbers; one end is not a number")
        if self.low > self.high:
            raise ValueError(f"an interval runs from low to high; got {self.low} and {self.high}")
        if not 0.0 < self.level < 1.0:
            raise ValueError(f"level must lie strictly between 0 and 1; got {self.level}")

    @property
    def width(self) -> float:
        """Distance between the ends, in people."""
        return self.high - self.low

    def contains(self, value: float) -> bool:
        """Whether `value` lies inside, allowing for rounding of the last digits."""
        slack = _ROUNDING * max(1.0, abs(value))
        return self.low - slack <= value <= self.high + slack


def _plain(value: Any) -> Any:
    """Turn `value` into what JSON can hold: NumPy to Python, not-a-number and infinity to None."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, Interval):
        return [_plain(value.low), _plain(value.high)]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)


def ratio_phrases(observed: int, estimate: float) -> dict[str, str]:
    """Say the ratio of known to hidden people in both ways, so that nobody has to guess which was meant.

    Parameters
    ----------
    observed : int
        People on at least one list.
    estimate : float
        Estimated total, at least `observed`.

    Returns
    -------
    dict of str
        ``"known : all"`` and ``"known : unknown"``, both as "1 : x".

    Examples
    --------
    >>> ratio_phrases(100, 1000.0)
    {'known : all': '1 : 10.0', 'known : unknown': '1 : 9.0'}
    """
    if observed <= 0:
        return {"known : all": "nobody is known", "known : unknown": "nobody is known"}
    return {
        "known : all": f"1 : {estimate / observed:.1f}",
        "known : unknown": f"1 : {(estimate - observed) / observed:.1f}",
    }


@dataclass(frozen=True)
class Estimate:
    """One method's answer for one table, or its refusal.

    Parameters
    ----------
    method : str
        Name of the method, as on the command line.
    estimate : float or None
        Estimated total number of people, the observed ones included; None when refused.
    interval : Interval or None
        Interval around the estimate; None when refused or when the method has none.
    level : float
        Nominal level that was asked for.
    model : str or None
        The model, or the set of models, the number rests on, for example ``"[123,25,34]"``.
    criterion_name, criterion : str or None, float or None
        What the model was chosen by, and its value.
    observed : int
        People on at least one list.
    assumptions : tuple of str
        What must hold, one plain sentence each.
    bias : str
        In which direction the number errs when the assumptions fail.
    period : str or None
        The window of time the table is about.
    warnings : tuple of str
        What the reader must know before quoting the number.
    refused : str or None
        Why there is no number; None when there is one.
    details : mapping
        Anything else the method wants to show (codes, candidate models, replicates).

    Raises
    ------
    ValueError
        When a law is broken: a number below the observed count, an interval that misses its own estimate,
        both or neither of an estimate and a refusal.

    Examples
    --------
    >>> answer = Estimate("chapman", 120.0, Interval(101.0, 150.0, 0.95, "normal"), observed=90)
    >>> answer.to_json_dict()["interval"]
    [101.0, 150.0]
    """

    method: str
    estimate: float | None
    interval: Interval | None = None
    level: float = 0.95
    model: str | None = None
    criterion_name: str | None = None
    criterion: float | None = None
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
        if self.estimate is None:
            if self.interval is not None:
                raise ValueError("a refusal carries no interval")
        else:
            if not math.isfinite(self.estimate):
                raise ValueError(f"an estimate must be a finite number; got {self.estimate}")
            if self.estimate < self.observed * (1.0 - _ROUNDING):
                raise ValueError(f"estimate {self.estimate} is below the {self.observed} people observed")
            if self.interval is not None and not self.interval.contains(self.estimate):
                raise ValueError(
                    f"interval {self.interval.low} to {self.interval.high} misses its estimate {self.estimate}"
                )
        object.__setattr__(self, "details", MappingProxyType(dict(self.details)))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle through the constructor: answers cross process borders on a cluster."""
        values = tuple(dict(self.details) if name == "details" else getattr(self, name) for name in _FIELDS)
        return type(self), values

    def to_json_dict(self) -> dict[str, Any]:
        """Return plain Python data for ``json.dumps``: the interval as ``[low, high]`` or None.

        Infinite and undefined numbers become None, since JSON has no word for them.
        """
        interval = None if self.interval is None else [_plain(self.interval.low), _plain(self.interval.high)]
        ratio = None if self.estimate is None else ratio_phrases(self.observed, self.estimate)
        return {
            "method": self.method,
            "estimate": _plain(self.estimate),
            "interval": interval,
            "interval_method": None if self.interval is None else self.interval.method,
            "level": self.level,
            "model": self.model,
            "criterion_name": self.criterion_name,
            "criterion": _plain(self.criterion),
            "observed": int(self.observed),
            "ratio": ratio,
            "assumptions": list(self.assumptions),
            "bias": self.bias,
            "period": self.period,
            "warnings": list(self.warnings),
            "refused": self.refused,
            "details": _plain(self.details),
        }


_FIELDS = tuple(Estimate.__dataclass_fields__)


def refusal(
    method: str,
    observed: int,
    reason: str,
    *,
    level: float = 0.95,
    period: str | None = None,
    warnings: tuple[str, ...] = (),
    assumptions: tuple[str, ...] = (),
    bias: str = "",
    details: Mapping[str, Any] | None = None,
) -> Estimate:
    """Build the answer of a method that has none.

    Parameters
    ----------
    method : str
        Name of the method.
    observed : int
        People on at least one list.
    reason : str
        Why no number can be given, in plain words that also say what would help.
    level, period, warnings, assumptions, bias, details
        As in :class:`Estimate`.

    Returns
    -------
    Estimate
        With ``estimate`` None and ``refused`` set.

    Examples
    --------
    >>> refusal("chapman", 12, "Chapman's estimator needs exactly two lists.").estimate is None
    True
    """
    return Estimate(
        method=method,
        estimate=None,
        level=level,
        observed=observed,
        period=period,
        warnings=warnings,
        assumptions=assumptions,
        bias=bias,
        refused=reason,
        details=details or {},
    )
