"""How far the total moves when an assumption gives way.

Every total rests on things the lists cannot show: that two lists do not steer people to or away from each
other more than the model says, that no single list decides the answer, that records of one person were linked.
Each function here bends one of them and reports the total again.
"""

from __future__ import annotations

from hiddenpop.sensitivity.dependence import DependenceCurve, dependence, weakest_pair
from hiddenpop.sensitivity.linkage_errors import linkage_corrected, restore_links
from hiddenpop.sensitivity.lists import ConsistencyCheck, internal_consistency, leave_one_list_out

__all__ = [
    "ConsistencyCheck",
    "DependenceCurve",
    "dependence",
    "internal_consistency",
    "leave_one_list_out",
    "linkage_corrected",
    "restore_links",
    "weakest_pair",
]
