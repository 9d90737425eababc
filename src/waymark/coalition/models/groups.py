"""Working groups, and who speaks for an agency.

A coalition does its work in groups to which agencies send people, and decides by one voice an agency. The two are kept
apart: anybody may sit in a group, but only the representative, or the deputy in their place, votes. Whoever joins a group
or speaks for an agency is known by name to the whole coalition; nobody else of an agency is.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from waymark.accounts.models import Agency, Membership


class WorkingGroup(models.Model):
    """People of several agencies who work on one thing."""

    class State(models.TextChoices):
        OPEN = "open", "Works now"
        CLOSED = "closed", "Closed"

    class Joining(models.TextChoices):
        ASKED = "asked", "Who wants in asks, and the chair or the secretary lets them in"
        FREE = "free", "Everybody in the coalition may join at once"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    purpose = models.TextField(max_length=1000)
    is_brown_act = models.BooleanField(
        default=False, help_text="Counsel says that its meetings are public meetings (Cal. Gov. Code 54950 ff.)."
    )
    joining = models.CharField(max_length=10, choices=Joining.choices, default=Joining.ASKED)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    closed_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="one_working_group_of_a_name"),
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True) | Q(state="closed", closed_on__isnull=False),
                name="working_group_closed_on_a_day",
            ),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference"}

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    """One person's time in one group. It ends and is kept; a chair who becomes a plain member begins anew."""

    class Duty(models.TextChoices):
        CHAIR = "chair", "Chair"
        MEMBER = "member", "Member"
        SECRETARY = "secretary", "Secretary"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(WorkingGroup, models.CASCADE, related_name="members")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    duty = models.CharField(max_length=10, choices=Duty.choices, default=Duty.MEMBER)
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="The last day; empty while in the group.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "membership"], condition=Q(until__isnull=True), name="once_in_a_group_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["group", "duty"],
                condition=Q(until__isnull=True) & Q(duty__in=["chair", "secretary"]),
                name="one_chair_and_one_secretary",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="group_member_leaves_after_joining"
            ),
        ]
        indexes = [models.Index(fields=["membership"], condition=Q(until__isnull=True), name="groups_of_a_member")]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "membership": "staff name"}

    def __str__(self) -> str:
        return str(self.id)


class JoinRequest(models.Model):
    """Somebody would like to work in a group; answered once."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        LET_IN = "let_in", "Let in"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Taken back"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(WorkingGroup, models.CASCADE, related_name="join_requests")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "membership"], condition=Q(state="waiting"), name="one_waiting_request_to_join"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at__isnull=True)
                | (~Q(state="waiting") & Q(answered_at__isnull=False)),
                name="request_to_join_is_answered_once",
            ),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "membership": "staff name"}

    def __str__(self) -> str:
        return str(self.id)


class Representative(models.Model):
    """Who speaks and votes for an agency, and who does when they cannot. A change ends the row and begins another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    deputy = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="The last day; empty for the one of now.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=Q(until__isnull=True), name="one_representative_of_an_agency"
            ),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("membership")), name="a_deputy_is_another_person"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="representative_ends_after_beginning"
            ),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "membership": "staff name", "deputy": "staff name"}
        without_row_wall = "Who speaks and votes for an agency is known to every agency of the coalition."

    def __str__(self) -> str:
        return str(self.id)
