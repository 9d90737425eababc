"""Writes about staff: making them and closing an account."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from waymark.access.permissions import Role
from waymark.accounts import selectors
from waymark.accounts.actions.sessions import end_sessions
from waymark.accounts.models import Agency, AgencyKind, Membership, User
from waymark.audit.actions import record

HOST_AGENCY = "Coalition office"


def host_agency(*, name: str = HOST_AGENCY, kind: str = AgencyKind.OTHER_NON_PROFIT.value) -> Agency:
    """The agency that runs the installation; made, with the name and kind given, when there is none."""
    found = Agency.objects.filter(is_host=True).first()
    return found or Agency.objects.create(name=name, short_name=name[:40], kind=kind, is_host=True)


@transaction.atomic
def create_staff_user(
    *, email: str, display_name: str, role: str, password: str, by: str, agency: Agency | None = None
) -> User:
    """Make a staff member of `agency`, or of the host. `by` names who vouches: today the one at the command line."""
    validate_email(email.strip())
    if not by:
        raise ValidationError("Say who makes this user.")
    if role not in set(Role):
        raise ValidationError(f"“{role}” is not a role. Roles: {', '.join(Role)}.")
    if not display_name.strip():
        raise ValidationError("Give the name that colleagues see.")
    if selectors.staff_named(email) is not None:
        raise ValidationError(f"{email.strip().lower()} already has an account.")
    validate_password(password, User(email=email, display_name=display_name))
    user = User.objects.create_user(email, password, display_name=display_name.strip())
    place = agency or host_agency()
    try:
        with transaction.atomic():
            membership = Membership.objects.create(agency=place, user=user, role=role, starts_on=timezone.localdate())
    except IntegrityError as error:
        raise ValidationError(
            "This agency gives no such role. A second administrator is made on the staff site, by two people."
        ) from error
    user.act_as(membership)
    record(verb="member.made", by=by, role=role, chain=place.pk, kind="membership", about=membership.pk)
    return user


@transaction.atomic
def close_account(*, user: User, by: str) -> None:
    """The user can no longer sign in, every membership and every open session ends. What they did stays under their name.

    This is the one way in which the last officer or administrator can end: from the server, when an account is lost.
    """
    if not by:
        raise ValidationError("Say who closes this account.")
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user=user, by=by)
    today = timezone.localdate()
    for place in user.memberships.exclude(state=Membership.State.ENDED):
        place.state, place.ends_on = Membership.State.ENDED, max(place.starts_on, today)
        place.save(update_fields=["state", "ends_on"])
        record(verb="membership.ended", by=by, chain=place.agency_id, kind="membership", about=place.pk)
