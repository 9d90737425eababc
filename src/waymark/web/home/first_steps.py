"""What each role does first and most: the one button of its home page, and what an empty part says."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse

from waymark.access.installation import has_page, is_one_agency
from waymark.access.permissions import Permission, Role


class Step(NamedTuple):
    """A button: its words and the name of its page."""

    label: str
    name: str
    permission: Permission


@dataclass(frozen=True)
class FirstStep:
    """The button of a home page, ready to be shown."""

    label: str
    url: str


# For each role what it comes for, the first that it may open being shown.
STEPS: dict[Role, tuple[Step, ...]] = {
    Role.ADMINISTRATOR: (Step("Add an agency", "agency_add", Permission.ACCOUNTS_AGENCY_ADD),),
    Role.ADVOCATE: (Step("Open a case", "cases:new", Permission.CASES_CASE_WORK),),
    Role.COORDINATOR: (Step("Call a meeting", "coalition:meeting_call", Permission.COALITION_WORK_TAKE_PART),),
    Role.COUNCIL: (Step("Read what the council is asked", "council:review_list", Permission.COUNCIL_VIEW),),
    Role.MEMBER: (Step("Read the mail", "disclosures:inbox", Permission.PACKET_READ),),
    Role.OFFICER: (Step("Invite a member", "member_invite", Permission.ACCOUNTS_MEMBER_INVITE),),
    Role.STEWARD: (Step("Find a service", "directory:service_list", Permission.DIRECTORY_LISTING_VIEW),),
}
# What an empty part teaches: what will stand there.
EMPTY: dict[str, dict[Role, str]] = {
    "waiting": {
        Role.ADMINISTRATOR: "Requests for administrators, and agencies without a member, will stand here.",
        Role.ADVOCATE: "Cases to look at, packets, and colleagues who ask for the vault will stand here.",
        Role.COORDINATOR: "Changes to check, decisions to close, lost factors and unanswered invitations will stand here.",
        Role.COUNCIL: "What is to go public, and waits for the council's word, will stand here.",
        Role.MEMBER: "Packets from other agencies, decisions to answer and your action items will stand here.",
        Role.OFFICER: "Packets, signatures, lost factors and unanswered invitations will stand here.",
        Role.STEWARD: "Changes and help lines that need a second person will stand here.",
    },
    "changed": {},
    "next": {
        Role.ADMINISTRATOR: "Meetings of the coalition will stand here as their days come near.",
        Role.STEWARD: "Help lines to check again, and meetings, will stand here as their days come near.",
    },
}
# Where one agency runs the installation alone there are no meetings, decisions or councils to wait for.
NOTHING_ALONE = {
    "waiting": "What needs you will stand here.",
    "changed": "News of the last two weeks that concerns you will stand here.",
    "next": "Days on which to look at something again will stand here as they come near.",
}
NOTHING = {
    "waiting": "What needs you will stand here.",
    "changed": "News of the last two weeks that concerns you will stand here.",
    "next": "Meetings, dates and action items will stand here as their days come near.",
}


def first_step(role: str, held: Collection[Permission]) -> FirstStep | None:
    """The one button of a role's home page, or none for a role that has no first step of its own."""
    for step in STEPS.get(Role(role), ()):
        if step.permission in held and has_page(step.name):
            return FirstStep(step.label, reverse(step.name))
    return None


def empty_text(part: str, role: str) -> str:
    """What an empty part of the page says."""
    if is_one_agency():
        return NOTHING_ALONE[part]
    return EMPTY[part].get(Role(role), NOTHING[part])
