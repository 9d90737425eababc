"""Worlds whose true size is known, and a way to run many of them at once.

An interval that claims 95 % must be tried on populations where the answer is known. This module draws such
populations: capture tables from models fitted to published tables, recruitment forests on networks, and
surveys of personal networks. :func:`map_over` runs the same function over many of them on local processes or on
a Dask cluster.
"""

from __future__ import annotations

from hiddenpop.simulate.mapping import map_over
from hiddenpop.simulate.networks import RecruitmentWorld, ScaleUpWorld, recruitment_world, scale_up_world
from hiddenpop.simulate.tables import Scenario, break_links, draw_table, generating_scenarios

__all__ = [
    "RecruitmentWorld",
    "ScaleUpWorld",
    "Scenario",
    "break_links",
    "draw_table",
    "generating_scenarios",
    "map_over",
    "recruitment_world",
    "scale_up_world",
]
