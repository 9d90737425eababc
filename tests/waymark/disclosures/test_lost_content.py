"""A packet whose sealed part is missing: the database lets nobody make one, and its page stands all the same."""

from __future__ import annotations

from tests.factories.disclosures import acting
from tests.waymark.disclosures.conftest import Owner
from tests.waymark.disclosures.test_screens import _call, _sent, cheap, two_desks

from waymark.audit.models import Event
from waymark.disclosures.models import InboxPacket

__all__ = ["cheap"]


def test_a_packet_whose_sealed_part_is_missing_breaks_no_page(cheap: None, committed_db: str, owner: Owner) -> None:
    """No way leads there but the owner's own hand in the table, or a backup that lost it: the page says so, and no more."""
    shelter, office = two_desks()
    for is_opened in (False, True):
        _sent(shelter, _call(shelter, office))
        with acting(office.user):
            packet = InboxPacket.objects.get(sealed__isnull=False)
        there = f"/mail/{packet.pk}/"
        if is_opened:
            office.client.send(f"{there}open/", page=there)
            assert "916-555-0142" in office.get(there)
        owner("UPDATE disclosures_inboxpacket SET sealed = NULL WHERE id = %s RETURNING id", (packet.pk,))
        told = office.get(there)
        if not is_opened:
            told = office.client.send(f"{there}open/", page=there, follow=True).content.decode()
        assert "does not open as it was sealed" in told
        assert "916-555-0142" not in told
        assert office.client.get("/mail/").status_code == 200
        with acting(office.user):
            packet.refresh_from_db()
            assert (packet.read_at is None) is not is_opened, "what shows nothing counts as no look"
            assert Event.objects.filter(verb="packet.opened", result="done").count() == is_opened
