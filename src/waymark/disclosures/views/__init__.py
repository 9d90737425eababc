"""The screens of the mail slot: what came in, what was sent, writing, and taking back."""

from waymark.disclosures.views.files import file_list, file_receipt, file_take, outbox_file, outbox_recall_file
from waymark.disclosures.views.inbox import inbox_detail, inbox_list, inbox_open
from waymark.disclosures.views.outbox import outbox_detail, outbox_list, outbox_recall, outbox_send
from waymark.disclosures.views.writing import new_call, new_packet, new_personal

__all__ = [
    "file_list",
    "file_receipt",
    "file_take",
    "inbox_detail",
    "inbox_list",
    "inbox_open",
    "new_call",
    "new_packet",
    "new_personal",
    "outbox_detail",
    "outbox_file",
    "outbox_list",
    "outbox_recall",
    "outbox_recall_file",
    "outbox_send",
]
