"""What can be done with the mail slot. `consent` opens and closes permits; everything else is for the staff's screens."""

from waymark.disclosures.actions.permits import Closed, close_permit, open_permit
from waymark.disclosures.actions.sending import deliver_packet, recall_packet

__all__ = ["Closed", "close_permit", "deliver_packet", "open_permit", "recall_packet"]
