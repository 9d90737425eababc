"""Who of the advocates stands by when, and what beds and languages a week may need.

Advocates have been followed home. So an officer reads an agency, a shift and a duty phone, and no name: who it is stands in
a row of the agency that sends them, behind its row wall. Before an operation nobody needs more than the week and rough
numbers to hold beds ready; that request has no text, and goes by itself when the week is over.
"""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import Agency, AgencyOwned, Membership
from waymark.operations.models.operations import Operation


class AdvocateShift(models.Model):
    """Some hours in which an agency's advocates can be called. Whoever takes part sees agency, hours and duty phone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operation = models.ForeignKey(Operation, models.CASCADE, related_name="shifts")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    duty_phone = models.CharField(max_length=40, help_text="The agency's own duty phone, never somebody's.")

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(duty_phone=""), name="shift_has_a_duty_phone"),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference"}
        without_row_wall = "Those who take part in the operation have to know whom to call; it names nobody."

    def __str__(self) -> str:
        return str(self.id)


class ShiftAdvocate(AgencyOwned):
    """Who stands in a shift. Only their own agency reads it; it goes with the shift."""

    shift = models.ForeignKey(AdvocateShift, models.CASCADE, related_name="+")
    advocate = models.ForeignKey(Membership, models.CASCADE, related_name="+")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "shift", "advocate"], name="once_in_a_shift"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "advocate": "staff name"}

    def __str__(self) -> str:
        return str(self.id)


class SurgeRequest(models.Model):
    """What may be needed in a week. Every field is closed: there is no day, no place and no text."""

    class People(models.TextChoices):
        FEW = "1-5", "1 to 5"
        SOME = "6-10", "6 to 10"
        MANY = "11-20", "11 to 20"
        MOST = "21+", "More than 20"

    class Gender(models.TextChoices):
        MEN = "men", "Men"
        NOT_KNOWN = "not_known", "Not known"
        TRANSGENDER = "transgender", "Transgender or nonbinary people"
        WOMEN = "women", "Women"

    class Language(models.TextChoices):
        ARABIC = "ar", "Arabic"
        CHINESE = "zh", "Chinese"
        ENGLISH = "en", "English"
        FARSI = "fa", "Farsi or Dari"
        HMONG = "hmn", "Hmong"
        KOREAN = "ko", "Korean"
        PUNJABI = "pa", "Punjabi"
        RUSSIAN = "ru", "Russian"
        SIGN = "ase", "American Sign Language"
        SPANISH = "es", "Spanish"
        TAGALOG = "tl", "Tagalog"
        UKRAINIAN = "uk", "Ukrainian"
        VIETNAMESE = "vi", "Vietnamese"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operation = models.OneToOneField(Operation, models.CASCADE, related_name="surge")
    week_of = models.DateField(help_text="The Monday. Never the day.")
    people = models.CharField(max_length=5, choices=People.choices)
    genders = ArrayField(models.CharField(max_length=12, choices=Gender.choices), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=3, choices=Language.choices), default=list, blank=True)
    with_minors = models.BooleanField(default=False)
    beds = models.PositiveSmallIntegerField()
    delete_on = models.DateField(help_text="The row is gone from this day on.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(week_of__iso_week_day=1), name="surge_is_asked_for_a_week"),
            models.CheckConstraint(
                condition=Q(people__in=["1-5", "6-10", "11-20", "21+"], beds__lte=200), name="surge_is_of_known_size"
            ),
            models.CheckConstraint(condition=Q(delete_on__gt=F("week_of")), name="surge_goes_after_its_week"),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference"}
        without_row_wall = "The agencies that hold beds ready have to read it; the policy shows it to no others."

    def __str__(self) -> str:
        return str(self.id)
