"""When may an average over models be summed up in one number?

Every average here has a band: its median again under neighboring priors. Where the band is narrow the median is the
answer and the band a warning; where it is wide the data do not decide, the prior does, and no number is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from hiddenpop.histories import CaptureHistories
from hiddenpop.intervals.bca import holding
from hiddenpop.results import Estimate, Interval

__all__ = ["DISAGREEMENT", "central", "disagree", "summed_up"]

#: Medians under different priors that are further apart than this factor are not summed up in one number.
DISAGREEMENT = 1.5


class Distribution(Protocol):
    """Whatever says which total has a given share of the belief below it."""

    def quantile(self, level: float) -> float: ...


def central(belief: Distribution, level: float, observed: int) -> tuple[float, float, float]:
    """Median, and the ends of the interval that leaves the same share out on either side."""
    median = belief.quantile(0.5)
    tail = 0.5 * (1.0 - level)
    return median, *holding(belief.quantile(tail), belief.quantile(1.0 - tail), median, observed)


def disagree(medians: Sequence[float]) -> bool:
    """Whether medians lie too far apart for one number."""
    return max(medians) > DISAGREEMENT * min(medians)


def summed_up(
    histories: CaptureHistories, method: str, median: float, interval: Interval, *, medians: Sequence[float],
    words: tuple[str, str] = (
        "Neighboring priors give medians {band}: the data do not decide, the prior does. No single number is given; "
        "see the band in the details.",
        "Under neighboring priors the median lies {band}.",
    ),
    model: str, assumptions: tuple[str, ...], bias: str, warnings: Sequence[str], details: Mapping[str, Any],
    criterion: tuple[str, float] | None = None,
) -> Estimate:  # fmt: skip
    """An average's answer, or its refusal where the medians of its band disagree.

    Parameters
    ----------
    medians : sequence of float
        Medians under neighboring priors; none when they were not asked for.
    words : tuple of two str
        The refusal and the warning; ``{band}`` stands for the range of the medians.
    """
    shared: dict[str, Any] = {
        "method": method,
        "level": interval.level,
        "observed": histories.n,
        "period": histories.period,
        "details": details,
    }
    if medians and disagree(medians):
        band = f"from {min(medians):,.0f} to {max(medians):,.0f}"
        return Estimate(**shared, estimate=None, warnings=tuple(warnings), refused=words[0].format(band=band))
    if medians:
        warnings = [*warnings, words[1].format(band=f"between {min(medians):,.0f} and {max(medians):,.0f}")]
    name, value = criterion or (None, None)
    return Estimate(
        **shared,
        estimate=median,
        interval=interval,
        model=model,
        criterion_name=name,
        criterion=value,
        assumptions=assumptions,
        bias=bias,
        warnings=tuple(warnings),
    )
