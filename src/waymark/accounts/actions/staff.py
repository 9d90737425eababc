"""Writes about staff: making them and closing an account."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from waymark.access.permissions import Role
from waymark.accounts import selectors
from waymark.accounts.actions.sessions import end_sessions
from waymark.accounts.models import Agency, AgencyKind, Membership, User

HOST_AGENCY = "Coalition office"


def host_agency() -> Agency:
    """The agency that runs the installation: the first one, made when there is none."""
    found = Agency.objects.order_by("created_at", "id").first()
    return found or Agency.objects.create(name=HOST_AGENCY, short_name="Office", kind=AgencyKind.OTHER_NON_PROFIT)


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
    membership = Membership.objects.create(
        agency=agency or host_agency(), user=user, role=role, starts_on=timezone.localdate()
    )
    user.act_as(membership)
    return user


@transaction.atomic
def close_account(*, user: User, by: str) -> None:
    """The user can no longer sign in and every open session ends. What they did stays under their name."""
    if not by:
        raise ValidationError("Say who closes this account.")
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user=user, by=by)
