"""Staff for tests. A user is active, has a role, and no password unless the test gives one: hashing takes its time."""

from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from waymark.access.permissions import Role
from waymark.accounts.models import User

PASSWORD = "a long enough passphrase"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"steward{n}@example.org")
    display_name = factory.Sequence(lambda n: f"Invented Steward {n}")
    role = Role.STEWARD.value

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        password = kwargs.pop("password", None)
        return User.objects.create_user(kwargs.pop("email"), password, **kwargs)
