"""The survivor council: who sits on it, what it is asked, what it says, how its time is paid."""

from waymark.council.models.recommendations import Recommendation
from waymark.council.models.reviews import CouncilReview, GatedType, SafetyCorrection, Voice
from waymark.council.models.seats import Council, PaidTime, PostedRate, Seat, SeatHolder

__all__ = [
    "Council",
    "CouncilReview",
    "GatedType",
    "PaidTime",
    "PostedRate",
    "Recommendation",
    "SafetyCorrection",
    "Seat",
    "SeatHolder",
    "Voice",
]
