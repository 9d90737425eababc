"""Every method by its name, with one call for all of them.

Options a method does not know are an error, not a silent nothing: a bootstrap that was asked for and not done
would be a lie about the interval.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from inspect import signature
from types import MappingProxyType
from typing import Any

from hiddenpop.histories import CaptureHistories
from hiddenpop.randomness import Random
from hiddenpop.results import Estimate

__all__ = ["BOOTSTRAPPED_METHOD", "DEFAULT_METHOD", "METHODS", "Method", "estimate"]


@dataclass(frozen=True)
class Method:
    """A method and where it lives; it is imported when it is first used.

    Attributes
    ----------
    name : str
        As on the command line.
    module, function : str
        Home of the estimator.
    summary : str
        One plain sentence.
    bootstrap : bool
        Whether it takes a number of bootstrap replicates.
    """

    name: str
    module: str
    function: str
    summary: str
    bootstrap: bool = False

    def load(self) -> Callable[..., Estimate]:
        """The estimator itself."""
        found: Callable[..., Estimate] = getattr(import_module(f"hiddenpop.{self.module}"), self.function)
        return found

    def options(self) -> tuple[str, ...]:
        """Names of the options it takes."""
        return tuple(name for name in signature(self.load()).parameters if name != "histories")

    def required(self) -> tuple[str, ...]:
        """Names of the options that have no default."""
        parameters = signature(self.load()).parameters.items()
        return tuple(name for name, about in parameters if name != "histories" and about.default is about.empty)


_ALL = (
    Method("balanced", "averaging", "balanced", "An average over all models at the cost that covers best (the default)."),
    Method("bic", "selection", "bic", "The hierarchical model with the least BIC, out of all.", True),
    Method("bic-two-way", "selection", "bic_two_way", "The least BIC among models with two-list interactions.", True),
    Method("aic", "selection", "aic", "The hierarchical model with the least AIC, out of all.", True),
    Method("stepwise", "selection", "stepwise", "Two-list interactions added while the data demand them.", True),
    Method("downhill", "selection", "downhill", "One interaction at a time while BIC falls.", True),
    Method("average", "averaging", "average", "An average over all hierarchical models, weighted by BIC."),
    Method("decomposable", "averaging", "decomposable", "A Bayesian average over all decomposable graphs."),
    Method("latent-class", "latent_class", "latent_class", "Bayesian latent classes of people who are found alike."),
    Method("chao", "lower_bounds", "chao", "Chao's lower bound."),
    Method("chapman", "two_list", "chapman", "Chapman's estimate from two lists."),
    Method("lincoln-petersen", "two_list", "lincoln_petersen", "The ratio estimate from two lists."),
    Method("sample-coverage", "lower_bounds", "sample_coverage", "Sample coverage (Chao and Tsay).", True),
    Method("independence", "selection", "independence", "As if the lists were independent of each other.", True),
    Method("heterogeneity", "heterogeneity", "heterogeneity", "Models of people who are not equally easy to find."),
    Method("model", "selection", "fixed_model", "One log-linear model decided on beforehand.", True),
    Method(
        "multi-model", "intervals.multi_model", "multi_model", "The best models averaged, tried on tables from each.", True
    ),
)

#: What is used when nobody says otherwise; chosen by coverage on simulated populations (docs/adr).
DEFAULT_METHOD = "balanced"
#: What is used when nobody names a method but a bootstrap is asked for.
BOOTSTRAPPED_METHOD = "stepwise"

#: Methods by name.
METHODS: Mapping[str, Method] = MappingProxyType({method.name: method for method in _ALL})


def estimate(
    histories: CaptureHistories,
    method: str = DEFAULT_METHOD,
    *,
    level: float = 0.95,
    bootstrap: int | None = None,
    rng: Random = None,
    progress: Callable[[int, int], None] | None = None,
    **options: Any,
) -> Estimate:
    """Estimate the size of a population by a named method.

    Parameters
    ----------
    histories : CaptureHistories
        The table.
    method : str
        A name of :data:`METHODS`.
    level : float
        Nominal level of the interval.
    bootstrap : int, optional
        Replicates, for methods that take them; None leaves it to the method.
    rng : seed or generator
        Every random draw comes from it; None means a fixed seed.
    progress : callable, optional
        Called with (done, total) in long jobs.
    **options
        Further options of the method, such as ``model="[12,3]"`` or ``threshold=0.05``.

    Returns
    -------
    Estimate
        With ``refused`` set when the table cannot carry the method.

    Raises
    ------
    ValueError
        For an unknown method, or an option that the method does not take.

    Examples
    --------
    >>> rows = [(0, 0, 1), (0, 1, 0), (1, 0, 0), (1, 1, 0), (1, 0, 1), (1, 1, 1)]
    >>> table = CaptureHistories.from_rows("bcd", rows, [41, 5, 5, 54, 6, 12])
    >>> round(estimate(table, "bic", bootstrap=0).estimate, 1)
    157.2
    """
    if method not in METHODS:
        raise ValueError(f"there is no method {method!r}; choose one of {', '.join(METHODS)}")
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must lie strictly between 0 and 1; got {level}")
    if bootstrap is not None and bootstrap < 0:
        raise ValueError(f"the number of bootstrap replicates cannot be negative; got {bootstrap}")
    chosen = METHODS[method]
    known = chosen.options()
    if bootstrap and "bootstrap" not in known:
        raise ValueError(f"method {method!r} has no bootstrap; its interval is made in another way")
    strange = sorted(set(options) - set(known))
    if strange:
        raise ValueError(f"method {method!r} does not take {', '.join(strange)}; it takes {', '.join(known)}")
    missing = sorted(set(chosen.required()) - set(options))
    if missing:
        raise ValueError(f"method {method!r} needs the option {', '.join(missing)}")
    shared = {"level": level, "bootstrap": bootstrap, "rng": rng, "progress": progress}
    given = {name: value for name, value in shared.items() if name in known}
    return chosen.load()(histories, **given, **options)
