"""Agencies that run their own installation: giving them our card, and taking theirs, also once more after they were off.

A card brings a name and public keys. It is taken by whoever adds agencies; nothing is sealed to its keys before members of
an agency have compared six words by voice (`actions.partners`).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from waymark.access.permissions import Permission
from waymark.accounts.models import Agency, AgencyKind, User
from waymark.accounts.policies.people import holds
from waymark.sealing.files import FileError, write
from waymark.vault import policies
from waymark.vault.actions.events import tell
from waymark.vault.formats.cards import PURPOSE, Card, Epoch, followed_to, read_card
from waymark.vault.models import AgencyKey
from waymark.vault.policies import Refused
from waymark.vault.selectors.keyring import OpenVault

REFUSED = "WV001"
REASONS = {
    "card.contradicts": "This card says something else about keys that were compared. It was not taken. Call the agency"
    " on a number that you knew before, and ask for a new card.",
    "card.kind": "The card names a kind of agency that this installation does not know. Ask them which version they run.",
    "card.name": "Another agency has this name here already. Ask them to change it on their card, or ask your coordinator.",
    "card.of_ours": "This is the card of an agency of this installation. A card is for another installation.",
    "card.older": "This card is older than the keys that are known of this agency. Ask them for a new one.",
    "card.other_kind": "This is no card. Packets, recalls and receipts are taken in under Mail, Files.",
    "file.bad_signature": "The card was changed after it was made. It was not taken. Ask for it again, by another way.",
    "file.broken": "The card is cut off or damaged. Ask for it again.",
    "file.kind": "This is no card of an agency.",
    "file.newer": "A newer version of Waymark made this card. Update this installation first.",
    "file.not_ours": "This is no file of Waymark. Choose the card: its name ends in .waymark.",
    "file.too_large": "This file is larger than a card can be.",
}


@dataclass(frozen=True)
class Taken:
    """What a card brought."""

    agency: Agency
    is_new: bool
    has_new_keys: bool


@transaction.atomic
def make_card(*, vault: OpenVault, by: User) -> bytes:
    """The acting agency's card, as a file. It holds nothing that is secret."""
    policies.must_open(by)
    agency = Agency.objects.get(pk=vault.agency)
    rows = AgencyKey.objects.filter(agency_id=vault.agency, number__lte=vault.number).order_by("number")
    epochs = tuple(Epoch(row.statement(), bytes(row.endorsement)) for row in rows)
    name, short_name = (" ".join(text.split()) for text in (agency.name, agency.short_name))
    card = Card(vault.agency, name, short_name, agency.kind, timezone.now(), epochs)
    content = write(card.envelope(), lambda signed: vault.sign(PURPOSE, signed))
    tell("agency.card_made", by=by, kind="agency", about=vault.agency)
    return content


@transaction.atomic
def take_card(*, content: bytes, by: User) -> Taken:
    """Take another installation's agency in, or newer keys of one that is known. Raises Refused."""
    if not holds(by, Permission.ACCOUNTS_AGENCY_ADD):
        raise Refused("Your role does not add agencies.")
    try:
        card = read_card(content)
    except FileError as error:
        raise Refused(REASONS.get(error.code, REASONS["file.broken"])) from None
    known = Agency.objects.filter(pk=card.agency).first()
    if known is not None and not known.is_elsewhere:
        raise Refused(REASONS["card.of_ours"])
    if known is not None and known.state == Agency.State.AWAY:
        # Back on the list; with this the database forgets every comparison, so that words are compared anew.
        known.state = Agency.State.ELSEWHERE
        known.save(update_fields=["state"])
    agency = known or _added(card)
    verdict = _keys_taken(card)
    tell("agency.card_taken", by=by, kind="agency", about=agency.pk)
    return Taken(agency, known is None, verdict == "taken")


def _added(card: Card) -> Agency:
    if card.kind not in AgencyKind.values:
        raise Refused(REASONS["card.kind"])
    if Agency.objects.filter(name__iexact=card.name).exists():
        raise Refused(REASONS["card.name"])
    try:
        with transaction.atomic():
            return Agency.objects.create(
                pk=card.agency,
                name=card.name,
                short_name=card.short_name,
                kind=card.kind,
                state=Agency.State.ELSEWHERE,
            )
    except IntegrityError:
        raise Refused(REASONS["card.name"]) from None


def _keys_taken(card: Card) -> str:
    rows = AgencyKey.objects.filter(agency_id=card.agency).order_by("number")
    known = [Epoch(row.statement(), bytes(row.endorsement)) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute("SELECT vault_newest_compared(%s)", [card.agency])
        compared: int = cursor.fetchone()[0]
    firm = followed_to(known, compared) if compared else 0
    if card.newest.number < firm and list(card.epochs) == known[: card.newest.number]:
        raise Refused(REASONS["card.older"])
    columns: list[list[object]] = [
        [one.statement.number for one in card.epochs],
        [one.statement.seal_public for one in card.epochs],
        [one.statement.sign_public for one in card.epochs],
        [one.statement.previous for one in card.epochs],
        [one.endorsement for one in card.epochs],
    ]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT vault_take_keys(%s, %s, %s::integer[], %s::bytea[], %s::bytea[], %s::bytea[], %s::bytea[])",
                [card.agency, firm, *columns],
            )
            verdict: str = cursor.fetchone()[0]
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) != REFUSED:
            raise
        code = str(error.__cause__.diag.message_primary)  # type: ignore[union-attr]
        raise Refused(REASONS.get(code, "You act for no agency now. Nothing was taken.")) from None
    return verdict
