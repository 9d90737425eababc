"""Who answers the press for an agency.

The order in which partners are named has split coalitions, and so has one partner who spoke for all. So it is written down
who speaks to the media for each agency, and nobody else is asked.
"""

from __future__ import annotations

from django.db import models

from waymark.accounts.models import Agency


class MediaSpeaker(models.Model):
    """The one office of an agency that answers the press. The person is named by their office, by name if they wish."""

    agency = models.OneToOneField(Agency, models.PROTECT, primary_key=True, related_name="+")
    speaker = models.CharField(max_length=160, help_text="Name or office, as the press should ask for it.")
    phone = models.CharField(max_length=40, blank=True, default="", db_default="")
    email = models.EmailField(blank=True, default="", db_default="")
    confirmed_on = models.DateField()

    class Privacy:
        kind = "staff"
        fields = {"agency": "reference", "speaker": "staff name", "phone": "staff contact", "email": "staff contact"}
        without_row_wall = "Every agency has to know whom the press may ask at the others."

    def __str__(self) -> str:
        return str(self.agency_id)
