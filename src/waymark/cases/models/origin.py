"""By what a case came: a package or a referral of another agency.

That somebody was sent by a certain agency can say what happened to them, so who sent and when is sealed with the case. In
the open stands a keyed hash of what came in, by which an unlocked member finds the case from the package; without the
agency's key it says nothing, and two cases of one package look alike to nobody else.
"""

from __future__ import annotations

from django.db import models

from waymark.cases.models.case import CaseOwned


class CaseOrigin(CaseOwned):
    """What a case came by. Written with the case, once; it outlives a package that was taken back."""

    found_by = models.BinaryField(help_text="Keyed hash of the packet or referral that came in.")
    sealed = models.BinaryField(help_text="By which way, from whom and on which day; sealed.")

    class Meta(CaseOwned.Meta):
        constraints = [
            *CaseOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "case"], name="one_origin_a_case"),
        ]
        indexes = [models.Index(fields=["agency", "found_by"], name="cases_by_what_came_in")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "case": "reference"}
