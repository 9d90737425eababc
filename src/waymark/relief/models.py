"""Clearing a record: what a defender or a legal aid office does so that an arrest or a conviction that came out of being
exploited stops following somebody.

A relief case is privileged. It lives in the vault of the agency whose attorney acts, sealed under the person's own key, so
that whoever may not open the person opens none of it. In the open stand a code, the section, the state and days, because a
deadline must be seen while the vault is locked and because counts are all that is ever published. It moves only by steps
that are written down; the database knows which there are (migrations/sql/relief.sql).

Nobody else learns that it exists, until it is served: then those whom the attorney serves get a packet, and after an order
the agencies that must seal their rows are told, each of its own.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from waymark.accounts.models import Agency, AgencyOwned
from waymark.people.models import PersonOwned


class State(models.TextChoices):
    ASKING = "asking", "Questions"
    DRAFTED = "drafted", "Drafted"
    REVIEWED = "reviewed", "Reviewed"
    SERVED = "served", "Served"
    FILED = "filed", "Filed"
    HEARING = "hearing", "Hearing set"
    ORDERED = "ordered", "Relief ordered"
    CONFIRMED = "confirmed", "Sealed everywhere"
    DENIED = "denied", "Not granted"
    WITHDRAWN = "withdrawn", "Not now"


class Move(models.TextChoices):
    """What moves a relief case. The database holds the same table of moves; a test holds the two together."""

    DRAFT = "draft", "Draft the petition"
    REVIEW = "review", "The attorney has reviewed it"
    SERVE = "serve", "It was served"
    FILE = "file", "The attorney has filed it"
    SET_HEARING = "set_hearing", "A hearing is set"
    ORDER = "order", "The judge ordered relief"
    DENY = "deny", "The judge did not grant it"
    CONFIRM = "confirm", "Every agency has confirmed"
    WITHDRAW = "withdraw", "Not now"
    TAKE_UP = "take_up", "Take it up again"


MOVES: dict[tuple[str, str], str] = {
    (State.ASKING, Move.DRAFT): State.DRAFTED,
    (State.ASKING, Move.WITHDRAW): State.WITHDRAWN,
    (State.DRAFTED, Move.DRAFT): State.DRAFTED,
    (State.DRAFTED, Move.REVIEW): State.REVIEWED,
    (State.DRAFTED, Move.WITHDRAW): State.WITHDRAWN,
    # Words that are changed after the review are read by the attorney again.
    (State.REVIEWED, Move.DRAFT): State.DRAFTED,
    (State.REVIEWED, Move.SERVE): State.SERVED,
    (State.REVIEWED, Move.WITHDRAW): State.WITHDRAWN,
    (State.SERVED, Move.FILE): State.FILED,
    (State.SERVED, Move.WITHDRAW): State.WITHDRAWN,
    (State.FILED, Move.SET_HEARING): State.HEARING,
    # Where nobody opposes it, a judge may decide without a hearing.
    (State.FILED, Move.ORDER): State.ORDERED,
    (State.FILED, Move.DENY): State.DENIED,
    (State.FILED, Move.WITHDRAW): State.WITHDRAWN,
    (State.HEARING, Move.SET_HEARING): State.HEARING,
    (State.HEARING, Move.ORDER): State.ORDERED,
    (State.HEARING, Move.DENY): State.DENIED,
    (State.HEARING, Move.WITHDRAW): State.WITHDRAWN,
    (State.ORDERED, Move.CONFIRM): State.CONFIRMED,
    (State.DENIED, Move.TAKE_UP): State.ASKING,
    (State.WITHDRAWN, Move.TAKE_UP): State.ASKING,
}
OPEN_STATES = tuple(state for state in State if state not in {State.CONFIRMED, State.DENIED, State.WITHDRAWN})


class ReliefCase(PersonOwned):
    """One entry of somebody's record and what is done about it. Everything that says what it was is sealed."""

    code = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKING)
    section = models.CharField(max_length=40, blank=True, help_text="The section that the petition is drafted under.")
    rule_version = models.CharField(max_length=20, help_text="Version of the rules that answered last.")
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_on = models.DateField()
    served_on = models.DateField(null=True, blank=True, help_text="Set by the database.")
    filed_on = models.DateField(null=True, blank=True, help_text="Set by the database.")
    hearing_on = models.DateField(null=True, blank=True, help_text="Set by the database.")
    decided_on = models.DateField(null=True, blank=True, help_text="Set by the database.")
    due_on = models.DateField(null=True, blank=True, help_text="The last day of the clock that runs, or of the hearing.")

    class Meta(PersonOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "code"], name="one_relief_case_a_code"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="relief_case_has_a_known_state"),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "due_on"], name="relief_of_an_agency"),
            models.Index(fields=["agency", "person"], name="relief_of_a_person"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "person": "reference",
            "worker": "staff activity",
            "made_by": "staff activity",
        }

    def __str__(self) -> str:
        return self.code


class ReliefOwned(AgencyOwned):
    """What belongs to one relief case; the migration adds its composite key."""

    relief = models.ForeignKey(ReliefCase, models.PROTECT, db_constraint=False, related_name="+")

    class Meta(AgencyOwned.Meta):
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class ReliefStep(ReliefOwned):
    """One step, written once by the database's clock and in the name of who acts. It moves the case itself."""

    move = models.CharField(max_length=20, choices=Move.choices)
    from_state = models.CharField(max_length=10, blank=True, help_text="Set by the database.")
    to_state = models.CharField(max_length=10, blank=True, help_text="Set by the database.")
    happened_on = models.DateField(help_text="The day in court or on the proof of service; of a hearing its own day.")
    due_on = models.DateField(null=True, blank=True, help_text="What the clock of the law says from here.")
    at = models.DateTimeField(null=True, help_text="Set by the database.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(ReliefOwned.Meta):
        indexes = [models.Index(fields=["agency", "relief", "at"], name="steps_of_relief")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "relief": "reference", "by": "staff activity"}


class Holder(ReliefOwned):
    """An agency that holds rows about the entry and seals them after the order: a member of the coalition, or another one.

    A member is told by a packet; what it confirms is written down here. Which rows it had is its own and stays unknown.
    """

    agency_told = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=120, blank=True, help_text="Of an agency that is no member; never a person's.")
    serve_packet = models.UUIDField(null=True, blank=True, help_text="The petition, when it was served by packet.")
    order_packet = models.UUIDField(null=True, blank=True, help_text="The task to seal and shred.")
    sealed_on = models.DateField(null=True, blank=True)
    destroyed_on = models.DateField(null=True, blank=True)

    class Meta(ReliefOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agency", "relief", "agency_told", "name"], name="one_holder_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(agency_told__isnull=False, name="") | (Q(agency_told__isnull=True) & ~Q(name="")),
                name="a_holder_is_a_member_or_has_a_name",
            ),
            models.CheckConstraint(
                condition=Q(agency_told__isnull=False) | Q(serve_packet__isnull=True, order_packet__isnull=True),
                name="packets_go_to_members",
            ),
            models.CheckConstraint(
                condition=Q(destroyed_on__isnull=True) | Q(sealed_on__lte=models.F("destroyed_on")),
                name="sealed_before_destroyed",
            ),
        ]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "relief": "reference",
            "agency_told": "reference",
            "serve_packet": "reference",
            "order_packet": "reference",
        }
