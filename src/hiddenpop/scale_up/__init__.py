"""Network scale-up: the size of a hidden population from what the general public knows.

Respondents of an ordinary survey are asked how many people they know in groups of known size (teachers, widows,
people with a certain name) and in the hidden group. The known groups tell how large each respondent's personal
network is; the hidden share of all networks, times the population, is the size. Nobody has to name anybody.
"""

from __future__ import annotations

from hiddenpop.scale_up.estimators import adjusted, generalized, scale_up, visibility
from hiddenpop.scale_up.reports import NetworkReports, rescaled_weights

__all__ = ["NetworkReports", "adjusted", "generalized", "rescaled_weights", "scale_up", "visibility"]
