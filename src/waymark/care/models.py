"""What an agency does with a person: needs, goals and steps, the safety plan, answers to instruments, services.

Everything here hangs on a person and is sealed under that person's key, so a child's plan is the child's from the start.
In the open, behind the agency's row wall, stands only what counts and reminders need: states, days, codes of services,
minutes. Which instrument somebody answered lies sealed, too. A service has no place: nobody learns here where somebody was.

`case_id` is the case in which a row was begun, as a plain id: care stands below cases, and the database holds the two
together (cases/migrations). Nothing here asks for a release: help does not depend on one.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from waymark.accounts.models import AgencyOwned
from waymark.people.models import PersonOwned


class Progress(models.TextChoices):
    """Where a need, a goal or a step stands. What was changed is followed by what took its place."""

    OPEN = "open", "Open"
    MET = "met", "Met"
    CHANGED = "changed", "Changed"
    DROPPED = "dropped", "Dropped"


# The database holds the same table (migrations/sql/care.sql). What was met or dropped by mistake is opened again.
PROGRESS: dict[str, frozenset[str]] = {
    Progress.OPEN: frozenset({Progress.MET, Progress.CHANGED, Progress.DROPPED}),
    Progress.MET: frozenset({Progress.OPEN}),
    Progress.CHANGED: frozenset(),
    Progress.DROPPED: frozenset({Progress.OPEN}),
}


def _known(column: str, values: list[str], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{column}__in": values}), name=name)


class CareOwned(PersonOwned):
    """A row of a person's care, begun in one case."""

    case_id = models.UUIDField(help_text="The case in which it was begun.")

    class Meta(PersonOwned.Meta):
        abstract = True


class Planned(CareOwned):
    """A part of the plan: it is open until it is met, changed or dropped, and may be due on a day."""

    state = models.CharField(max_length=7, choices=Progress.choices, default=Progress.OPEN)
    due_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Set by the database.")

    class Meta(CareOwned.Meta):
        abstract = True


class Need(Planned):
    """What a person needs, in a domain of life: theirs as a grown-up, or a child's own. Domain and words are sealed."""

    class Owner(models.TextChoices):
        ADULT = "adult", "A grown-up's"
        CHILD = "child", "A child's"

    owner = models.CharField(max_length=5, choices=Owner.choices, default=Owner.ADULT)

    class Meta(Planned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            _known("state", Progress.values, "need_has_a_known_state"),
            _known("owner", ["adult", "child"], "need_is_somebody_s"),
        ]
        indexes = [models.Index(fields=["agency", "person", "state"], name="needs_of_a_person")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "person": "reference", "case_id": "reference", "made_by": "staff activity"}


class Goal(Planned):
    """Where somebody wants to be, in their own words. A parent's goal and a child's are paired: one is not met alone."""

    need = models.ForeignKey(Need, models.PROTECT, db_constraint=False, related_name="goals")
    pair = models.ForeignKey("care.Goal", models.PROTECT, null=True, blank=True, db_constraint=False, related_name="paired")
    instead_of = models.ForeignKey(
        "care.Goal", models.PROTECT, null=True, blank=True, db_constraint=False, related_name="followed_by"
    )

    class Meta(Planned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            _known("state", Progress.values, "goal_has_a_known_state"),
            models.CheckConstraint(condition=~Q(pair=models.F("id")), name="no_goal_is_its_own_pair"),
            models.UniqueConstraint(fields=["agency", "instead_of"], name="one_goal_follows_a_goal"),
        ]
        indexes = [
            models.Index(fields=["agency", "person", "state"], name="goals_of_a_person"),
            models.Index(fields=["agency", "case_id", "due_on"], name="goals_due", condition=Q(state="open")),
        ]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "person": "reference",
            "case_id": "reference",
            "need": "reference",
            "pair": "reference",
            "instead_of": "reference",
            "made_by": "staff activity",
        }


class Step(Planned):
    """One thing to do towards a goal, by the person or by a worker, until a day. What and who are sealed."""

    goal = models.ForeignKey(Goal, models.PROTECT, db_constraint=False, related_name="steps")
    instead_of = models.ForeignKey(
        "care.Step", models.PROTECT, null=True, blank=True, db_constraint=False, related_name="followed_by"
    )

    class Meta(Planned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            _known("state", Progress.values, "step_has_a_known_state"),
            models.UniqueConstraint(fields=["agency", "instead_of"], name="one_step_follows_a_step"),
        ]
        indexes = [
            models.Index(fields=["agency", "goal"], name="steps_of_a_goal"),
            models.Index(fields=["agency", "case_id", "due_on"], name="steps_due", condition=Q(state="open")),
        ]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "person": "reference",
            "case_id": "reference",
            "goal": "reference",
            "instead_of": "reference",
            "made_by": "staff activity",
        }


class SafetyPlan(CareOwned):
    """One version of a person's safety plan. Its sections are sealed and never change: a change is a new version."""

    class State(models.TextChoices):
        CURRENT = "current", "Current"
        SUPERSEDED = "superseded", "Superseded"

    class Copy(models.TextChoices):
        UNASKED = "", "Not asked yet"
        GIVEN = "given", "They have a copy"
        NOT_GIVEN = "not_given", "They want none"

    number = models.PositiveIntegerField(null=True, help_text="Set by the database.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.CURRENT)
    review_on = models.DateField(help_text="When it is looked at again.")
    copy = models.CharField(max_length=9, choices=Copy.choices, default=Copy.UNASKED, blank=True)

    class Meta(CareOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            _known("state", ["current", "superseded"], "safety_plan_has_a_state"),
            _known("copy", ["", "given", "not_given"], "safety_plan_copy_is_known"),
            models.UniqueConstraint(fields=["agency", "person", "number"], name="safety_plans_are_numbered"),
            models.UniqueConstraint(
                fields=["agency", "person"], condition=Q(state="current"), name="one_current_safety_plan"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "case_id", "review_on"], name="safety_plans_due", condition=Q(state="current"))
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "person": "reference", "case_id": "reference", "made_by": "staff activity"}


class Assessment(CareOwned):
    """Answers to one instrument on one day. Which one, its version, the answers and the scores are sealed together."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        DONE = "done", "Done"
        VOID = "void", "Void"

    state = models.CharField(max_length=5, choices=State.choices, default=State.DRAFT)
    taken_on = models.DateField()

    class Meta(CareOwned.Meta):
        constraints = [*AgencyOwned.Meta.constraints, _known("state", ["draft", "done", "void"], "assessment_has_a_state")]
        indexes = [models.Index(fields=["agency", "person", "taken_on"], name="assessments_of_a_person")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "person": "reference", "case_id": "reference", "made_by": "staff activity"}


class Service(CareOwned):
    """One service on one day, by a code of one version of the taxonomy. There is no column for a place."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        PROVIDED = "provided", "Provided"
        REFUSED = "refused", "They said no"
        NO_SHOW = "no_show", "They did not come"

    taxonomy = models.CharField(max_length=20, help_text="Version of the taxonomy.")
    code = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROVIDED)
    on = models.DateField()
    minutes = models.PositiveIntegerField(null=True, blank=True)
    units = models.PositiveIntegerField(default=1, help_text="How often on that day, or how many nights, rides, vouchers.")
    household = models.PositiveSmallIntegerField(default=1, help_text="How many of the household it was for.")
    voided_at = models.DateTimeField(null=True, blank=True, help_text="Written down by mistake: it counts nowhere.")

    class Meta(CareOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            _known("state", ["planned", "provided", "refused", "no_show"], "service_has_a_known_state"),
            models.CheckConstraint(condition=Q(minutes__isnull=True) | Q(minutes__lte=1440), name="a_day_has_1440_minutes"),
            models.CheckConstraint(condition=Q(units__gte=1, units__lte=1000), name="service_units_are_sane"),
            models.CheckConstraint(condition=Q(household__gte=1, household__lte=30), name="service_household_is_sane"),
        ]
        indexes = [
            models.Index(fields=["agency", "person", "-on"], name="services_of_a_person"),
            models.Index(fields=["agency", "on", "code"], name="services_of_a_time", condition=Q(voided_at__isnull=True)),
            models.Index(fields=["agency", "case_id", "on"], name="services_planned", condition=Q(state="planned")),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "person": "reference", "case_id": "reference", "made_by": "staff activity"}
