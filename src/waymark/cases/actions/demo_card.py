"""The demo's far agency: an invented shelter that runs its own installation, known here by a card.

Its private keys are made here and thrown away: whoever tries the demo can compare words, seal to it and save files, and
nobody ever opens one. No other installation takes it in.
"""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind, Membership
from waymark.coalition.selectors import the_region
from waymark.sealing.epochs import EpochSecret
from waymark.sealing.files import write
from waymark.vault.actions.cards import take_card
from waymark.vault.formats.cards import PURPOSE, Card, Epoch

FAR = uuid.UUID("7d0e5f5c-0c8e-4b5e-9a52-5a1f0d3c8e11")
NAME, SHORT_NAME = "Sierra Lantern Shelter (invented)", "Sierra Lantern"


@transaction.atomic
def load_demo_card() -> bool:
    """Take the card in, as an administrator does. False when it is known already, or nobody could."""
    region = the_region()
    place = Membership.objects.filter(role=Role.ADMINISTRATOR, state=Membership.State.ACTIVE).first()
    if region is None or not region.is_demo or place is None or Agency.objects.filter(pk=FAR).exists():
        return False
    secret = EpochSecret.fresh()
    stated = (Epoch(secret.states(str(FAR), 1), b""),)
    card = Card(FAR, NAME, SHORT_NAME, AgencyKind.VICTIM_SERVICES, timezone.now(), stated)
    content = write(card.envelope(), lambda signed: secret.sign.sign(PURPOSE, signed))
    place.user.act_as(place)
    with acting_for(place.agency_id, place.user_id):
        take_card(content=content, by=place.user)
    return True
