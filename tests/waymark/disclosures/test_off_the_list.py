"""An agency in its own installation is taken off the list, and comes back: what stops, what still counts, what is anew."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from tests.factories.disclosures import acting, permit_of
from tests.factories.exchange import (
    PERSONAL,
    Installation,
    file_of,
    introduce,
    packet_for,
    recall_of,
    receipt_of,
    refusal,
    state_of,
    takes,
)
from tests.waymark.disclosures.conftest import Pair

from waymark.accounts.actions.agencies import take_off_list
from waymark.accounts.models import Agency
from waymark.accounts.policies import Refused as PeopleRefused
from waymark.audit.models import Event
from waymark.disclosures.actions import close_permit, freeze_packet, open_packet
from waymark.disclosures.actions.crossing import asked
from waymark.disclosures.models import InboxPacket, Permit
from waymark.disclosures.policies import Refused
from waymark.vault.policies import PinRefused


def take_off(one: Installation, other: Installation) -> Agency:
    with one.pointed(), acting(one.administrator):
        return take_off_list(agency=Agency.objects.get(pk=other.agency.pk), by=one.administrator)


def test_a_far_agency_is_taken_off_the_list_when_nothing_waits_for_it(fresh: Pair) -> None:
    """What went can be taken back, nothing else goes either way, and it comes back with words compared anew."""
    harbor, landing = fresh
    introduce(harbor, landing)
    first, came = packet_for(harbor, landing), packet_for(landing, harbor)
    theirs, later = file_of(landing, came), file_of(landing, packet_for(landing, harbor))
    takes(landing, file_of(harbor, first))
    taken = takes(harbor, theirs)
    with pytest.raises(PeopleRefused, match="still has a package waiting"):
        take_off(harbor, landing)
    with harbor.pointed():
        assert Agency.objects.get(pk=landing.agency.pk).state == Agency.State.ELSEWHERE, "a refusal changes nothing"
    with landing.here() as vault:
        open_packet(vault=vault, packet=InboxPacket.objects.get().pk, by=landing.member.user)
    takes(harbor, receipt_of(landing, first))
    with pytest.raises(PeopleRefused, match="still has a package waiting"):
        take_off(harbor, landing)  # it was opened, and its permit lets another one go
    with harbor.here():
        for permit in Permit.objects.filter(revoked_at__isnull=True):
            close_permit(permit=permit, by=harbor.member.user)
    events = harbor_events(harbor)
    with harbor.pointed(), acting(harbor.member.user), pytest.raises(PeopleRefused):
        take_off_list(agency=Agency.objects.get(pk=landing.agency.pk), by=harbor.member.user)
    assert take_off(harbor, landing).state == Agency.State.AWAY
    assert harbor_events(harbor) == events + 1

    assert refusal(harbor, later) == "file.taken_off"
    with harbor.here() as vault, pytest.raises(PinRefused):
        freeze_packet(
            vault=vault, page=uuid.uuid4(), recipient=Agency.objects.get(pk=landing.agency.pk), kind="personal",
            values=PERSONAL, permit=permit_of(harbor.member.user, landing.agency), by=harbor.member.user,
        )  # fmt: skip
    with harbor.here(), pytest.raises(Refused, match="taken off the list"):
        asked(
            "SELECT disclosures.carry_in(%s, %s, 'call', NULL, '', ARRAY['phone'], %s, %s, %s)",
            landing.agency.pk, uuid.uuid4(), timezone.now() + dt.timedelta(days=1), timezone.now(), bytes(64),
        )  # fmt: skip
    # What they sent is still read as theirs, and still taken back by them; what we sent is still taken back by us.
    with harbor.here() as vault:
        opened = open_packet(vault=vault, packet=taken.shown, by=harbor.member.user)
        assert opened is not None
        assert opened.is_sender_known
    assert takes(harbor, recall_of(landing, came)).verdict == "recalled_after_reading"
    assert takes(landing, recall_of(harbor, first)).verdict == "recalled_after_reading"
    assert state_of(harbor, first)[0] == "recalled"

    # A card puts it on the list again. Nobody here believes its keys before words were compared anew.
    harbor.take_card(landing.card())
    assert refusal(harbor, later) == "file.not_compared"
    harbor.compare(landing.agency)
    assert takes(harbor, later).verdict == "taken"


def harbor_events(harbor: Installation) -> int:
    with harbor.pointed(), acting(harbor.administrator):
        return Event.objects.filter(verb="agency.taken_off").count()
