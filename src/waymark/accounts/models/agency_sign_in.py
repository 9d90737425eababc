"""An agency's own sign-in (OpenID Connect), and which of its members is who there.

The first time, a member is found by the verified e-mail address that the agency's provider states, among the members of
that very agency and nobody else. From then on only the provider's own number for the person (`sub`) counts: an address
that is given to a new colleague opens nothing.
"""

from __future__ import annotations

import uuid

from django.db import models

from waymark.accounts.models.agencies import Agency
from waymark.accounts.models.users import User


class AgencySignIn(models.Model):
    """Where the members of one agency sign in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.OneToOneField(Agency, models.PROTECT, related_name="own_sign_in")
    issuer = models.URLField(max_length=300, help_text="As in the provider's discovery document.")
    client_id = models.CharField(max_length=200)
    client_secret = models.TextField(help_text="Sealed under the installation's factor key.")
    is_on = models.BooleanField(default=True)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Privacy:
        kind = "staff"
        without_row_wall = "It is read before anybody is signed in, while nobody acts for an agency."
        fields = {
            "id": "reference",
            "client_secret": "secret",
            "changed_by": "staff activity",
            "changed_at": "staff activity",
        }

    def __str__(self) -> str:
        return str(self.id)


class AgencyIdentity(models.Model):
    """Who a member is at their agency's provider: pinned at the first sign-in, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sign_in = models.ForeignKey(AgencySignIn, models.CASCADE, related_name="identities")
    user = models.ForeignKey(User, models.CASCADE, related_name="agency_identities")
    subject = models.CharField(max_length=255)
    pinned_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "agency identities"
        constraints = [
            models.UniqueConstraint(fields=["sign_in", "subject"], name="one_member_a_subject"),
            models.UniqueConstraint(fields=["sign_in", "user"], name="one_subject_a_member"),
        ]

    class Privacy:
        kind = "staff"
        fields = {
            "id": "reference",
            "sign_in": "staff activity",
            "user": "staff activity",
            "subject": "staff contact",
            "pinned_at": "staff activity",
        }

    def __str__(self) -> str:
        return str(self.id)
