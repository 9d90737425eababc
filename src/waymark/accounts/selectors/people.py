"""Reads of agencies, their members, invitations and administrators, already narrowed to who asks.

Each list costs one count and one read, however many rows there are.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from waymark.access.permissions import Role
from waymark.accounts.formats.invitation_letter import digest_of
from waymark.accounts.models import AdministratorRequest, Agency, Invitation, Membership, User
from waymark.accounts.policies import people

SOON = dt.timedelta(days=60)


def agencies_listed(*, words: str = "", kind: str = "", state: str = "") -> QuerySet[Agency]:
    """Every agency of the coalition; its name and kind are known to all members."""
    found = Agency.objects.order_by("name", "id")
    if words:
        found = found.filter(Q(name__icontains=words) | Q(short_name__icontains=words))
    if kind:
        found = found.filter(kind=kind)
    if state:
        found = found.filter(state=state)
    return found


def agency_for(pk: uuid.UUID) -> Agency | None:
    """An agency, and whether somebody is in it, in one read: the second question would tell that the first found one."""
    return with_emptiness(Agency.objects.filter(pk=pk)).first()


def with_emptiness(agencies: QuerySet[Agency]) -> QuerySet[Agency]:
    """For the administrator: whether somebody is in each agency, without saying who or how many."""
    inside = Membership.objects.filter(agency=OuterRef("pk")).exclude(state=Membership.State.ENDED)
    return agencies.annotate(somebody_is_in=Exists(inside))


def somebody_is_in(agency: Agency) -> bool:
    """What `agency_for` found out."""
    return bool(getattr(agency, "somebody_is_in", True))


def first_invitation_of(agency: Agency) -> Invitation | None:
    """The open invitation of a first officer."""
    return agency.invitations.filter(state=Invitation.State.OPEN, is_first=True).select_related("invited_by").first()


def members_for(
    user: User, *, words: str = "", state: str = "", role: str = "", training: str = "", on: dt.date
) -> QuerySet[Membership]:
    """The members of the agency for which `user` acts; those who are in come before those who were."""
    found = people.visible_members(Membership.objects.select_related("user"), to=user)
    if words:
        found = found.filter(Q(user__display_name__icontains=words) | Q(user__email__icontains=words))
    if state:
        found = found.filter(state=state)
    if role:
        found = found.filter(role=role)
    found = by_training(found, training, on=on)
    return found.order_by("state", "user__display_name", "id")


def by_training(found: QuerySet[Membership], training: str, *, on: dt.date) -> QuerySet[Membership]:
    """Narrow to members whose training is over, ends soon, or was never recorded. Who has left needs none."""
    if training == "over":
        found = found.filter(training_expires_on__lt=on)
    elif training == "soon":
        found = found.filter(training_expires_on__gte=on, training_expires_on__lte=on + SOON)
    elif training == "unknown":
        found = found.filter(training_expires_on__isnull=True)
    return found.exclude(state=Membership.State.ENDED) if training else found


def member_for(user: User, pk: uuid.UUID) -> Membership | None:
    """A member of one's own agency; somebody else's member is nobody."""
    return people.visible_members(Membership.objects.select_related("user", "agency"), to=user).filter(pk=pk).first()


def invitations_for(user: User, *, words: str = "", state: str = "", now: dt.datetime) -> QuerySet[Invitation]:
    """Invitations that `user` keeps, newest first. `overdue` are those that nobody answered in time."""
    found = people.visible_invitations(Invitation.objects.select_related("agency", "invited_by"), to=user)
    if words:
        found = found.filter(email__icontains=words)
    if state == "overdue":
        found = found.filter(state=Invitation.State.OPEN, expires_at__lte=now)
    elif state == Invitation.State.OPEN:
        found = found.filter(state=state, expires_at__gt=now)
    elif state:
        found = found.filter(state=state)
    return found.order_by("-invited_at", "id")


def invitation_for(user: User, pk: uuid.UUID) -> Invitation | None:
    found = Invitation.objects.select_related("agency", "invited_by", "membership")
    return people.visible_invitations(found, to=user).filter(pk=pk).first()


def invitation_opened_by(*, code: str, email: str) -> Invitation | None:
    """The open invitation that code and address open together; one read whether there is one or not, and never a reason."""
    found = Invitation.objects.select_related("agency").filter(code_digest=digest_of(code)).first()
    return found if found is not None and found.email == email.strip().lower() and is_open(found) else None


def invitation_still_open(*, pk: object, digest: object) -> Invitation | None:
    """The invitation that a browser has opened before, as long as the same code would open it."""
    try:
        key = uuid.UUID(str(pk))
    except ValueError:
        return None
    found = Invitation.objects.select_related("agency").filter(pk=key, code_digest=str(digest)).first()
    return found if found is not None and is_open(found) else None


def is_open(invitation: Invitation) -> bool:
    return (
        invitation.state == Invitation.State.OPEN
        and invitation.expires_at > timezone.now()
        and invitation.agency.state == Agency.State.ACTIVE
    )


def administrators_for(user: User) -> QuerySet[Membership]:
    """The administrators of the installation, for whoever may ask for one."""
    if user.acting is None:
        return Membership.objects.none()
    found = Membership.objects.filter(role=Role.ADMINISTRATOR, state=Membership.State.ACTIVE)
    return found.filter(agency_id=user.acting.agency_id).select_related("user").order_by("user__display_name", "id")


def requests_for(user: User, *, state: str = "") -> QuerySet[AdministratorRequest]:
    found = people.visible_requests(
        AdministratorRequest.objects.select_related("user", "requested_by", "decided_by"), to=user
    )
    if state:
        found = found.filter(state=state)
    return found.order_by("-requested_at", "id")


def request_for(user: User, pk: uuid.UUID) -> AdministratorRequest | None:
    return requests_for(user).filter(pk=pk).first()


def who_could_be_administrator(user: User) -> QuerySet[Membership]:
    """Active members of one's own agency who are not administrators yet."""
    if user.acting is None:
        return Membership.objects.none()
    active = Membership.objects.filter(agency_id=user.acting.agency_id, state=Membership.State.ACTIVE)
    already = active.filter(role=Role.ADMINISTRATOR).values("user_id")
    return active.exclude(user_id__in=already).select_related("user").order_by("user__display_name", "id")
