"""Expired packets lose their content also when nobody opens them again; what has not expired, and the facts, stay."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from tests.factories.disclosures import acting, frozen
from tests.waymark.disclosures.conftest import Two

from waymark.access.context import acting_for
from waymark.audit.models import SYSTEM, Event
from waymark.disclosures.actions import deliver_packet, purge_expired
from waymark.disclosures.models import InboxPacket, LedgerLine, OutboxPacket

pytestmark = pytest.mark.django_db


def test_what_has_expired_is_emptied_for_its_own_agency_alone(two: Two) -> None:
    soon = timezone.now() + dt.timedelta(milliseconds=400)
    with acting(two.advocate):
        came = frozen(two.advocate, two.office, expires_at=soon)
        stays = frozen(two.advocate, two.office)
        for packet in (came, stays):
            deliver_packet(packet=packet.pk, by=two.advocate)
        never_sent = frozen(two.advocate, two.office, expires_at=soon)
        waits = frozen(two.advocate, two.office)
    # The database's own clock decides, which no test can stop.
    time.sleep(max(0, (soon - timezone.now()).total_seconds()) + 0.01)

    assert purge_expired(agency_id=two.third.pk) == 0
    assert purge_expired(agency_id=two.office.pk) == 1
    assert purge_expired(agency_id=two.shelter.pk) == 1
    assert purge_expired(agency_id=two.shelter.pk) == purge_expired(agency_id=two.office.pk) == 0

    with acting(two.prosecutor):
        content = {copy.packet: copy.sealed is not None for copy in InboxPacket.objects.all()}
    assert content == {came.pk: False, stays.pk: True}
    with acting(two.advocate):
        states = dict(OutboxPacket.objects.values_list("pk", "state"))
        assert LedgerLine.objects.count() == 2, "the ledger keeps what was disclosed"
    assert states == {came.pk: "delivered", stays.pk: "delivered", never_sent.pk: "stopped", waits.pk: "waiting"}
    for agency, told in ((two.third, 0), (two.office, 1), (two.shelter, 1)):
        with acting_for(agency.pk, SYSTEM):
            events = Event.objects.filter(verb="packets.purged")
            assert [event.actor for event in events] == ["system:expired-packets"] * told


def test_nothing_is_purged_without_a_context() -> None:
    with pytest.raises(DatabaseError, match=r"context\.missing"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT disclosures.purge()")
