"""What tells a person that something happened elsewhere on the staff site: its kind, where to look, and when. No content.

A notice belongs to one place in one agency: whoever acts for another agency meanwhile does not see it. Row security says
the same (migrations/sql/own.sql): only the context of that person for that agency reads, marks or deletes the row, so that
the paths in here tell nobody else what a person works on.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from waymark.accounts.models import Membership, User

# A notice is a pointer to what happened, not a record of it: the record is kept where it happened.
KEPT_FOR = dt.timedelta(days=90)


class Notice(models.Model):
    """One thing that happened, told to one person. Several of one kind about one page are shown as one line."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    to = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40, help_text="Which sentence it says (notices.formats.kinds).")
    path = models.CharField(max_length=300, help_text="Where to look, on the staff site.")
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["to", "-created_at"], name="notices_of_a_member"),
            models.Index(fields=["to", "kind", "path"], condition=Q(read_at__isnull=True), name="notices_not_read"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(path__startswith="/") & ~Q(path__startswith="//"), name="notice_stays_on_the_site"
            )
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "to": "staff activity", "created_at": "staff activity", "read_at": "staff activity"}

    def __str__(self) -> str:
        return str(self.id)


class LetterChoice(models.Model):
    """When a person wants a letter that something waits. Without a row it is once a day."""

    class When(models.TextChoices):
        AT_ONCE = "at_once", "Within minutes"
        DAILY = "daily", "Once a day, in the morning"
        NEVER = "never", "Never"

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    when = models.CharField(max_length=10, choices=When.choices, default=When.DAILY)
    told_at = models.DateTimeField(null=True, blank=True, help_text="The last letter; older notices are not told again.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(when__in=["at_once", "daily", "never"]), name="letters_come_at_a_known_time")
        ]

    class Privacy:
        kind = "staff"
        fields = {"user": "reference", "when": "open", "told_at": "staff activity"}

    def __str__(self) -> str:
        return str(self.user_id)
