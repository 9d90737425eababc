"""What can be done with the mail slot. Permits are opened by `consent`, and by `relief` for a petition that was served."""

from waymark.disclosures.actions.carrying import (
    TakenIn,
    make_packet_file,
    make_recall_file,
    make_receipt_file,
    take_in_file,
)
from waymark.disclosures.actions.permits import Closed, close_permit, open_permit
from waymark.disclosures.actions.purging import purge_expired
from waymark.disclosures.actions.reading import Content, content_held, open_packet, read_own_copy, read_packet
from waymark.disclosures.actions.sending import deliver_packet, recall_packet
from waymark.disclosures.actions.writing import freeze_packet
from waymark.disclosures.formats.packets import packet_of_page

__all__ = [
    "Closed",
    "Content",
    "TakenIn",
    "close_permit",
    "content_held",
    "deliver_packet",
    "freeze_packet",
    "make_packet_file",
    "make_recall_file",
    "make_receipt_file",
    "open_packet",
    "open_permit",
    "packet_of_page",
    "purge_expired",
    "read_own_copy",
    "read_packet",
    "recall_packet",
    "take_in_file",
]
