"""What was done, by whom, to what: an append-only chain for each agency and one for the platform.

An event names things by id and never by foreign key: it must outlive what it tells of, and it holds no content, only the
names of fields. The application tells events through one function and writes nothing else; when the act commits, the
database gives each event its link, which holds its number and a digest over everything before it (migrations/sql/door.sql).
An agency's chain is shown to that agency alone (row security), the platform's to the platform's administrators.
"""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

PLATFORM = uuid.UUID(int=0)
# The user of a transaction in which no person acts: a job for an agency, or a verification of its chain.
SYSTEM = uuid.UUID(int=0)


class Event(models.Model):
    """One act. It is linked when the act commits; until then it has no number."""

    class Result(models.TextChoices):
        DONE = "done", "Done"
        DENIED = "denied", "Refused"
        FAILED = "failed", "Failed"

    id = models.BigAutoField(primary_key=True)
    chain = models.UUIDField(help_text="The agency whose chain this is; all zeros is the platform.")
    at = models.DateTimeField(help_text="Set by the database when the row is written.")
    actor = models.CharField(max_length=64, help_text="A user's id, or `system:`, `command:`, `visitor:` and a name.")
    role = models.CharField(max_length=40, blank=True)
    verb = models.CharField(max_length=80, help_text="What happened, in the past: `release.revoked`.")
    object_kind = models.CharField(max_length=80, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    result = models.CharField(max_length=10, choices=Result.choices, default=Result.DONE)
    fields = ArrayField(models.CharField(max_length=80), default=list, blank=True, help_text="Names of fields, no values.")
    times = models.IntegerField(default=1, help_text="How often it was tried in its hour, up to this event.")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["chain", "-id"], name="newest_of_a_chain"),
            models.Index(fields=["chain", "actor", "-id"], name="newest_of_an_actor"),
            models.Index(fields=["chain", "object_kind", "object_id", "-id"], name="newest_about_a_thing"),
        ]

    class Privacy:
        kind = "staff"
        fields = {"actor": "staff activity", "object_id": "reference"}

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}"


class Link(models.Model):
    """An event's place in its chain. Written by the database when the act commits, and by nobody else."""

    event = models.OneToOneField(Event, models.DO_NOTHING, primary_key=True, db_constraint=False)
    chain = models.UUIDField()
    sequence = models.BigIntegerField()
    previous = models.BinaryField()
    digest = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "sequence"], name="one_event_a_sequence_number")]

    class Privacy:
        kind = "staff"

    def __str__(self) -> str:
        return f"{self.chain} {self.sequence}"


class Head(models.Model):
    """The last link of each chain. Kept by the database alone; who may read the chain can read it."""

    chain = models.UUIDField(primary_key=True)
    sequence = models.BigIntegerField()
    previous = models.BinaryField()
    digest = models.BinaryField()

    class Privacy:
        kind = "staff"

    def __str__(self) -> str:
        return f"{self.chain} {self.sequence}"


class Attempt(models.Model):
    """How often one actor tried one refused or failed thing in one hour; kept for a day, read by the database alone.

    Events are written for the first, tenth, hundredth... time, so that guessing cannot flood the chain.
    """

    chain = models.UUIDField()
    actor = models.CharField(max_length=64)
    verb = models.CharField(max_length=80)
    hour = models.DateTimeField()
    times = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "actor", "verb", "hour"], name="one_count_an_hour")]

    class Privacy:
        kind = "staff"
        fields = {"actor": "staff activity", "hour": "staff activity"}

    def __str__(self) -> str:
        return str(self.pk)


class Verification(models.Model):
    """What computing a chain's links again has found. Only ever added to, by `audit verify` and its daily job."""

    chain = models.UUIDField()
    at = models.DateTimeField()
    events = models.BigIntegerField()
    problems = models.IntegerField()
    first_problem = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["chain", "-id"], name="newest_verification")]

    class Privacy:
        kind = "staff"

    def __str__(self) -> str:
        return f"{self.chain} {self.at:%Y-%m-%d}"
