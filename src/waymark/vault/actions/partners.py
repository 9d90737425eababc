"""Comparing words with another agency, and taking it back."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.sealing.words import are_same_words, words_between
from waymark.vault import policies
from waymark.vault.actions.epochs import hold_agency, still_newest
from waymark.vault.actions.events import tell
from waymark.vault.models import AgencyKey, Pin
from waymark.vault.policies import Refused
from waymark.vault.selectors.keyring import OpenVault
from waymark.vault.selectors.partners import PINNED, pin_parts

NOT_THE_WORDS = (
    "These are not the words. Ask them to read the words once more, and check that they have opened the page of your"
    " agency."
    " If the words still differ, stop: somebody may have exchanged a key. Nothing is sent. Tell whoever runs this"
    " installation."
)


@transaction.atomic
def pin_partner(*, vault: OpenVault, partner: uuid.UUID, words: str, by: User) -> Pin:
    """Remember another agency's keys after the six words were compared by voice: `words` is what they read out.

    The newest statement that stands in the database is the one that is pinned, if its words are those that were heard.
    """
    policies.must_open(by)
    hold_agency(vault.agency)
    still_newest(vault)
    row = AgencyKey.objects.filter(agency_id=partner).exclude(agency_id=vault.agency).order_by("-number").first()
    if row is None:
        raise Refused("This agency has no vault yet. Nothing can be sealed to it.")
    statement = row.statement()
    if not are_same_words(words_between(vault.statement.digest(), statement.digest()), words):
        raise Refused(NOT_THE_WORDS)
    pin = Pin.objects.filter(agency_id=vault.agency, partner_id=partner).first() or Pin(
        agency_id=vault.agency, partner_id=partner
    )
    pin.number, pin.digest = statement.number, statement.digest()
    pin.compared_at, pin.compared_by = timezone.now(), by
    pin.signature = vault.sign(PINNED, *pin_parts(pin))
    pin.save()
    tell("pin.compared", by=by, kind="agency", about=partner)
    return pin


@transaction.atomic
def unpin_partner(*, vault: OpenVault, partner: uuid.UUID, by: User) -> None:
    """Take a comparison back: nothing is sealed to the agency until words are compared again."""
    policies.must_open(by)
    deleted, _ = Pin.objects.filter(agency_id=vault.agency, partner_id=partner).delete()
    if not deleted:
        raise Refused("No words were compared with this agency.")
    tell("pin.withdrawn", by=by, kind="agency", about=partner)
