"""Reads of what the council recommends: for the staff as they may see it, for readers what is the council's."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from waymark.accounts.models import Agency, User
from waymark.council.models import Recommendation
from waymark.council.policies.recommendations import visible


def recommendations_for(to: User, *, words: str = "", status: str = "", owner: str = "") -> QuerySet[Recommendation]:
    """What `to` may see, newest first. `owner` is `mine` or `nobody`."""
    found = visible(Recommendation.objects.all(), to=to)
    found = found.select_related("owner", "written_by", "supported_by").order_by("-created_at", "id")
    if words:
        found = found.filter(text__icontains=words)
    if status:
        found = found.filter(status=status)
    if owner == "nobody":
        found = found.filter(owner__isnull=True)
    elif owner == "mine":
        found = found.filter(owner_id=to.acting.agency_id if to.acting else None)
    return found


def recommendation_for(to: User, pk: uuid.UUID) -> Recommendation | None:
    return recommendations_for(to).filter(pk=pk).first()


def shown_recommendations() -> QuerySet[Recommendation]:
    """What everybody may read, with owner, status and reply."""
    return Recommendation.objects.filter(shown_at__isnull=False).select_related("owner").order_by("-created_at", "id")


def agencies_that_could_own() -> QuerySet[Agency]:
    return Agency.objects.filter(state=Agency.State.ACTIVE).order_by("name")
