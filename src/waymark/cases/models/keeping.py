"""How long cases are kept, and who decided to destroy one.

Nothing is destroyed by a clock. An agency says how long it keeps its cases and why; what was kept long enough stands in a
list; a worker asks, and somebody else of the agency decides. The database refuses any other way
(migrations/sql/keeping.sql).
"""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import AgencyOwned
from waymark.cases.models.case import CaseOwned

MOST_YEARS = 100


class RetentionRule(AgencyOwned):
    """How long an agency keeps a closed case, from when on, and on whose word. The newest one holds; none is changed."""

    years = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(MOST_YEARS)], help_text="Years after the case was closed."
    )
    source = models.CharField(max_length=300, help_text="The law, contract or decision that says so.")
    set_at = models.DateTimeField(auto_now_add=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(condition=Q(years__gte=1, years__lte=MOST_YEARS), name="kept_for_some_years"),
            models.CheckConstraint(condition=~Q(source=""), name="a_retention_rule_has_a_source"),
        ]
        indexes = [models.Index(fields=["agency", "-set_at"], name="newest_retention_rule")]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "set_by": "staff activity"}

    def __str__(self) -> str:
        return str(self.pk)


class DestructionRequest(CaseOwned):
    """That a worker asked to destroy a case, and what somebody else decided. Closed reasons, no words."""

    class Why(models.TextChoices):
        KEPT = "kept", "It was kept as long as it must be"
        ASKED = "asked", "The person asked for it"
        MISTAKE = "mistake", "It was opened by mistake"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for a second person"
        DONE = "done", "Destroyed"
        REFUSED = "refused", "Not destroyed"
        WITHDRAWN = "withdrawn", "Taken back"

    why = models.CharField(max_length=10, choices=Why.choices)
    with_person = models.BooleanField(default=False, help_text="The file of the person too, when this is their last case.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(CaseOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agency", "case"], condition=Q(state="waiting"), name="one_waiting_destruction_a_case"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True, decided_by__isnull=True)
                | Q(~Q(state="waiting"), decided_at__isnull=False, decided_by__isnull=False),
                name="a_destruction_is_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "refused"]) | ~Q(decided_by=F("asked_by")),
                name="nobody_decides_on_their_own_destruction",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "done", "refused", "withdrawn"], why__in=["kept", "asked", "mistake"]),
                name="a_destruction_has_known_words",
            ),
        ]
        indexes = [models.Index(fields=["agency", "state", "asked_at"], name="destructions_to_decide")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "case": "reference", "asked_by": "staff activity", "decided_by": "staff activity"}
