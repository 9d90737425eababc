"""Agencies, memberships and staff for tests.

A user is active, acts under an active membership of `agency` (one agency of the whole test unless it gives another) with
`role`, and has no password unless the test gives one: hashing takes its time. `role=None` makes a user without membership.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.formats.invitation_letter import digest_of, new_code
from waymark.accounts.models import AdministratorRequest, Agency, AgencyKind, Invitation, Membership, User

PASSWORD = "a long enough passphrase"
OFFICE = "Invented Coalition Office"


class AgencyFactory(DjangoModelFactory[Agency]):
    class Meta:
        model = Agency

    name = factory.Sequence(lambda n: f"Invented Agency {n}")
    short_name = factory.Sequence(lambda n: f"Agency {n}")
    kind = AgencyKind.OTHER_NON_PROFIT.value


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    agency = factory.SubFactory(AgencyFactory)
    user = factory.SubFactory("tests.factories.accounts.UserFactory", role=None)
    role = Role.MEMBER.value
    starts_on = dt.date(2020, 1, 1)


def the_office() -> Agency:
    """The one agency of tests that do not care about agencies."""
    found = Agency.objects.filter(is_host=True).first()
    return found or Agency.objects.create(name=OFFICE, short_name="Office", kind=AgencyKind.OTHER_NON_PROFIT, is_host=True)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"steward{n}@example.org")
    display_name = factory.Sequence(lambda n: f"Invented Steward {n}")
    role = Role.STEWARD.value

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        password, role, agency = kwargs.pop("password", None), kwargs.pop("role"), kwargs.pop("agency", None)
        user = User.objects.create_user(kwargs.pop("email"), password, **kwargs)
        if role is not None:
            user.act_as(MembershipFactory(user=user, role=role, agency=agency or the_office()))
        return user


def second_administrator(first: User, asked_by: User | None = None, **fields: Any) -> User:
    """Another administrator, made by two people as the database demands: `asked_by` asks, `first` approves."""
    agency = first.acting.agency  # type: ignore[union-attr]
    user = UserFactory(agency=agency, role=Role.STEWARD.value, **fields)
    asks = asked_by or UserFactory(agency=agency, role=Role.COORDINATOR.value)
    now, place = timezone.now(), uuid.uuid4()
    with acting_for(agency.pk, asks.pk):
        request = AdministratorRequest.objects.create(
            agency=agency,
            user=user,
            reason="Invented reason",
            requested_by=asks,
            requested_at=now,
            expires_at=now + dt.timedelta(days=7),
        )
    with acting_for(agency.pk, first.pk):
        request.state, request.decided_by, request.decided_at, request.membership_id = "approved", first, now, place
        request.save()
        membership = MembershipFactory(id=place, agency=agency, user=user, role=Role.ADMINISTRATOR.value)
    user.act_as(membership)
    return user


def an_invitation(by: User, code: str = "", **fields: Any) -> tuple[Invitation, str]:
    """An open invitation to the agency for which `by` acts, handed over, and its code."""
    code, now = code or new_code(), timezone.now()
    made = Invitation.objects.create(
        **{
            "agency": by.acting.agency,  # type: ignore[union-attr]
            "email": f"invited-{uuid.uuid4().hex[:8]}@example.org",
            "role": Role.MEMBER.value,
            "delivery": Invitation.Delivery.HAND,
            "code_digest": digest_of(code),
            "invited_by": by,
            "invited_at": now,
            "expires_at": now + dt.timedelta(days=7),
            **fields,
        }
    )
    return made, code
