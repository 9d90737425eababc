"""What is kept of a case."""

from waymark.cases.models.case import (
    BY_TWO,
    MOVES,
    OPEN_STATES,
    WITH_REASON,
    Addendum,
    Case,
    CaseMove,
    CaseOwned,
    Move,
    Note,
    NoticeTold,
    State,
)
from waymark.cases.models.files import CaseFile
from waymark.cases.models.keeping import DestructionRequest, RetentionRule
from waymark.cases.models.legal import LegalRelief
from waymark.cases.models.origin import CaseOrigin
from waymark.cases.models.sheets import Sheet

__all__ = [
    "BY_TWO",
    "MOVES",
    "OPEN_STATES",
    "WITH_REASON",
    "Addendum",
    "Case",
    "CaseFile",
    "CaseMove",
    "CaseOrigin",
    "CaseOwned",
    "DestructionRequest",
    "LegalRelief",
    "Move",
    "Note",
    "NoticeTold",
    "RetentionRule",
    "Sheet",
    "State",
]
