"""What is kept of a case."""

from waymark.cases.models.case import (
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

__all__ = [
    "MOVES",
    "OPEN_STATES",
    "WITH_REASON",
    "Addendum",
    "Case",
    "CaseMove",
    "CaseOwned",
    "Move",
    "Note",
    "NoticeTold",
    "State",
]
