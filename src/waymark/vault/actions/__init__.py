"""What other apps may do with the vault. They import from here and from `waymark.vault.selectors`, and nothing deeper.

Making, opening and wrapping a record's key and sealing a packet are parts of another app's act, which has its own event;
restricting, holding and destroying a record are acts of their own.
"""

from waymark.vault.actions.holds import hold_record, lift_hold
from waymark.vault.actions.packets import OpenedPacket, is_signed_by_agency, open_packet, seal_for, sign_as
from waymark.vault.actions.records import lift_restriction, new_record_key, open_record, restrict_record, shred_record

__all__ = [
    "OpenedPacket",
    "hold_record",
    "is_signed_by_agency",
    "lift_hold",
    "lift_restriction",
    "new_record_key",
    "open_packet",
    "open_record",
    "restrict_record",
    "seal_for",
    "shred_record",
    "sign_as",
]
