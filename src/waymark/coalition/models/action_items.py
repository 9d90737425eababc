"""Action items: what somebody has promised, until when, and what became of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from waymark.accounts.models import Membership
from waymark.coalition.models.calendar import CalendarEntry
from waymark.coalition.models.decisions import Decision
from waymark.coalition.models.groups import WorkingGroup
from waymark.coalition.models.meetings import Meeting


class ActionItem(models.Model):
    """One promise of one member. Its due day stands in the owner's calendar as long as it is open."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=160)
    owner = models.ForeignKey(Membership, models.PROTECT, related_name="action_items")
    given_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    group = models.ForeignKey(WorkingGroup, models.PROTECT, null=True, blank=True, related_name="action_items")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="action_items")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="action_items")
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    progress = models.PositiveSmallIntegerField(default=0, help_text="Percent.")
    note = models.CharField(max_length=400, blank=True, help_text="The owner's last word on how it goes.")
    why = models.CharField(max_length=400, blank=True, help_text="Why it was dropped.")
    entry = models.OneToOneField(CalendarEntry, models.PROTECT, related_name="action_item")
    settled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True)
                | Q(state__in=["done", "dropped"], settled_at__isnull=False),
                name="an_action_item_is_open_or_settled",
            ),
            models.CheckConstraint(
                condition=Q(state="dropped", why__regex=r"\S") | (~Q(state="dropped") & Q(why="")),
                name="a_dropped_item_says_why",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="progress_is_a_percentage"),
        ]
        indexes = [
            models.Index(fields=["owner", "state", "due_on"], name="action_items_of_an_owner"),
            models.Index(fields=["group", "state", "due_on"], name="action_items_of_a_group"),
            models.Index(fields=["state", "due_on", "id"], name="action_items_by_due_day"),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "owner": "staff activity", "given_by": "staff activity"}

    def __str__(self) -> str:
        return self.title
