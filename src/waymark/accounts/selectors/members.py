"""Reads about staff and where they belong."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, Membership, User

# Where the session keeps under which membership its user acts.
ACTING = "acting_membership"


def has_coordinator() -> bool:
    """True once someone may set up the region; until then the set-up code opens the first page."""
    return Membership.objects.filter(role=Role.COORDINATOR).exists()


def open_today(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Those memberships under which somebody may act today."""
    today = timezone.localdate()
    return memberships.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        user__is_active=True,
        state=Membership.State.ACTIVE,
        starts_on__lte=today,
        agency__state=Agency.State.ACTIVE,
    )


def open_memberships_of(user: User) -> list[Membership]:
    """The memberships under which a user may act today, by the name of their agency."""
    found = open_today(Membership.objects.filter(user=user))
    return list(found.select_related("agency").order_by("agency__name", "created_at", "id"))


def places_of(user: User, *, through: str = "") -> list[Membership]:
    """The memberships between which a session may choose."""
    return [each for each in open_memberships_of(user) if through in {"", str(each.agency_id)}]


def acting_membership(user: User, chosen: object, *, through: str = "") -> Membership | None:
    """The membership that the session chose, or the first open one as long as nothing was chosen.

    One that was chosen and is over is not replaced silently: a form that was opened for one agency would be written into
    another. The person chooses again. A session that came `through` an agency's own sign-in acts for that agency alone.
    """
    found = places_of(user, through=through)
    user.could_act = len(found)
    if chosen is None:
        return found[0] if found else None
    return next((membership for membership in found if str(membership.pk) == chosen), None)


def staff_named(email: str) -> User | None:
    return User.objects.filter(email=email.strip().lower()).first()
