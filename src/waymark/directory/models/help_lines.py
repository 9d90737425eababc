"""Help lines as dated data: who answers and since when, how to reach them, when they tell others, who checked it when.

A wrong number can cost a life, so taking one down needs one person and putting one up needs two. The verified date is the
date of its source, never of an edit.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class HelpLine(models.Model):
    class Scope(models.TextChoices):
        EMERGENCY = "emergency", "Emergency"
        NATIONAL = "national", "National"
        STATE = "state", "State"
        LOCAL = "local", "Local"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Waits for a second person"
        SHOWN = "shown", "Shown"
        TAKEN_DOWN = "taken_down", "Taken down"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(unique=True, max_length=60)
    name = models.JSONField(default=dict, help_text="By language code.")
    purpose = models.JSONField(default=dict, help_text="One plain sentence: for whom and for what, by language code.")
    scope = models.CharField(max_length=10, choices=Scope.choices)
    operator = models.CharField(max_length=200)
    operator_since = models.DateField(null=True, blank=True)
    tells_others = models.JSONField(default=dict, help_text="When they must or do tell others, by language code.")
    tip_policy = models.JSONField(default=dict, help_text="What happens with a tip, by language code.")
    page_url = models.URLField(blank=True)
    page_opens_history = models.BooleanField(
        default=True, help_text="Opening the line's own page leaves its name in the phone's history."
    )
    is_police = models.BooleanField(default=False)
    for_under_18 = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=300)
    verified_on = models.DateField(help_text="The date of the source.")
    verified_by = models.CharField(max_length=120)
    review_on = models.DateField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    put_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_down_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_down_at = models.DateTimeField(null=True, blank=True)
    taken_down_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["order", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True) | Q(put_up_by__isnull=True) | ~Q(put_up_by=models.F("proposed_by")),
                name="help_line_put_up_by_a_second_person",
            )
        ]

    class Privacy:
        kind = "public"
        fields = {"proposed_by": "staff activity", "put_up_by": "staff activity", "taken_down_by": "staff activity"}

    def __str__(self) -> str:
        return self.slug


class HelpLineChannel(models.Model):
    """One way to reach a line. Hours and languages belong to the channel, not to the line."""

    class Kind(models.TextChoices):
        CALL = "call", "Call"
        TEXT = "text", "Text"
        CHAT = "chat", "Chat"
        RELAY = "relay", "711 relay"
        VIDEO = "video", "Video phone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    help_line = models.ForeignKey(HelpLine, on_delete=models.CASCADE, related_name="channels")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    value = models.CharField(max_length=200, help_text="The number or address exactly as it is dialed or opened.")
    keyword = models.CharField(max_length=40, blank=True, help_text="The word to send, for text lines that need one.")
    is_always_open = models.BooleanField(default=False)
    hours = models.JSONField(default=dict, help_text="In words, by language code; empty means not known.")
    languages = models.JSONField(default=list, help_text="Language codes that are answered.")
    interprets = models.BooleanField(default=False, help_text="Other languages through an interpreter.")
    source = models.CharField(max_length=300, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
