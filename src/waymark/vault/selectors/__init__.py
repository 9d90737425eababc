"""What other apps may ask of the vault. They import from here and from `waymark.vault.actions`, and nothing deeper."""

from waymark.vault.selectors.keyring import OpenVault, Signature, has_vaults, open_vault
from waymark.vault.selectors.partners import PinState, must_be_compared, newest_print, own_prints, partners_of
from waymark.vault.selectors.records import (
    HOLD_REASONS,
    RecordGone,
    RecordSecret,
    holds_on,
    secrets_by_kind,
    secrets_of,
    standing_holds,
    tombstones,
)
from waymark.vault.selectors.session import opened_in, unlock_url, vault_in

__all__ = [
    "HOLD_REASONS",
    "OpenVault",
    "PinState",
    "RecordGone",
    "RecordSecret",
    "Signature",
    "has_vaults",
    "holds_on",
    "must_be_compared",
    "newest_print",
    "open_vault",
    "opened_in",
    "own_prints",
    "partners_of",
    "secrets_by_kind",
    "secrets_of",
    "standing_holds",
    "tombstones",
    "unlock_url",
    "vault_in",
]
