"""Who signs in. Roles and agencies grow here; a user is known by an e-mail address and shown by a display name."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from waymark.access.permissions import Role


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
    """A staff member. There is no superuser flag on purpose: nobody goes round the guard."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    display_name = models.CharField(max_length=120)
    role = models.CharField(max_length=40, choices=[(role.value, role.value) for role in Role])
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["display_name", "role"]

    class Privacy:
        kind = "staff"
        fields = {
            "id": "reference",
            "email": "staff contact",
            "display_name": "staff name",
            "role": "open",
            "is_active": "open",
            "password": "secret",
            "last_login": "staff activity",
            "created_at": "open",
        }

    def __str__(self) -> str:
        return str(self.id)


class SignInAttempt(models.Model):
    """A try to sign in, kept for a day so that guessing is slow. Keyed hashes only: a copy of this table names nobody."""

    account_key = models.CharField(max_length=64)
    sender_key = models.CharField(max_length=64)
    tried_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account_key", "tried_at"]),
            models.Index(fields=["sender_key", "tried_at"]),
        ]

    class Privacy:
        kind = "staff"
        fields = {"account_key": "staff activity", "sender_key": "staff activity", "tried_at": "staff activity"}

    def __str__(self) -> str:
        return str(self.pk)
