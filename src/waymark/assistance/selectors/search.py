"""What the search finds of money: funds by name, requests by their code. Nothing that is sealed is searched."""

from __future__ import annotations

from collections.abc import Sequence

from waymark.accounts.models import User
from waymark.assistance.models import AssistanceRequest, Fund
from waymark.assistance.policies.who import VIEW, visible, visible_funds
from waymark.pages.found import FoundRows, matching
from waymark.people.policies import holds


def search_for(user: User, words: Sequence[str]) -> list[FoundRows]:
    if not holds(user, VIEW):
        return []
    funds = visible_funds(Fund.objects.filter(matching(words, "name", "source")), to=user)
    requests = visible(AssistanceRequest.objects.filter(matching(words, "code", "case__code")), to=user)
    return [
        FoundRows(funds, "Fund", "assistance:fund_detail", "name", "source"),
        FoundRows(requests, "Request for money", "assistance:detail", "code"),
    ]
