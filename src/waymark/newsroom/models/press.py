"""Press items: what the coalition says in public, and when.

Two people release an item, the council has endorsed its words or a published reason stands in its place, and nobody reads
it before its moment. All three are rules of the database (migrations/sql/press.sql): who goes round the forms meets them
too. The row security of these tables is not the agencies' wall: it shows an item to nobody without a signed staff context
until its moment has passed, so that a forgotten filter in any page, feed or picture leaks nothing.

The words that partners and council read are frozen as a `Wording`. A correction is another wording of the same item; the
one before stays, and stays readable.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from waymark.accounts.models import Agency, User


class NoNumberUnderEleven(models.Func):
    """Whether the frozen results of an operation hold no number that could single somebody out."""

    function = "jsonb_path_exists"
    template = "NOT %(function)s(%(expressions)s, '$.lines[*].value ? (@ < 11)')"
    output_field = models.BooleanField()


def no_number_under_eleven(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(result=None) | Q(NoNumberUnderEleven("result")), name=f"{name}_has_no_number_under_eleven"
    )


class PressItem(models.Model):
    """One release. Its moment (`public_at`) decides at every reading whether it is public; no job has to run."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        CHECKING = "checking", "Being checked"
        RELEASED = "released", "Released"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=80, unique=True, help_text="Its address for good.")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", help_text="In whose name it is written.")
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=400)
    body = models.TextField(max_length=12_000, help_text="Plain paragraphs, an empty line between them.")
    speaker_name = models.CharField(max_length=120, help_text="Who speaks to the media.")
    speaker_role = models.CharField(max_length=160)
    speaker_phone = models.CharField(max_length=40, blank=True, default="")
    speaker_email = models.EmailField(blank=True, default="")
    operation = models.UUIDField(null=True, blank=True, help_text="The operation whose results it publishes; the id alone.")
    result = models.JSONField(null=True, blank=True, help_text="These results, as they were when they were drafted.")
    not_before = models.DateField(null=True, blank=True, help_text="No reader before this day.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    edition = models.PositiveIntegerField(default=1, help_text="Grows with every change of words before the release.")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    released_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True, help_text="When the second person said yes.")
    public_at = models.DateTimeField(null=True, blank=True, help_text="Its moment: nobody outside reads it before.")
    withdrawn_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=400, blank=True, default="", help_text="Shown in its place.")

    class Meta:
        ordering = ["-written_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "checking"], released_by=None, released_at=None, public_at=None)
                | Q(
                    state__in=["released", "withdrawn"],
                    released_by__isnull=False,
                    released_at__isnull=False,
                    public_at__isnull=False,
                ),
                name="press_item_is_released_by_somebody_for_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(released_by=None) | ~Q(released_by=F("written_by")), name="press_item_is_released_by_two"
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn")
                | (Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="press_item_is_withdrawn_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(operation=None, result=None) | Q(operation__isnull=False, result__isnull=False),
                name="press_item_of_an_operation_has_its_results",
            ),
            models.UniqueConstraint(
                fields=["operation"], condition=~Q(state="withdrawn"), name="one_press_item_of_an_operation"
            ),
            no_number_under_eleven("press_item"),
        ]
        indexes = [
            models.Index(fields=["-public_at", "id"], name="press_items_by_moment"),
            models.Index(fields=["state", "-written_at"], name="press_items_by_state"),
        ]

    class Privacy:
        kind = "public"
        fields = {
            "written_by": "staff activity",
            "written_at": "staff activity",
            "released_by": "staff activity",
            "released_at": "staff activity",
            "withdrawn_by": "staff activity",
        }
        without_row_wall = (
            "It is written to be public; its own row security hides it from everybody outside until its moment."
        )

    def __str__(self) -> str:
        return self.title


class Wording(models.Model):
    """The words of an item as they were sent for checking. They never change: other words are another wording."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        RELEASED = "released", "Released"
        DROPPED = "dropped", "Dropped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(PressItem, models.PROTECT, related_name="wordings")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=400)
    body = models.TextField(max_length=12_000)
    result = models.JSONField(null=True, blank=True, help_text="The results of an operation, frozen with the words.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    corrects = models.ForeignKey("self", models.PROTECT, related_name="+", null=True, blank=True)
    reason = models.CharField(max_length=400, blank=True, default="", help_text="Why it was corrected; published.")
    is_safety = models.BooleanField(default=False, help_text="Somebody's safety: one person, at once, never gated.")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    released_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="wording_of_a_press_item"),
            models.CheckConstraint(
                condition=Q(state="released", released_by__isnull=False, released_at__isnull=False)
                | ~Q(state="released") & Q(released_by=None, released_at=None),
                name="wording_is_released_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(released_by=None) | ~Q(released_by=F("written_by")) | Q(is_safety=True, corrects__isnull=False),
                name="wording_is_released_by_two",
            ),
            models.CheckConstraint(
                condition=Q(corrects=None, reason="") | Q(corrects__isnull=False) & ~Q(reason=""),
                name="correction_says_why",
            ),
            no_number_under_eleven("wording"),
        ]

    class Privacy:
        kind = "public"
        fields = {
            "written_by": "staff activity",
            "written_at": "staff activity",
            "released_by": "staff activity",
        }

    def __str__(self) -> str:
        return str(self.id)


class PartnerCheck(models.Model):
    """A partner named in an item, and what that agency said to the words of one edition."""

    class State(models.TextChoices):
        WAITING = "waiting", "Not answered yet"
        AGREED = "agreed", "Agreed"
        ASKS = "asks", "Asks for a change"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(PressItem, models.CASCADE, related_name="checks")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    edition = models.PositiveIntegerField(default=0, help_text="The edition that was answered.")
    note = models.CharField(max_length=400, blank=True, default="")
    answered_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        # The order of mention can cause a rift: partners stand in the order of the alphabet, everywhere.
        ordering = [Lower("agency__name")]
        constraints = [models.UniqueConstraint(fields=["item", "agency"], name="partner_of_a_press_item_once")]

    class Privacy:
        kind = "staff"
        fields = {"answered_by": "staff activity", "answered_at": "staff activity"}
        without_row_wall = "The partners of an item see each other's answers; its own row security follows the item's."

    def __str__(self) -> str:
        return str(self.id)


class HeldBackPart(models.Model):
    """A part that another agency publishes later: its label, whose it is, and when. There is no place for the content."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(PressItem, models.CASCADE, related_name="held_back")
    label = models.CharField(max_length=120)
    responsible_agency = models.CharField(max_length=160)
    window = models.CharField(max_length=80, help_text="When it is expected, like “the week of September 24, 2018”.")

    class Meta:
        ordering = ["label", "id"]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.label
