"""The demo's desks: Lantern House and Legal Aid answer for their listed services, so that a referral has somewhere to go.

Questions and referrals themselves are sealed with keys that people make, so that a demo cannot bring them along.
"""

from __future__ import annotations

from django.db import transaction

from waymark.access.context import acting_for
from waymark.accounts.models import Membership
from waymark.directory.models import Service
from waymark.referrals.actions.desks import add_desk

# The short name of an agency of the demo, and the organization of its listings.
ANSWERS = {"Lantern House": "Rivermont Lantern House", "Legal Aid": "Rivermont County Legal Aid"}


@transaction.atomic
def load_demo_desks() -> int:
    """Let the demo's agencies answer for their services. Gives how many they answer for; loading again changes nothing."""
    count = 0
    for agency, organization in ANSWERS.items():
        place = Membership.objects.filter(agency__short_name=agency, role="advocate", state="active").order_by("pk").first()
        if place is None:
            continue
        place.user.act_as(place)
        with acting_for(place.agency_id, place.user_id):
            for service in Service.objects.filter(organization__name=organization).order_by("pk"):
                add_desk(service=service, by=place.user)
                count += 1
    return count
