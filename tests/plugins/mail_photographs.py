"""What a packet looks like on both sides: written, checked, sent, read, taken back."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from tests.factories.disclosures import permit_of

from waymark.disclosures.models import InboxPacket

if TYPE_CHECKING:
    from tests.plugins.photographs import Camera, Stage


def mail_between_open_vaults(stage: Stage, camera: Camera) -> None:
    """Write, check, send, read, take back: what a packet looks like on both sides."""
    from tests.plugins.photographs import agency_of, unlocked

    ola, pat = stage.opened.client, unlocked(stage.office)
    with stage.shelter.acting():
        permit = permit_of(stage.shelter.user, agency_of(stage.office))
    camera.get(ola, "/mail/new/", "new packet under a permit")
    write = f"/mail/new/under/{permit.pk}/"
    camera.get(ola, write, "write under an open vault")
    camera.post(ola, write, {"page": uuid.uuid4()})
    told = {"needs": "A ride on Tuesday.", "name_to_use": "Nobody Invented"}
    answer = camera.post(ola, write, {"page": uuid.uuid4(), **told})
    sent = answer["Location"]
    camera.get(ola, sent, "check before sending")
    ola.send(f"{sent}send/", page=sent)
    camera.get(ola, sent, "sent")
    camera.get(ola, "/mail/sent/", "sent list")
    camera.get(pat, "/mail/", "inbox with a packet")
    with stage.office.acting():
        inbox = f"/mail/{InboxPacket.objects.get().pk}/"
    camera.get(pat, inbox, "sealed packet")
    pat.send(f"{inbox}open/", page=inbox)
    camera.get(pat, inbox, "opened packet")
    camera.get(ola, f"{sent}recall/", "take a packet back")
