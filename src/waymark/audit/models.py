"""What was done, by whom, to what: an append-only chain for each agency and one for the platform.

An event names things by id and never by foreign key: it must outlive what it tells of, and it holds no content, only the
names of fields. Rows are plain inserts; the database links them at commit (migrations/sql/chain.sql), so that a page that
takes long to render does not make everybody else wait for the chain.
"""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

PLATFORM = uuid.UUID(int=0)


class Event(models.Model):
    """One act. `sequence`, `previous` and `digest` are set by the database when the act commits."""

    class Result(models.TextChoices):
        DONE = "done", "Done"
        DENIED = "denied", "Denied"
        FAILED = "failed", "Failed"

    id = models.BigAutoField(primary_key=True)
    chain = models.UUIDField(help_text="The agency whose chain this is; all zeros is the platform.")
    at = models.DateTimeField(help_text="Set by the database when the row is written.")
    actor = models.CharField(max_length=64, help_text="A member's id, or `system:` and the job's name.")
    role = models.CharField(max_length=40, blank=True)
    verb = models.CharField(max_length=80, help_text="What happened, in the past: `release.revoked`.")
    object_kind = models.CharField(max_length=80, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    result = models.CharField(max_length=10, choices=Result.choices, default=Result.DONE)
    fields = ArrayField(models.CharField(max_length=80), default=list, blank=True, help_text="Names of fields, no values.")
    sequence = models.BigIntegerField(null=True, editable=False)
    previous = models.BinaryField(null=True, editable=False)
    digest = models.BinaryField(null=True, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["chain", "sequence"], name="one_event_a_sequence_number")]
        indexes = [
            models.Index(fields=["chain", "-id"], name="newest_of_a_chain"),
            models.Index(fields=["chain", "actor", "-id"], name="newest_of_an_actor"),
            models.Index(fields=["chain", "object_kind", "object_id", "-id"], name="newest_about_a_thing"),
        ]

    class Privacy:
        kind = "staff"
        fields = {"actor": "staff activity", "object_id": "reference"}

    def __str__(self) -> str:
        return f"{self.verb} {self.sequence}"


class Head(models.Model):
    """The last link of each chain. Kept by the database alone; the application can read it."""

    chain = models.UUIDField(primary_key=True)
    sequence = models.BigIntegerField()
    digest = models.BinaryField()

    class Privacy:
        kind = "staff"

    def __str__(self) -> str:
        return f"{self.chain} {self.sequence}"
