"""What a person says is wrong in what was written about them, in their own words, beside what was written.

Nothing is taken out of the record, and the statement goes wherever that part of the record goes. It is theirs:
they can take
it back.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from waymark.accounts.models import AgencyOwned
from waymark.people.models import PersonOwned


class Statement(PersonOwned):
    """One statement. Sealed: the words and their language."""

    class About(models.TextChoices):
        FILE = "file", "What is written of who they are"
        NOTE = "note", "A note"
        OTHER = "other", "Something else that we keep"

    about = models.CharField(max_length=6, choices=About.choices)
    note = models.UUIDField(null=True, blank=True, help_text="The note, which lies above this app.")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta(PersonOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(about="note", note__isnull=False) | Q(about__in=["file", "other"], note__isnull=True),
                name="a_statement_about_a_note_names_it",
            ),
        ]
        indexes = [models.Index(fields=["agency", "person"], name="statements_of_a_person")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "person": "reference", "note": "reference", "made_by": "staff activity"}
