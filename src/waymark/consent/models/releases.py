"""A release: one survivor, one agency that gives, one that gets, a purpose, a closed list, a first and a last day.

What must hold whatever program writes stands in the open and in the database: nothing is active without paper evidence, an
end, exactly one recipient, a list that is not empty, and the words having been told (migrations/sql/consent.sql). Who is
meant, in which language, with which interpreter and where the paper lies is sealed under the person's own key. An extension
is a new release, signed anew.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from waymark.accounts.models import Agency, AgencyOwned
from waymark.consent.formats.scopes import CODES, RECORD_CODES
from waymark.disclosures.formats.kinds import PURPOSES
from waymark.disclosures.models import Permit
from waymark.people.models import Person

# What else the person could do, and that it was talked about: without this nobody was asked, they were told.
ALTERNATIVES = (
    ("without_name", "Ask there without their name"),
    ("themselves", "Tell them themselves"),
    ("wait", "Wait"),
    ("nothing", "Share nothing"),
)


class Release(AgencyOwned):
    """A draft goes away without a trace; what was signed stays, and an end is final."""

    class State(models.TextChoices):
        DRAFT = "draft", "Not signed yet"
        SIGNED = "signed", "Signed"
        ACTIVE = "active", "Sharing"
        EXPIRED = "expired", "Over"
        REVOKED = "revoked", "Stopped"
        SUPERSEDED = "superseded", "Followed by a new one"

    class Evidence(models.TextChoices):
        NONE = "", "None yet"
        PAPER = "paper", "Signed on paper, which we keep"
        SEEN = "seen", "Signed on paper, which they keep; I looked at it or at a photo of it"

    class Interpreter(models.TextChoices):
        """Never a child, a relative of who is said to have hurt them, or that person: they are on no list."""

        NONE = "none", "None was needed"
        STAFF = "staff", "A colleague"
        PHONE = "phone", "An interpreters' phone service"
        ADULT = "adult", "An adult whom they chose"

    class Why(models.TextChoices):
        NOT_OVER = "", "Not over"
        ASKED = "asked", "They asked for it"
        LAST_DAY = "last_day", "Its last day passed"
        FOLLOWED = "followed", "A new release followed"
        SIGNER = "signer", "Who signed may not sign any more"
        MERGE = "merge", "Another file of the same person is stricter"

    code = models.CharField(max_length=12, help_text="Stands on the paper; on it no name is needed.")
    person = models.ForeignKey(Person, models.PROTECT, db_constraint=False, related_name="+")
    recipient = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20, choices=PURPOSES)
    scopes = ArrayField(models.CharField(max_length=40), help_text="Codes of the groups of fields; never empty.")
    by_record = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        help_text="Codes of the groups of which only the named records go (ReleaseRecord); none named is nothing.",
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="The first moment at which nothing is shared any more.")
    text_version = models.CharField(max_length=20, help_text="Version of the words that were told.")
    alternatives = ArrayField(models.CharField(max_length=20, choices=ALTERNATIVES), default=list)
    interpreter = models.CharField(max_length=5, choices=Interpreter.choices)
    sealed = models.BinaryField(help_text="Language, person there, interpreter's number, where the paper lies; sealed.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    evidence = models.CharField(max_length=5, choices=Evidence.choices, default=Evidence.NONE, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, help_text="When the words were read to the person.")
    permit = models.ForeignKey(Permit, models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+")
    follows = models.ForeignKey(
        "consent.Release", models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+"
    )
    drafted_at = models.DateTimeField(null=True, help_text="Set by the database.")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True, help_text="Set by the database.")
    active_at = models.DateTimeField(null=True, blank=True, help_text="Set by the database.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Set by the database.")
    ended_why = models.CharField(max_length=10, choices=Why.choices, default=Why.NOT_OVER, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="When its worker was told that the end is near.")

    class Meta(AgencyOwned.Meta):
        ordering = ["-drafted_at", "id"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "code"], name="one_release_a_code"),
            models.UniqueConstraint(fields=["agency", "permit"], name="one_release_a_permit"),
            models.CheckConstraint(condition=~Q(recipient=F("agency")), name="release_is_for_another_agency"),
            models.CheckConstraint(
                condition=Q(scopes__len__gt=0, scopes__contained_by=list(CODES)), name="release_names_known_scopes"
            ),
            models.CheckConstraint(
                condition=Q(by_record__contained_by=F("scopes")) & Q(by_record__contained_by=list(RECORD_CODES)),
                name="records_are_named_of_named_scopes",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="release_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(purpose__in=[code for code, _ in PURPOSES]), name="release_has_a_purpose"),
            models.CheckConstraint(
                condition=Q(interpreter__in=["none", "staff", "phone", "adult"]), name="release_has_a_right_interpreter"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", evidence="", signed_at__isnull=True, permit__isnull=True)
                | Q(
                    state__in=["signed", "active", "expired", "revoked", "superseded"],
                    evidence__in=["paper", "seen"],
                    told_at__isnull=False,
                    signed_at__isnull=False,
                    alternatives__len__gt=0,
                ),
                name="nothing_is_signed_without_evidence_and_words_told",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["active", "expired", "superseded"])
                | Q(permit__isnull=False, active_at__isnull=False),
                name="nothing_is_active_without_a_permit",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "signed", "active"], ended_at__isnull=True, ended_why="")
                | (Q(state__in=["expired", "revoked", "superseded"], ended_at__isnull=False) & ~Q(ended_why="")),
                name="an_end_has_a_moment_and_a_why",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "person"], name="releases_of_a_person"),
            models.Index(fields=["agency", "state", "ends_at"], name="releases_that_end_next"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "person": "reference",
            "permit": "reference",
            "follows": "reference",
            "recipient": "reference",
            "drafted_by": "staff activity",
        }

    def __str__(self) -> str:
        return self.code

    @property
    def ends_on(self) -> dt.date:
        """The last day on which something is shared."""
        return timezone.localdate(self.ends_at - dt.timedelta(microseconds=1))

    @property
    def alternatives_in_words(self) -> str:
        words = dict(ALTERNATIVES)
        return "; ".join(words.get(code, code) for code in self.alternatives)

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.EXPIRED, self.State.REVOKED, self.State.SUPERSEDED}


class Signer(AgencyOwned):
    """Who signed. For a grown-up nobody but themselves; for a child a person of whom it is written that they may sign."""

    class Capacity(models.TextChoices):
        SELF = "self", "They themselves"
        MINOR = "minor", "They themselves, under 18: the law lets them sign alone for this"
        FOR_CHILD = "for_child", "Somebody who may sign for this child"
        BESIDE = "beside", "They themselves, under 18, beside who may sign for them"

    release = models.ForeignKey(Release, models.CASCADE, db_constraint=False, related_name="signers")
    person = models.ForeignKey(Person, models.PROTECT, db_constraint=False, related_name="+")
    capacity = models.CharField(max_length=10, choices=Capacity.choices)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "release", "person"], name="one_signature_a_person"),
            models.CheckConstraint(
                condition=Q(capacity__in=["self", "minor", "for_child", "beside"]), name="signer_has_a_capacity"
            ),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "release": "reference", "person": "reference"}

    def __str__(self) -> str:
        return str(self.pk)


class ReleaseRecord(AgencyOwned):
    """One record that a release names, of a scope of which nothing else goes. Named before the signature, or never.

    By the day alone the person knows it again on paper. What it says is in the file, and nowhere here.
    """

    release = models.ForeignKey(Release, models.CASCADE, db_constraint=False, related_name="records")
    scope = models.CharField(max_length=40)
    record = models.UUIDField(help_text="A row of the table that the scope speaks of, about the same person.")
    on = models.DateField(help_text="The day by which the person knows it.")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "release", "scope", "record"], name="a_record_is_named_once"),
            models.CheckConstraint(
                condition=Q(scope__in=list(RECORD_CODES)), name="only_records_of_known_scopes_are_named"
            ),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "release": "reference", "record": "reference"}

    def __str__(self) -> str:
        return str(self.pk)
