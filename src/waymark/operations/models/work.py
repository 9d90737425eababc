"""What has to be right before and after an operation: the safety checklist, and what should be done better next time."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from waymark.accounts.models import Membership
from waymark.operations.models.operations import Operation


class SafetyCheck(models.Model):
    """One line of the checklist (data/safety.toml) as it stood in one operation. There is no field for words."""

    class State(models.TextChoices):
        DONE = "done", "Done"
        NOT_APPLICABLE = "not_applicable", "Does not apply"
        NOT_DONE = "not_done", "Not done"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operation = models.ForeignKey(Operation, models.CASCADE, related_name="checks")
    item = models.CharField(max_length=40)
    state = models.CharField(max_length=14, choices=State.choices)
    checked_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operation", "item"], name="one_check_of_an_item")]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "checked_by": "staff name"}

    def __str__(self) -> str:
        return self.item


class AfterActionItem(models.Model):
    """What should be better next time, who sees to it, and until when."""

    class State(models.TextChoices):
        DONE = "done", "Done"
        OPEN = "open", "Open"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operation = models.ForeignKey(Operation, models.CASCADE, related_name="after_action")
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    due_on = models.DateField()
    state = models.CharField(max_length=4, choices=State.choices, default=State.OPEN)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["state", "due_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", done_at=None) | Q(state="done", done_at__isnull=False),
                name="after_action_is_done_at_a_time",
            )
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "owner": "staff name"}

    def __str__(self) -> str:
        return str(self.id)
