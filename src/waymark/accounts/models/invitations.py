"""Letting somebody in: an invitation to one address for one role, answered once.

The code that opens it exists in the invited person's letter only; here is its hash. So a copy of this table lets nobody in.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from waymark.access.permissions import Role
from waymark.accounts.models.agencies import Agency, Membership
from waymark.accounts.models.users import User


class Invitation(models.Model):
    """Open until it is answered, taken back, or out of time. Open too long, it stays so in name and opens nothing."""

    class State(models.TextChoices):
        OPEN = "open", "Waiting for an answer"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Taken back"

    class Delivery(models.TextChoices):
        HAND = "hand", "I hand it over myself, on paper or by a safe way we have agreed"
        MAIL = "mail", "Send it by e-mail"

    class MailState(models.TextChoices):
        NONE = "", "Not sent by e-mail"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Could not be sent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=20, choices=[(role.value, role.value.capitalize()) for role in Role])
    is_first = models.BooleanField(default=False, help_text="For the first officer of an agency without members.")
    last_day = models.DateField(null=True, blank=True, help_text="The last day of the membership; empty when open.")
    delivery = models.CharField(max_length=10, choices=Delivery.choices)
    mail_state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.NONE, blank=True)
    code_digest = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    membership = models.OneToOneField(Membership, models.PROTECT, null=True, blank=True, related_name="invitation")

    class Meta:
        ordering = ["-invited_at"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "email"], condition=Q(state="open"), name="one_open_invitation"),
            models.UniqueConstraint(
                fields=["agency"], condition=Q(state="open", is_first=True), name="one_invitation_of_a_first_officer"
            ),
            models.CheckConstraint(condition=~Q(role=Role.ADMINISTRATOR.value), name="nobody_is_invited_as_administrator"),
            models.CheckConstraint(
                condition=Q(is_first=False) | Q(role=Role.OFFICER.value), name="the_first_member_is_an_officer"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("invited_at")), name="invitation_expires_after_it_begins"),
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True) | (~Q(state="open") & Q(answered_at__isnull=False)),
                name="invitation_answered_once",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", membership__isnull=False)
                | (~Q(state="accepted") & Q(membership__isnull=True)),
                name="accepted_invitation_is_a_membership",
            ),
        ]

    class Privacy:
        kind = "staff"
        without_row_wall = (
            "Whoever is invited belongs to nothing yet and acts for nobody; selectors show it to the agency alone."
        )
        fields = {
            "id": "reference",
            "email": "staff contact",
            "code_digest": "secret",
            "invited_by": "staff activity",
            "invited_at": "staff activity",
            "answered_at": "staff activity",
        }

    def __str__(self) -> str:
        return str(self.id)


class AdministratorRequest(models.Model):
    """Somebody asks that a person become administrator; an administrator who is somebody else decides."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for a second person"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Taken back"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", help_text="The agency that runs the installation.")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    membership_id = models.UUIDField(null=True, blank=True, help_text="The membership that came of it; written before it.")

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="waiting"), name="one_waiting_administrator_request"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | (~Q(decided_by=F("requested_by")) & ~Q(decided_by=F("user"))),
                name="administrator_is_made_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="waiting") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="administrator_request_decided_once",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("requested_at")), name="administrator_request_expires_after_it_begins"
            ),
        ]

    class Privacy:
        kind = "staff"
        without_row_wall = "About the installation and not about an agency's work; its rules stand in triggers."
        fields = {
            "id": "reference",
            "user": "staff activity",
            "requested_by": "staff activity",
            "requested_at": "staff activity",
            "decided_by": "staff activity",
            "decided_at": "staff activity",
            "membership_id": "reference",
        }

    def __str__(self) -> str:
        return str(self.id)
