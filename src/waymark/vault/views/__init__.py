"""The vault's pages: my key, my agency's members, partner agencies, the printed kit, what was destroyed."""

from waymark.vault.views.cards import card, card_make, card_take
from waymark.vault.views.home import ask_in, compare_again, vault_home, waiting
from waymark.vault.views.kit import found, kit_detail, kit_make, kit_use, kit_withdraw
from waymark.vault.views.members import member_confirm, member_list, new_keys, rewrap
from waymark.vault.views.own_key import (
    lock,
    passphrase_change,
    printed_key,
    printed_key_new,
    recover,
    set_up,
    start_over,
    unlock,
)
from waymark.vault.views.partners import partner_compare, partner_list, partner_unpin
from waymark.vault.views.records import certificate, tombstone_list

__all__ = [
    "ask_in",
    "card",
    "card_make",
    "card_take",
    "certificate",
    "compare_again",
    "found",
    "kit_detail",
    "kit_make",
    "kit_use",
    "kit_withdraw",
    "lock",
    "member_confirm",
    "member_list",
    "new_keys",
    "partner_compare",
    "partner_list",
    "partner_unpin",
    "passphrase_change",
    "printed_key",
    "printed_key_new",
    "recover",
    "rewrap",
    "set_up",
    "start_over",
    "tombstone_list",
    "unlock",
    "vault_home",
    "waiting",
]
