"""Disclosure control for published tables of counts.

Small counts single people out. This package hides them, hides the fewest other cells that keep anyone
from working them out, audits what is left the way an attentive reader would, and makes a commitment to a table that is
never published. It knows nothing of any web framework, clock or random generator. The solver (scipy) is imported where
something is solved: half a second that a program which only describes tables, or has none to hide today, does not wait.

Examples
--------
>>> from smallcells import Table, protect
>>> table = Table.of(["county", "age"], [["Placer", "Yolo"], ["minor", "adult"]], [[3, 40], [12, 60]])
>>> safe = protect(table)
>>> safe.value(county="Placer", age="minor") is None, safe.value(age="minor")
(True, 15)
"""

from smallcells.audit import Audit, Finding, audit
from smallcells.policy import BadTable, Policy, Refusal
from smallcells.suppress import protect
from smallcells.tables import HIDDEN, TOTAL, Dimension, SafeTable, Table

__version__ = "0.1.0"
__all__ = [
    "HIDDEN",
    "TOTAL",
    "Audit",
    "BadTable",
    "Dimension",
    "Finding",
    "Policy",
    "Refusal",
    "SafeTable",
    "Table",
    "audit",
    "protect",
]
