"""Averages over many models instead of one selected model."""

from __future__ import annotations

from hiddenpop.averaging.balanced import balanced
from hiddenpop.averaging.decomposable import decomposable, posterior_total
from hiddenpop.averaging.graphs import decomposable_graphs
from hiddenpop.averaging.information import average

__all__ = ["average", "balanced", "decomposable", "decomposable_graphs", "posterior_total"]
