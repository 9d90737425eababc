"""Agencies and who belongs to them.

An agency's kind decides on which side of the justice wall it stands. A person may belong to two agencies, never to one on
each side; the database refuses it (migrations/sql/members.sql), because a form can be gone round.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Case, F, Q, Value, When

from waymark.access.permissions import Role
from waymark.accounts.models.users import User


class AgencyKind(models.TextChoices):
    BUSINESS_AND_LABOR = "business_and_labor", "Business and labor"
    CHILD_WELFARE = "child_welfare", "Child welfare"
    COURT = "court", "Court"
    DEFENSE = "defense", "Defense"
    ELECTED_OFFICE = "elected_office", "Elected office"
    FAITH = "faith", "Faith"
    FEDERAL = "federal", "Federal"
    HEALTH = "health", "Health"
    HOUSING = "housing", "Housing"
    LAW_ENFORCEMENT = "law_enforcement", "Law enforcement"
    LEGAL_AID = "legal_aid", "Legal aid"
    OTHER_NON_PROFIT = "other_non_profit", "Other non-profit"
    PAROLE = "parole", "Parole"
    PROBATION = "probation", "Probation"
    PROSECUTION = "prosecution", "Prosecution"
    SCHOOL = "school", "School"
    TRIBAL = "tribal", "Tribal"
    VICTIM_SERVICES = "victim_services", "Victim services"


class Side(models.TextChoices):
    COMMON = "common", "Neither side"
    JUSTICE = "justice", "Justice side"
    SURVIVOR = "survivor", "Survivor side"


JUSTICE_KINDS = (
    AgencyKind.COURT,
    AgencyKind.FEDERAL,
    AgencyKind.LAW_ENFORCEMENT,
    AgencyKind.PAROLE,
    AgencyKind.PROBATION,
    AgencyKind.PROSECUTION,
)
SURVIVOR_KINDS = (AgencyKind.DEFENSE, AgencyKind.LEGAL_AID, AgencyKind.VICTIM_SERVICES)


class Agency(models.Model):
    """A member of the coalition. Its name is known to all members; its people are known to itself.

    One that stands *elsewhere* runs its own installation: here are its name and its public keys, never a member or a row of
    its own. It is a state and not a mark beside one, so that whatever asks for active agencies does not meet it. One that
    was taken off the list is one of these still: nothing goes there or is taken in, but what went can be taken back.
    """

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        CLOSED = "closed", "Closed"
        ELSEWHERE = "elsewhere", "In its own installation"
        AWAY = "away", "Taken off the list"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200, unique=True)
    short_name = models.CharField(max_length=40)
    kind = models.CharField(max_length=30, choices=AgencyKind.choices)
    side = models.GeneratedField(
        expression=Case(
            When(kind__in=[kind.value for kind in JUSTICE_KINDS], then=Value(Side.JUSTICE.value)),
            When(kind__in=[kind.value for kind in SURVIVOR_KINDS], then=Value(Side.SURVIVOR.value)),
            default=Value(Side.COMMON.value),
        ),
        output_field=models.CharField(max_length=10, choices=Side.choices),
        db_persist=True,
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    is_host = models.BooleanField(default=False, db_default=False, help_text="Runs this installation; one agency does.")
    phone = models.CharField(max_length=40, blank=True, default="", db_default="")
    email = models.EmailField(blank=True, default="", db_default="")
    website = models.URLField(blank=True, default="", db_default="")
    is_part_two = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Treats substance use with federal assistance: its packages carry the notice of 42 CFR 2.32.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "agencies"
        constraints = [
            models.UniqueConstraint(fields=["is_host"], condition=Q(is_host=True), name="one_agency_runs_the_installation"),
            models.CheckConstraint(condition=~Q(is_host=True, state="elsewhere"), name="the_agency_that_runs_it_is_here"),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference"}

    def __str__(self) -> str:
        return self.name

    @property
    def is_elsewhere(self) -> bool:
        """Packets for it, and from it, go as files, or went as long as it was on the list."""
        return self.state in (self.State.ELSEWHERE, self.State.AWAY)

    @property
    def side_label(self) -> str:
        """The side in words; Django makes none for a column that the database computes."""
        return Side(self.side).label


class Duty(models.TextChoices):
    """Whether the law makes this person report; it binds a person by license or function. Empty is no answer."""

    UNKNOWN = "", "Not recorded"
    NO = "no", "Does not have to"
    YES = "yes", "Has to report"


def _duty(law: str) -> models.CharField[str, str]:
    """One duty to report, by the section that makes it."""
    return models.CharField(
        max_length=3, choices=Duty.choices, default=Duty.UNKNOWN, db_default="", blank=True, help_text=law
    )


class Membership(models.Model):
    """One person's place in one agency. It is never moved to another agency or person: it ends, and another begins."""

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        SUSPENDED = "suspended", "Suspended"
        ENDED = "ended", "Ended"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.value, role.value.capitalize()) for role in Role])
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The last day; empty while open.")
    reports_child_abuse = _duty("Cal. Penal Code 11166.")
    reports_elder_abuse = _duty("Cal. W&I Code 15630.")
    reports_injuries = _duty("Cal. Penal Code 11160.")
    reporting_basis = models.CharField(
        max_length=120, blank=True, default="", db_default="", help_text="The license or function behind a duty."
    )
    reporting_since_on = models.DateField(
        null=True, blank=True, help_text="Since when the duty binds; without it, it binds not."
    )
    answers_law_on = models.DateField(
        null=True, blank=True, help_text="Since when they answer courts for the agency: who asks for a release is another."
    )
    privilege_assault_on = models.DateField(null=True, blank=True, help_text="Qualified since; Cal. Evidence Code 1035.2.")
    privilege_trafficking_on = models.DateField(
        null=True, blank=True, help_text="Qualified since, 40 hours or a degree; Cal. Evidence Code 1038.2."
    )
    privilege_violence_on = models.DateField(null=True, blank=True, help_text="Qualified since; Cal. Evidence Code 1037.1.")
    training_expires_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["user__display_name"]
        constraints = [
            # An administrator's place stands beside the one that the person has anyway, and is acted under by choice.
            models.UniqueConstraint(
                fields=["agency", "user"],
                condition=~Q(state="ended") & ~Q(role="administrator"),
                name="one_open_membership_an_agency",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=~Q(state="ended") & Q(role="administrator"), name="one_administrator_s_place"
            ),
            models.CheckConstraint(
                condition=~Q(role="administrator") | ~Q(state="suspended"), name="an_administrator_is_ended_not_suspended"
            ),
            models.CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="membership_has_a_known_role"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="membership_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["agency", "state"], name="members_of_an_agency")]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference"}
        without_row_wall = "It is read to find out for whom a person may act, before they act for anybody."

    def __str__(self) -> str:
        return str(self.id)


class AgencyOwned(models.Model):
    """What belongs to one agency: its table stands under row security (`waymark.access.rows.RowSecurity`).

    A model that inherits this also inherits its Meta (`class Meta(AgencyOwned.Meta)`), for the key that composite foreign
    keys point to.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["agency", "id"], name="%(app_label)s_%(class)s_of_agency")]
