"""The slot between two agencies: a permit, what was sent, what came in, and the ledger."""

from waymark.disclosures.models.carried import CarriedFile
from waymark.disclosures.models.packets import InboxPacket, OutboxPacket, Receipt
from waymark.disclosures.models.permits import LedgerLine, Permit

__all__ = ["CarriedFile", "InboxPacket", "LedgerLine", "OutboxPacket", "Permit", "Receipt"]
