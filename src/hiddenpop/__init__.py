"""How many people are there that nobody has found?

Estimates of the size of hidden populations: multiple systems estimation over incomplete lists,
respondent-driven sampling, network scale-up. Functions take a :class:`CaptureHistories` table (or a survey)
and give back an :class:`Estimate` that carries its interval, model, assumptions and warnings.

Names load on first use, so that ``import hiddenpop`` costs next to nothing; kernels are compiled by Numba the
first time one is needed and cached on disk after that.

Examples
--------
>>> import hiddenpop
>>> table = hiddenpop.CaptureHistories.from_rows(("A", "B"), [(1, 0), (0, 1), (1, 1)], [20, 30, 10])
>>> table.n
60
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hiddenpop.histories import CaptureHistories, InvalidTable
    from hiddenpop.methods import METHODS, estimate
    from hiddenpop.results import Estimate, Interval, Refusal

__version__ = "0.1.0"
__all__ = ["METHODS", "CaptureHistories", "Estimate", "Interval", "InvalidTable", "Refusal", "estimate"]

_HOME = {
    "CaptureHistories": "histories",
    "InvalidTable": "histories",
    "Estimate": "results",
    "Interval": "results",
    "Refusal": "results",
    "METHODS": "methods",
    "estimate": "methods",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(import_module(f"hiddenpop.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'hiddenpop' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
