"""A person's own key pair. The row is read and written by that person's context alone (migrations/0002)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class UserKey(models.Model):
    """One person's key pair: the private half twice, locked by the vault passphrase and by the printed key.

    It belongs to the person and not to an agency: who works for two agencies unlocks once. `generation` grows when the
    person starts over with a new pair; it is bound into both locks, so that an old lock opens no new row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    generation = models.PositiveIntegerField(default=1)
    public = models.BinaryField(max_length=32)
    by_passphrase = models.BinaryField()
    by_printed = models.BinaryField()
    printed_proved_at = models.DateTimeField(null=True, help_text="When the person typed back a part of the printed key.")
    made_at = models.DateTimeField(auto_now_add=True)
    tries = models.PositiveSmallIntegerField(default=0, help_text="Wrong tries to open since `tries_since`.")
    tries_since = models.DateTimeField(null=True)

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "user": "reference",
            "by_passphrase": "secret",
            "by_printed": "secret",
            "tries": "staff activity",
            "tries_since": "staff activity",
        }

    def __str__(self) -> str:
        return str(self.id)

    @property
    def owner(self) -> str:
        """What both locks are bound to."""
        return f"{self.user_id}:{self.generation}"
