"""Other agencies' keys: which were compared, which changed, and which may be sealed to.

A pin is signed by our own newest epoch, so a thief who exchanges a partner's key must exchange our pin too, and cannot.
From the pinned statement the partner's own signatures lead to its newest; where they do not, the key changed and
nothing is sealed.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum

from waymark.accounts.models import Agency
from waymark.sealing.epochs import TO_PARTNERS, Statement, follows
from waymark.sealing.signatures import is_signed_by
from waymark.vault.models import AgencyKey, Pin
from waymark.vault.policies import PinRefused
from waymark.vault.selectors.keyring import OpenVault

PINNED = "partner compared"
# Agencies that something can be sealed to: those here, and those that run their own installation.
REACHED = (Agency.State.ACTIVE, Agency.State.ELSEWHERE)
# Agencies whose signatures are still read: what one that was taken off the list takes back is taken back.
READ = (*REACHED, Agency.State.AWAY)


class PinState(StrEnum):
    CHANGED = "changed"
    COMPARED = "compared"
    NO_KEY = "no_key"
    NOT_COMPARED = "not_compared"


PIN_WORDS = {
    PinState.CHANGED: "Key changed: nothing is sent",
    PinState.COMPARED: "Words compared",
    PinState.NO_KEY: "Has no vault yet",
    PinState.NOT_COMPARED: "Words not compared",
}


@dataclass(frozen=True)
class Partner:
    """One agency on the partners' list."""

    agency: Agency
    state: PinState
    pin: Pin | None
    newest: Statement | None

    @property
    def words(self) -> str:
        return PIN_WORDS[self.state]

    @property
    def has_followed(self) -> bool:
        """New keys since the words were compared, vouched for by the old ones."""
        return (
            self.state is PinState.COMPARED
            and self.pin is not None
            and self.pin.number != getattr(self.newest, "number", 0)
        )


def pin_parts(pin: Pin) -> tuple[str | bytes, ...]:
    """What the signature of a pin covers."""
    return (str(pin.agency_id), str(pin.partner_id), str(pin.number), bytes(pin.digest))


def _followed(pin: Pin, statements: dict[int, tuple[Statement, bytes]]) -> Statement | None:
    """The newest statement, when signatures lead to it from the pinned one."""
    known, _ = statements.get(pin.number, (None, b""))
    if known is None or known.digest() != bytes(pin.digest):
        return None
    for number in sorted(number for number in statements if number > pin.number):
        newer, endorsement = statements[number]
        if not follows(known, newer, endorsement, to=TO_PARTNERS):
            return None
        known = newer
    return known


def _statements(agencies: list[uuid.UUID]) -> dict[uuid.UUID, dict[int, tuple[Statement, bytes]]]:
    found: dict[uuid.UUID, dict[int, tuple[Statement, bytes]]] = {}
    for row in AgencyKey.objects.filter(agency_id__in=agencies):
        found.setdefault(row.agency_id, {})[row.number] = (row.statement(), bytes(row.endorsement))
    return found


def _judge(vault: OpenVault, agency: Agency, pin: Pin | None, statements: dict[int, tuple[Statement, bytes]]) -> Partner:
    newest = statements[max(statements)][0] if statements else None
    if pin is not None and not is_signed_by(vault.secret.sign.public, bytes(pin.signature), PINNED, *pin_parts(pin)):
        # Somebody wrote this pin who does not hold our key: it counts as a change, because it may hide one.
        return Partner(agency, PinState.CHANGED, pin, newest)
    if pin is None:
        return Partner(agency, PinState.NO_KEY if newest is None else PinState.NOT_COMPARED, None, newest)
    followed = _followed(pin, statements)
    return Partner(agency, PinState.CHANGED if followed is None else PinState.COMPARED, pin, followed or newest)


def partner_of(vault: OpenVault, agency: uuid.UUID, states: tuple[Agency.State, ...] = REACHED) -> Partner | None:
    """One other active agency, with what we know of its key; None for our own and for an unknown one."""
    row = Agency.objects.filter(pk=agency, state__in=states).exclude(pk=vault.agency).first()
    if row is None:
        return None
    pin = Pin.objects.filter(agency_id=vault.agency, partner=row).select_related("compared_by").first()
    return _judge(vault, row, pin, _statements([row.pk]).get(row.pk, {}))


def partners_of(vault: OpenVault, words: str = "") -> list[Partner]:
    """All other active agencies by name, each with the state of its key."""
    agencies = Agency.objects.filter(state__in=REACHED).exclude(pk=vault.agency).order_by("name")
    if words:
        agencies = agencies.filter(name__icontains=words)
    rows = list(agencies)
    pins = {pin.partner_id: pin for pin in Pin.objects.filter(agency_id=vault.agency).select_related("compared_by")}
    statements = _statements([row.pk for row in rows])
    return [_judge(vault, row, pins.get(row.pk), statements.get(row.pk, {})) for row in rows]


def has_key(agency: uuid.UUID) -> bool:
    """True for an active agency whose vault is founded."""
    return AgencyKey.objects.filter(agency_id=agency, agency__state__in=REACHED).exists()


def is_pinned(agency: uuid.UUID, partner: uuid.UUID) -> bool:
    return Pin.objects.filter(agency_id=agency, partner_id=partner).exists()


def must_be_compared(vault: OpenVault, agency: uuid.UUID) -> Statement:
    """The statement to seal to, or PinRefused with what to do."""
    partner = partner_of(vault, agency)
    if partner is None or partner.state in {PinState.NO_KEY, PinState.NOT_COMPARED}:
        raise PinRefused(PinRefused.NOT_COMPARED)
    if partner.state is PinState.CHANGED or partner.newest is None:
        raise PinRefused(PinRefused.CHANGED)
    return partner.newest


def compared_statement(vault: OpenVault, agency: uuid.UUID, number: int) -> Statement | None:
    """A partner's statement of one epoch when our pin reaches it, to check what that epoch signed; None otherwise."""
    partner = partner_of(vault, agency, READ)
    if partner is None or partner.state is not PinState.COMPARED:
        return None
    found = _statements([agency]).get(agency, {}).get(number)
    # Signatures lead from the pin to the newest, and every statement names the one before: so all of them are the
    # partner's.
    return found[0] if found is not None and _reaches(partner, _statements([agency])[agency], number) else None


def newest_print(vault: OpenVault, agency: uuid.UUID) -> tuple[PinState, int, bytes]:
    """How far a partner's keys are compared, and number and digest of the newest that signatures reach; 0 without any."""
    partner = partner_of(vault, agency, READ)
    if partner is None or partner.newest is None:
        return PinState.NO_KEY, 0, b""
    return partner.state, partner.newest.number, partner.newest.digest()


def own_prints(vault: OpenVault) -> set[bytes]:
    """The digests of our own statements that our vault still opens what was sealed to."""
    kept = {vault.number, *vault.earlier}
    return {row.statement().digest() for row in AgencyKey.objects.filter(agency_id=vault.agency, number__in=kept)}


def _reaches(partner: Partner, statements: dict[int, tuple[Statement, bytes]], number: int) -> bool:
    """True when walking back from the newest statement by digests arrives at `number`."""
    known = partner.newest
    while known is not None and known.number > number:
        older = statements.get(known.number - 1)
        if older is None or older[0].digest() != known.previous:
            return False
        known = older[0]
    return known is not None and known.number == number
