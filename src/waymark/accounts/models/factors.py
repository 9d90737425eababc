"""When somebody has lost their second factor: asked by one officer, looked at by another person, used once.

The factors themselves are allauth's `Authenticator` rows. Nothing here opens a vault: whoever loses a vault's passphrase
needs the vault's own recovery.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from waymark.accounts.models.agencies import Agency, Membership
from waymark.accounts.models.users import User


class FactorReset(models.Model):
    """A request to let one member set up their second factor anew.

    A granted one stays until it is used or another takes its place, also when the day of its code is over: as long as it
    stands, the password alone sets up nothing.
    """

    class State(models.TextChoices):
        ASKED = "asked", "Waits for a second person"
        GRANTED = "granted", "Granted, not used yet"
        REFUSED = "refused", "Refused"
        USED = "used", "Used"
        LAPSED = "lapsed", "Not used; another took its place"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    how_proved = models.CharField(max_length=200, help_text="How the officer made sure who asks: met, called back.")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    code_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="factor_reset_has_a_second_look"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by__isnull=True) | (~Q(state="asked") & Q(decided_by__isnull=False)),
                name="factor_reset_is_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["membership", "state"],
                condition=Q(state__in=["asked", "granted"]),
                name="one_open_factor_reset_a_member",
            ),
        ]

    class Privacy:
        kind = "staff"
        without_row_wall = "It is read before anybody is signed in, while nobody acts for an agency."
        fields = {
            "id": "reference",
            "code_hash": "secret",
            "membership": "staff activity",
            "asked_by": "staff activity",
            "asked_at": "staff activity",
            "decided_by": "staff activity",
            "decided_at": "staff activity",
            "how_proved": "staff activity",
        }

    def __str__(self) -> str:
        return str(self.id)
