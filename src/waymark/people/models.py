"""Who a survivor is, how they may be reached, where they live, who is with them: the part of a record that could hurt most.

Everything that says who somebody is lies sealed under the person's own key (`waymark.vault`). In the open, behind the
agency's row wall, stand a random code, an age band (counts need it) and days. Look-up values are keyed hashes of one
agency: equal values look equal, and nothing else can be read from them.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import AgencyOwned


class AgeBand(models.TextChoices):
    """The bands in which victim services are counted; the day of birth itself is sealed."""

    UNKNOWN = "", "Not known"
    CHILD = "0-12", "12 or younger"
    TEEN = "13-17", "13 to 17"
    YOUNG = "18-24", "18 to 24"
    ADULT = "25-59", "25 to 59"
    OLDER = "60+", "60 or older"


MINORS = frozenset({AgeBand.CHILD.value, AgeBand.TEEN.value})


class PersonOwned(AgencyOwned):
    """What belongs to one person of one agency. The key of the row is composite; the migration adds it."""

    person = models.ForeignKey("people.Person", models.PROTECT, db_constraint=False, related_name="+")
    sealed = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(AgencyOwned.Meta):
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class Person(AgencyOwned):
    """Somebody whom the agency serves, or a child or relative of theirs. `name` and `facts` are sealed."""

    code = models.CharField(max_length=12)
    age_band = models.CharField(max_length=6, choices=AgeBand.choices, default=AgeBand.UNKNOWN, blank=True)
    name = models.BinaryField(help_text="What the person wants to be called; sealed.")
    facts = models.BinaryField(help_text="Everything else that says who it is; sealed.")
    is_restricted = models.BooleanField(default=False, help_text="Kept to named staff, and out of the look-up.")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    merged_into = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, db_constraint=False, related_name="merged"
    )
    merged_at = models.DateTimeField(null=True, blank=True)

    class Meta(AgencyOwned.Meta):
        verbose_name_plural = "people"
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "code"], name="one_person_a_code"),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="nobody_is_merged_into_themselves"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True, merged_at__isnull=True)
                | Q(merged_into__isnull=False, merged_at__isnull=False),
                name="a_merge_has_a_day",
            ),
            models.CheckConstraint(condition=Q(age_band__in=AgeBand.values), name="person_has_a_known_age_band"),
        ]
        indexes = [models.Index(fields=["agency", "merged_into"], name="merged_into_a_person")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "made_by": "staff activity", "merged_into": "reference"}

    def __str__(self) -> str:
        return self.code


class SafeContact(PersonOwned):
    """One way to reach a person, and when. Number, channel and hours are sealed; what ends is kept as ended."""

    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(PersonOwned.Meta):
        indexes = [models.Index(fields=["agency", "person"], name="contacts_of_a_person")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "person": "reference", "made_by": "staff activity"}


class Address(PersonOwned):
    """One place: real, or what stands in for it. The real one is a row of its own, so that nobody reads it along; so is the
    unit that an agency helps to rent.
    """

    class Kind(models.TextChoices):
        REAL = "real", "Where they really are"
        SUBSTITUTE = "substitute", "Stands in for it"
        UNIT = "unit", "The unit that we help to rent"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(PersonOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(condition=Q(kind__in=["real", "substitute", "unit"]), name="address_has_a_kind"),
        ]
        indexes = [models.Index(fields=["agency", "person"], name="addresses_of_a_person")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "person": "reference", "made_by": "staff activity"}


class Relation(PersonOwned):
    """What one person is to another, and whether they may sign for them. Sealed under the first person's key.

    Two flags stand in the open, because the database itself refuses that an alleged abuser signs.
    """

    other = models.ForeignKey(Person, models.PROTECT, db_constraint=False, related_name="+")
    may_sign = models.BooleanField(default=False)
    is_alleged_abuser = models.BooleanField(default=False)

    class Meta(PersonOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "person", "other"], name="one_relation_a_pair"),
            models.CheckConstraint(condition=~Q(person=F("other")), name="nobody_is_their_own_relation"),
            models.CheckConstraint(
                condition=~Q(may_sign=True, is_alleged_abuser=True), name="an_alleged_abuser_never_signs"
            ),
        ]
        indexes = [models.Index(fields=["agency", "other"], name="relations_to_a_person")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "person": "reference", "other": "reference", "made_by": "staff activity"}


class LookUpValue(AgencyOwned):
    """By what a person is found inside the agency: a keyed hash of a phone or e-mail, or 20 bits of a name's sound."""

    class Kind(models.TextChoices):
        EMAIL = "email", "E-mail"
        PHONE = "phone", "Phone"
        SOUND = "sound", "Sound of a name"

    person = models.ForeignKey(Person, models.PROTECT, db_constraint=False, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    exact = models.BinaryField(max_length=32, null=True)
    sound = models.IntegerField(null=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind="sound", exact__isnull=True, sound__gte=0, sound__lt=2**20)
                | Q(kind__in=["email", "phone"], exact__isnull=False, sound__isnull=True),
                name="a_sound_has_20_bits_and_the_rest_is_exact",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "kind", "sound"], name="people_by_sound"),
            models.Index(fields=["agency", "kind", "exact"], name="people_by_exact_value"),
            models.Index(fields=["agency", "person"], name="look_up_of_a_person"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "person": "reference"}

    def __str__(self) -> str:
        return str(self.pk)


class NamedReader(AgencyOwned):
    """A member to whom a restricted person is kept. The key says the same once more."""

    person = models.ForeignKey(Person, models.PROTECT, db_constraint=False, related_name="readers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "person", "user"], name="one_reading_a_member"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "person": "reference", "user": "reference"}

    def __str__(self) -> str:
        return str(self.pk)


class Denial(PersonOwned):
    """A member who must not see anything of a person, whatever else would let them: it beats every grant. Why is sealed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta(PersonOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agency", "person", "user"], condition=Q(lifted_at__isnull=True), name="one_denial_a_member"
            ),
            models.CheckConstraint(condition=~Q(user=F("made_by")), name="nobody_denies_themselves"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "person": "reference", "user": "reference", "made_by": "staff activity"}
