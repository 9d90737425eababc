"""Tries to sign in, counted so that guessing is slow."""

from __future__ import annotations

from django.db import models


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
