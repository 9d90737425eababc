"""What somebody asks a public body for: a signature for a visa, leave to stay, money, an order that keeps somebody away.

Which of these it is would say more than a name, so kind, state and days are sealed. In the open stands one day, because a
clock of the law must be seen while the vault is locked.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from waymark.cases.models.case import CaseOwned


class LegalRelief(CaseOwned):
    """One thing that is asked for in a case. What it is, where it stands and how it came there is in `sealed`."""

    sealed = models.BinaryField()
    due_on = models.DateField(null=True, blank=True, help_text="The last day of the clock that runs, or one's own day.")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(CaseOwned.Meta):
        indexes = [models.Index(fields=["agency", "case"], name="legal_relief_of_a_case")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "case": "reference", "made_by": "staff activity"}
