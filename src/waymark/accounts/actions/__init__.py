"""Writes about staff: making them, changing a password, closing an account, and counting tries to sign in."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from waymark.access.permissions import Role
from waymark.accounts import selectors
from waymark.accounts.models import Agency, AgencyKind, Membership, SignInAttempt, User

KEPT_FOR = dt.timedelta(days=1)
HOST_AGENCY = "Coalition office"


def _key(kind: str, value: str) -> str:
    return salted_hmac(f"waymark.accounts.{kind}", value, algorithm="sha256").hexdigest()


def sender_of(request: HttpRequest) -> str:
    """The address a try came from; behind a proxy it is the one that our own proxy appended last."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))


def check_sign_in(*, request: HttpRequest, email: str, password: str) -> User | None:
    """The user when address and password fit and nobody has been guessing; otherwise None, and never a reason.

    The try is written before the password is looked at, so that many tries at once cannot pass below the limit. An unknown
    address costs one password hash like a known one, so that the time tells nothing.
    """
    account = _key("account", email.strip().lower())
    sender = _key("sender", sender_of(request))
    now = timezone.now()
    with transaction.atomic():
        SignInAttempt.objects.filter(tried_at__lt=now - KEPT_FOR).delete()
        SignInAttempt.objects.create(account_key=account, sender_key=sender, tried_at=now)
    if selectors.is_guessing(account_key=account, sender_key=sender):
        return None
    user = authenticate(request, username=email.strip().lower(), password=password)
    if not isinstance(user, User):
        return None
    SignInAttempt.objects.filter(account_key=account).delete()
    return user


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
def set_password(*, user: User, password: str, by: str) -> None:
    """A new password ends every session of the user, because a session carries the old password's hash."""
    if not by:
        raise ValidationError("Say who changes this password.")
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])


@transaction.atomic
def close_account(*, user: User, by: str) -> None:
    """The user can no longer sign in; open sessions end at their next page. What they did stays under their name."""
    if not by:
        raise ValidationError("Say who closes this account.")
    user.is_active = False
    user.save(update_fields=["is_active"])
