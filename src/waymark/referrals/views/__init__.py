"""The pages of referrals: asking, what became of it, what came in and answering it, and who answers for what."""

from waymark.referrals.views.answering import arrived, inbox, inbox_answer, inbox_detail, inbox_move, inbox_read
from waymark.referrals.views.asking import ask_room, choose, letter, letter_new, refer, with_package
from waymark.referrals.views.cases import inbox_case
from waymark.referrals.views.desks import desk_add, desk_answer, desk_list, desk_remove
from waymark.referrals.views.sent import board, detail, move, sent_list

__all__ = [
    "arrived",
    "ask_room",
    "board",
    "choose",
    "desk_add",
    "desk_answer",
    "desk_list",
    "desk_remove",
    "detail",
    "inbox",
    "inbox_answer",
    "inbox_case",
    "inbox_detail",
    "inbox_move",
    "inbox_read",
    "letter",
    "letter_new",
    "move",
    "refer",
    "sent_list",
    "with_package",
]
