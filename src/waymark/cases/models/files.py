"""Files of a case: photos and papers that somebody handed in, cleaned and then sealed under the key of the case.

They lie in the database and not on a disk, so that a file and what is said of it are kept, backed up and destroyed as one
(docs/adr/0651-keep-files-in-the-database.md).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from waymark.accounts.models import AgencyOwned
from waymark.cases.models.case import CaseOwned


class CaseFile(CaseOwned):
    """One file. In the open: whose case, who added it and when. What is removed leaves this line and no content."""

    facts = models.BinaryField(help_text="What it is called, its type and pages; sealed.")
    content = models.BinaryField(help_text="Sealed; empty when it was removed.")
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(CaseOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True) & ~Q(content=b"")
                | Q(removed_at__isnull=False, removed_by__isnull=False, content=b""),
                name="a_removed_file_has_no_content",
            ),
        ]
        indexes = [models.Index(fields=["agency", "case", "-added_at"], name="files_of_a_case")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "case": "reference", "added_by": "staff activity", "removed_by": "staff activity"}
