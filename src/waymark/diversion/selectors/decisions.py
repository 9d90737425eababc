"""What parties have said: the last word of each counts."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from waymark.diversion.models import PartyDecision, Referral
from waymark.diversion.models.parties import Party, Verdict


def last_words(referrals: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, PartyDecision]]:
    """Of many referrals: by party, the last decision. One query."""
    rows = PartyDecision.objects.filter(referral__in=list(referrals)).order_by("said_at")
    found: dict[uuid.UUID, dict[str, PartyDecision]] = {}
    for row in rows:
        if row.referral_id is not None:
            found.setdefault(row.referral_id, {})[row.party] = row
    return found


def agreed_parties(referral: Referral) -> set[str]:
    words = last_words([referral.pk]).get(referral.pk, {})
    return {party for party in Party.values if party in words and words[party].verdict == Verdict.AGREES}
