"""A person's own open sessions."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from waymark.accounts.models import Session, User
from waymark.accounts.models.sessions import IDLE


def sessions_of(user: User) -> QuerySet[Session]:
    """Sessions that are open now, the last seen first. A sign-in that waits for its second step is none."""
    now = timezone.now()
    return (
        Session.objects.filter(user=user, expire_date__gt=now, seen_at__gt=now - IDLE)
        .exclude(device="")
        .order_by("-seen_at")
    )
