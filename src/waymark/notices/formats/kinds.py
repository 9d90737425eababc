"""Every kind of notice with its one sentence.

A notice says that something happened, and where to look; the page that it leads to says what. So a sentence here names no
person, no agency, no group, no subject and no day: it lies on a screen that a colleague walks past. An app that tells
people of something new adds its line here, in the order of the alphabet.
"""

from __future__ import annotations

from dataclasses import dataclass

KINDS: dict[str, str] = {
    "action_item.changed": "An action item of yours was changed",
    "action_item.due": "An action item of yours is due soon",
    "action_item.given": "You have a new action item",
    "agency_sign_in.changed": "How people sign in through your agency was changed",
    "agreement.ask_to_sign": "An agreement waits for a signature",
    "agreement.changed": "An agreement was changed",
    "agreement.review_due": "An agreement is due for review",
    "asset.answered": "Something that you asked for on the asset board has an answer",
    "asset.asked": "Somebody asks for something on the asset board",
    "calendar.cancelled": "An entry in the calendar was cancelled",
    "calendar.changed": "An entry in the calendar was changed",
    "calendar.scheduled": "There is a new entry in the calendar",
    "council_time.changed": "Time that you entered was settled",
    "decision.asked": "A decision waits for your answer",
    "decision.changed": "A decision was changed",
    "decision.closed": "A decision has an outcome",
    "decision.closing": "A decision that waits for your answer closes tomorrow",
    "destruction.asked": "Somebody asks to destroy something that was kept",
    "destruction.decided": "A request to destroy something has an answer",
    "group.asked": "Somebody asks to join a working group",
    "group.changed": "A working group was changed",
    "group.declined": "A working group answered that you asked to join",
    "group.joined": "You belong to a working group now",
    "group.left": "You no longer belong to a working group",
    "meeting.cancelled": "A meeting was cancelled",
    "meeting.changed": "A meeting was changed",
    "meeting.minutes": "There are minutes to read",
    "meeting.scheduled": "A meeting was called",
    "press_item.changed": "A press item was changed",
    "press_item.waits": "A press item waits for you",
    "recommendation.changed": "A recommendation was changed",
    "recommendation.reply": "A recommendation has a reply",
    "referral.changed": "Something that you asked for has an answer",
    "referral.due": "An answer of your agency is due soon",
    "referral.moved": "Something that your agency was asked has changed",
    "referral.waits": "Something waits for an answer of your agency",
    "release.ends": "A release that you keep ends soon",
    "representative.changed": "Who speaks for your agency was changed",
    "review.answered": "A council review has an answer",
    "review.asked": "The council is asked for a review",
    "review.changed": "A council review was changed",
    "task.changed": "Work of yours was changed",
    "task.waits": "Something waits for you",
}


@dataclass(frozen=True)
class UnknownKind(Exception):
    """A kind that has no sentence: nothing can be said of it."""

    kind: str

    def __str__(self) -> str:
        return f"“{self.kind}” is no kind of notice. Give it a sentence in notices.formats.kinds."


def sentence_of(kind: str) -> str:
    """What a notice says; one of a later version says the least that is true."""
    return KINDS.get(kind, "Something changed")


def must_be_known(kind: str) -> None:
    if kind not in KINDS:
        raise UnknownKind(kind)
