"""Poisson log-linear models of capture histories: fit one, check one, rank them all.

Every hierarchical model says which lists may depend on each other; the people on no list are read off at the
cell where every list is absent. The work is in :mod:`~hiddenpop.loglinear.kernels` (Newton steps from one
superset-sum transform), :mod:`~hiddenpop.loglinear.existence` (linear programs and the directions they find)
and :mod:`~hiddenpop.loglinear.tables` (many models on one table).
"""

from __future__ import annotations

from hiddenpop.loglinear.ranking import Ranking, rank
from hiddenpop.loglinear.single import CODE_WORDS, LoglinearFit, check, fit
from hiddenpop.loglinear.tables import Fits, PreparedTable

__all__ = ["CODE_WORDS", "Fits", "LoglinearFit", "PreparedTable", "Ranking", "check", "fit", "rank"]
