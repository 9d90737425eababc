"""Something got out, or nearly did: a letter to the wrong place, a lost phone, an open screen.

What was reached decides what it means: sealed data without a key tells nobody anything. The clocks run from
the hour in which
it was found. A drill runs the same clocks and tells nobody. Words about it are sealed under a key of the
incident's own, and
only where a vault is open: an administrator, who has none, answers by closed lists.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import AgencyOwned
from waymark.obligations.models.machines import IncidentState
from waymark.people.models import PersonOwned


class Incident(AgencyOwned):
    """One incident of one agency."""

    class Kind(models.TextChoices):
        WRONG_RECIPIENT = "wrong_recipient", "Sent or said to somebody who should not have it"
        WRONG_EYES = "wrong_eyes", "Seen by somebody inside who had no reason"
        LOST_DEVICE = "lost_device", "A phone, computer or key is lost or stolen"
        LOST_PAPER = "lost_paper", "Paper is lost or stolen"
        ACCOUNT_TAKEN = "account_taken", "Somebody else signed in as one of us"
        COPY_TAKEN = "copy_taken", "A copy of the database or a backup was taken"
        IMMINENT = "imminent", "It has not happened yet and may any hour"
        OTHER = "other", "Something else"

    class Reach(models.TextChoices):
        SEALED = "sealed", "Sealed data only, and no key went with it"
        WITH_KEY = "with_key", "Sealed data, and a key or an open session may have gone with it"
        OPEN = "open", "Readable: paper, a screen, a talk, an open file"
        UNKNOWN = "unknown", "Not known yet"

    class Justice(models.TextChoices):
        """Whether the grant office of the Department of Justice was told."""

        NOT_YET = "", "Not yet"
        TOLD = "told", "Told"
        NOT_BOUND = "not_bound", "Counsel says that no grant binds us here"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    reach = models.CharField(max_length=8, choices=Reach.choices)
    found_at = models.DateTimeField(help_text="When somebody here found it: the clocks begin.")
    about_people = models.PositiveIntegerField(null=True, blank=True, help_text="About how many people, if known.")
    is_drill = models.BooleanField(default=False)
    justice_due_at = models.DateTimeField()
    people_due_at = models.DateTimeField()
    justice = models.CharField(max_length=10, choices=Justice.choices, blank=True, default="")
    justice_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=IncidentState.choices, default=IncidentState.OPEN)
    sealed = models.BinaryField(null=True, blank=True, help_text="What happened, in words.")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(condition=Q(state__in=IncidentState.values), name="incident_has_a_known_state"),
            models.CheckConstraint(
                condition=Q(reach__in=["sealed", "with_key", "open", "unknown"]), name="incident_has_a_known_reach"
            ),
            models.CheckConstraint(
                condition=Q(justice_due_at__gte=F("found_at"), people_due_at__gte=F("found_at")),
                name="incident_clocks_run_forward",
            ),
            models.CheckConstraint(
                condition=Q(justice="", justice_at__isnull=True)
                | Q(justice__in=["told", "not_bound"], justice_at__isnull=False),
                name="justice_was_told_at_an_hour",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(justice="") | Q(is_drill=True), name="closed_after_justice_was_answered"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(reach="unknown"), name="closed_when_it_is_known_what_was_reached"
            ),
        ]
        indexes = [models.Index(fields=["agency", "state", "-found_at"], name="incidents_by_state")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "made_by": "staff activity"}

    def __str__(self) -> str:
        return str(self.pk)


class PersonReached(PersonOwned):
    """Somebody whose data it concerns, and when they were told. How they were told is sealed."""

    incident = models.ForeignKey(Incident, models.PROTECT, db_constraint=False, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True)
    cannot_be_told = models.BooleanField(default=False, help_text="No safe way is known; why is sealed.")

    class Meta(PersonOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(cannot_be_told=False), name="told_or_cannot_be_told"
            ),
            models.UniqueConstraint(fields=["agency", "incident", "person"], name="one_line_a_person_reached"),
        ]
        indexes = [models.Index(fields=["agency", "person"], name="incidents_of_a_person")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "person": "reference", "incident": "reference", "made_by": "staff activity"}
