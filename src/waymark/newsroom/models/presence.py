"""An agency that does not want to stand on the public page of members."""

from __future__ import annotations

from django.db import models

from waymark.accounts.models import Agency, User


class AgencyOffPage(models.Model):
    """While this row is there, the agency is not named on the public page. Its own officer decides."""

    agency = models.OneToOneField(Agency, models.CASCADE, primary_key=True, related_name="off_page")
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)

    class Privacy:
        kind = "staff"
        fields = {"decided_by": "staff activity", "decided_at": "staff activity"}
        without_row_wall = "The public page, for which nobody acts, has to leave these agencies out."

    def __str__(self) -> str:
        return str(self.agency_id)
