"""Money and housing for survivors: an agency's funds, what is asked of them, and stays in rapid rehousing."""

from waymark.assistance.models.funds import CATEGORIES, CHANGEABLE, MOST, EntryKind, Fund, FundChange, FundEntry
from waymark.assistance.models.housing import HOUSING_MOVES, OPEN_STAYS, HousingMove, HousingStay, StayState, StayStep
from waymark.assistance.models.requests import (
    MOVES,
    OPEN_STATES,
    WITH_AMOUNT,
    WITH_REASON,
    AssistanceRequest,
    Move,
    RequestMove,
    State,
)

__all__ = [
    "CATEGORIES",
    "CHANGEABLE",
    "HOUSING_MOVES",
    "MOST",
    "MOVES",
    "OPEN_STATES",
    "OPEN_STAYS",
    "WITH_AMOUNT",
    "WITH_REASON",
    "AssistanceRequest",
    "EntryKind",
    "Fund",
    "FundChange",
    "FundEntry",
    "HousingMove",
    "HousingStay",
    "Move",
    "RequestMove",
    "State",
    "StayState",
    "StayStep",
]
