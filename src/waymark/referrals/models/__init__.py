"""Referrals: who answers for a service, what was asked and what came in, how each moved, and the counts that stay."""

from waymark.referrals.models.referral import Desk, ReceivedReferral, Referral, ReferralCount, ReferralMove
from waymark.referrals.models.states import (
    ENDED,
    HANDED,
    MOVES,
    OPEN,
    OUTCOMES,
    REASONS,
    RUNNING,
    Answer,
    Event,
    Reason,
    Side,
    State,
    Way,
    events_from,
)

__all__ = [
    "ENDED",
    "HANDED",
    "MOVES",
    "OPEN",
    "OUTCOMES",
    "REASONS",
    "RUNNING",
    "Answer",
    "Desk",
    "Event",
    "Reason",
    "ReceivedReferral",
    "Referral",
    "ReferralCount",
    "ReferralMove",
    "Side",
    "State",
    "Way",
    "events_from",
]
