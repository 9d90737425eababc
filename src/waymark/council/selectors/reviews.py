"""Reads of reviews: the list, one with its voices, and whether a thing is cleared as it stands now."""

from __future__ import annotations

import json
import uuid

from django.db import connection
from django.db.models import QuerySet

from waymark.accounts.models import User
from waymark.council.models import CouncilReview
from waymark.council.policies.reviews import visible

CLEARED = """
SELECT EXISTS (
    SELECT FROM council_councilreview r
    WHERE r.kind_id = %s AND r.object_id = %s AND r.state IN ('endorsed', 'resolved', 'overridden')
        AND r.digest = council_digest(council_content(%s, %s))
)
"""


def reviews_for(to: User, *, words: str = "", kind: str = "", state: str = "") -> QuerySet[CouncilReview]:
    """What `to` may see, most pressing first. `state` is a state, or `open` or `over`."""
    found = visible(CouncilReview.objects.all(), to=to).select_related("kind", "requested_for").order_by("due_at", "id")
    if words:
        found = found.filter(title__icontains=words)
    if kind:
        found = found.filter(kind_id=kind)
    if state == "open":
        return found.filter(state__in=CouncilReview.OPEN)
    if state == "over":
        return found.exclude(state__in=CouncilReview.OPEN).order_by("-decided_at", "id")
    return found.filter(state=state) if state else found


def review_for(to: User, pk: uuid.UUID) -> CouncilReview | None:
    """One review, if `to` may see it."""
    return reviews_for(to).filter(pk=pk).first()


def newest_review_of(kind: str, thing: object) -> CouncilReview | None:
    """The newest review of a thing, for the app to which the thing belongs and for its readers."""
    return CouncilReview.objects.filter(kind_id=kind, object_id=str(thing)).order_by("-requested_at").first()


def is_cleared(kind: str, thing: object) -> bool:
    """Whether the thing, as it stands now, may go public. The database asks the same when it does."""
    with connection.cursor() as cursor:
        cursor.execute(CLEARED, [kind, str(thing), kind, str(thing)])
        return bool(cursor.fetchone()[0])


def content_now(kind: str, thing: object) -> dict[str, object] | None:
    """What readers would see of a thing as it stands; None when there is no such thing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT council_content(%s, %s)::text", [kind, str(thing)])
        (found,) = cursor.fetchone()
    return json.loads(found) if found else None


def outcome_of(review: CouncilReview) -> str:
    """What the voices come to, or nothing while it is too early."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT council_outcome(%s)", [review.pk])
        row = cursor.fetchone()
    return (row[0] or "") if row else ""
