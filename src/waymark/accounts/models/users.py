"""Who signs in: known by an e-mail address, shown by a display name, and able to do what one membership allows."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from waymark.access.permissions import Permission, permissions_of

if TYPE_CHECKING:
    from waymark.accounts.models.agencies import Membership


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a user; the address is kept in lower case so that one person is one row."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email=(email or "").strip().lower())


class User(AbstractBaseUser):
    """A staff member. There is no superuser flag and no role of one's own on purpose: nobody goes round the guard.

    What a user may do comes from the one membership under which they act now (`act_as`). A user who was only read from
    the database acts under none, and may do nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    display_name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    acting: Membership | None = None
    # Under how many memberships the user could act now, once that has been read.
    could_act: int = 0

    class Privacy:
        kind = "staff"
        fields = {
            "id": "reference",
            "email": "staff contact",
            "display_name": "staff name",
            "is_active": "open",
            "password": "secret",
            "last_login": "staff activity",
            "created_at": "open",
        }

    def __str__(self) -> str:
        return str(self.id)

    def act_as(self, membership: Membership) -> None:
        """Act under `membership` from now on. Raises ValueError when it is another person's or not active."""
        if membership.user_id != self.pk or membership.state != "active":
            raise ValueError("A person acts only under an active membership of their own.")
        self.acting = membership

    @property
    def role(self) -> str:
        """The role under which the user acts now; none gives no permission."""
        return self.acting.role if self.acting is not None else ""

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the user may do now: by the role, and by the side on which the agency stands."""
        if self.acting is None:
            return frozenset()
        return permissions_of(self.role, is_justice=self.acting.agency.side == "justice")
