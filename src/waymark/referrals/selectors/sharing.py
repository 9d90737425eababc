"""What a release can let go of referrals: what is asked for now, in the words of the closed lists."""

from __future__ import annotations

from django.utils import timezone

from waymark.consent.formats.scopes import Asked, Item, register_records
from waymark.disclosures.actions import read_own_copy
from waymark.disclosures.formats.kinds import answer_in_words, label_of
from waymark.disclosures.policies import Refused
from waymark.referrals.models import OPEN, Referral, Way
from waymark.referrals.policies import visible
from waymark.referrals.selectors.sent import own_copy_packet

# Whom to call is a part of its own (`case.worker`).
LEFT_OUT = frozenset({"ask_for", "phone"})


def asked_for_now(asked: Asked) -> list[Item]:
    """What is asked for this person without a name and still open, each thing once, the newest first."""
    rows = visible(Referral.objects.filter(case__person=asked.person, state__in=OPEN), to=asked.by)
    items: dict[str, Item] = {}
    for referral in rows.exclude(way__in=[Way.CARRIED, Way.CONSENTED]).order_by("-sent_at", "id"):
        packet = own_copy_packet(referral) if asked.asks_for(referral.pk) else None
        if packet is None:
            continue
        try:
            values = read_own_copy(vault=asked.vault, packet=packet, by=asked.by)
        except Refused:
            continue
        said = [
            f"{label_of(packet.kind, code)}: {answer_in_words(packet.kind, code, text)}"
            for code, text in values.items()
            if code not in LEFT_OUT
        ]
        text = "; ".join(said)
        items.setdefault(text, Item(referral.pk, text, timezone.localdate(referral.sent_at)))
    return list(items.values())


def register_own_scope() -> None:
    """Called when the app starts."""
    register_records("referral.request", asked_for_now)
