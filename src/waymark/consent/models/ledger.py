"""The ledger: one line for each act by which something about a person left, written before it leaves and never changed.

It stands in the open behind the agency's row wall, and so it holds ids, codes and a keyed hash: no name and no content.
What has to be said in words (to whom exactly, which order) is sealed under the person's key in `details`.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import Agency, AgencyOwned
from waymark.consent.formats.scopes import labels_of, named_counts
from waymark.consent.models.releases import Release
from waymark.people.models import Person


class Basis(models.TextChoices):
    """Why it was allowed to leave."""

    RELEASE = "release", "A release"
    SPOKEN = "spoken", "A release, told aloud"
    COMPELLED = "compelled", "An order of a court"
    MANDATED = "mandated", "A duty to report"
    SURVIVOR_DELIVERED = "survivor_delivered", "Handed to the person themselves"
    AGGREGATE = "aggregate", "Counts that name nobody"
    INTERNAL = "internal", "Printed or copied inside the agency"


class Method(models.TextChoices):
    PACKAGE = "package", "Package"
    PRINT = "print", "Print"
    PDF = "pdf", "PDF"
    CSV = "csv", "Table (CSV)"
    FILE = "file", "File"
    SPOKEN = "spoken", "Told aloud"
    API = "api", "Another program"
    LETTER = "letter", "Letter"


class Outside(models.TextChoices):
    """A recipient that is no member of the coalition, as a kind. Which one exactly is sealed."""

    SURVIVOR = "survivor", "The person themselves"
    OWN_AGENCY = "own_agency", "Our own agency"
    COURT = "court", "A court"
    POLICE = "police", "Police or sheriff"
    CHILD_PROTECTION = "child_protection", "Child protection"
    ADULT_PROTECTION = "adult_protection", "Adult protection"
    FUNDER = "funder", "Who funds the work"
    LAWYER = "lawyer", "A lawyer"
    OTHER = "other", "Somebody else"


class Disclosure(AgencyOwned):
    """One line. The database sets when and by whom, and refuses every change."""

    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+")
    recipient = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    outside = models.CharField(max_length=20, choices=Outside.choices, blank=True, default="")
    basis = models.CharField(max_length=20, choices=Basis.choices)
    method = models.CharField(max_length=10, choices=Method.choices)
    fields = ArrayField(models.CharField(max_length=40), help_text="Codes of what left, never content.")
    records = ArrayField(
        models.CharField(max_length=80),
        default=list,
        blank=True,
        help_text="Which records left, where the release names them one by one: scope and id.",
    )
    content_hash = models.BinaryField(
        max_length=32,
        help_text="Keyed by the agency's vault, or over random sealed bytes: it tells nothing of the content.",
    )
    release = models.ForeignKey(Release, models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+")
    process = models.UUIDField(null=True, blank=True, help_text="The legal process or report behind it.")
    details = models.BinaryField(null=True, blank=True, help_text="Sealed.")
    at = models.DateTimeField(null=True, help_text="Set by the database.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="Set by the database."
    )

    class Meta(AgencyOwned.Meta):
        ordering = ["-at", "id"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(condition=Q(basis__in=Basis.values), name="disclosure_has_a_basis"),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="disclosure_has_a_method"),
            models.CheckConstraint(condition=Q(fields__len__gt=0), name="disclosure_names_a_field"),
            models.CheckConstraint(
                condition=Q(basis__in=["release", "spoken"], release__isnull=False)
                | (~Q(basis__in=["release", "spoken"]) & Q(release__isnull=True)),
                name="a_release_stands_behind_what_needs_one",
            ),
            models.CheckConstraint(
                condition=Q(records__len=0) | Q(release__isnull=False), name="records_are_named_under_a_release"
            ),
            models.CheckConstraint(
                condition=Q(basis="aggregate") | Q(person__isnull=False), name="disclosure_is_about_somebody"
            ),
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, outside="") | Q(recipient__isnull=True, outside__in=Outside.values),
                name="disclosure_has_one_recipient",
            ),
            models.CheckConstraint(
                condition=~Q(basis="compelled") | Q(process__isnull=False), name="an_order_stands_behind_what_is_compelled"
            ),
            models.CheckConstraint(condition=~Q(recipient=F("agency")), name="disclosure_to_oneself_is_called_internal"),
        ]
        indexes = [
            models.Index(fields=["agency", "person", "-at"], name="what_left_about_a_person"),
            models.Index(fields=["agency", "release"], name="what_left_under_a_release"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "person": "reference",
            "release": "reference",
            "recipient": "reference",
            "by": "staff activity",
        }

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def fields_in_words(self) -> str:
        return "; ".join(labels_of(self.fields, named_counts(self.records)))


class Package(AgencyOwned):
    """A packet that was written under a release: the one bond between them. The database lets no such packet be without."""

    release = models.ForeignKey(Release, models.PROTECT, db_constraint=False, related_name="+")
    disclosure = models.ForeignKey(Disclosure, models.PROTECT, db_constraint=False, related_name="+")
    packet = models.ForeignKey("disclosures.OutboxPacket", models.PROTECT, db_constraint=False, related_name="+")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "packet"], name="one_package_a_packet"),
            models.UniqueConstraint(fields=["agency", "disclosure"], name="one_package_a_line"),
        ]
        indexes = [models.Index(fields=["agency", "release"], name="packages_of_a_release")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "release": "reference", "disclosure": "reference", "packet": "reference"}

    def __str__(self) -> str:
        return str(self.pk)
