"""Agencies, memberships and staff for tests.

A user is active, acts under an active membership of `agency` (one agency of the whole test unless it gives another) with
`role`, and has no password unless the test gives one: hashing takes its time. `role=None` makes a user without membership.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind, Membership, User

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
    return Agency.objects.get_or_create(
        name=OFFICE, defaults={"short_name": "Office", "kind": AgencyKind.OTHER_NON_PROFIT}
    )[0]


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
