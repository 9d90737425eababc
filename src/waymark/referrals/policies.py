"""Who refers whom to whom, who answers, and which way reveals the least.

Only an advocate asks and only an advocate answers: a role that no agency of the justice side can give. The sender's list
shows referrals of the cases that one may see; the recipient's inbox shows what its own agency was asked; nobody else sees
either. The way that is offered first is the least revealing that meets the goal.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, QuerySet

from waymark.access.permissions import Permission
from waymark.accounts.models import Membership, User
from waymark.people.policies import Refused, agency_of, holds, open_to
from waymark.referrals.models import HANDED, RUNNING, ReceivedReferral, Referral, State, Way

Row = TypeVar("Row", bound=Model)

# At most so many agencies are asked for room at once: more would tell a whole region that somebody is on the way.
MOST_ASKED = 8
QUESTION_HOURS = (1, 2, 4, 8, 12, 24)
OPAQUE_HOURS = (4, 8, 12, 24)
LETTER_DAYS = (1, 3, 7, 14, 30)
PACKAGE_DAYS = (1, 3, 7, 14)
ANSWER_HOURS = (2, 4, 8, 12, 24)
# After this time what has ended is deleted; the database has the same (migrations/sql/referrals.sql).
KEPT_AFTER_THE_END = dt.timedelta(hours=24)

ABSENT = "This is not here any more."
NOT_TAKEN_UP = "Accept it first: a case is opened for somebody whom your agency takes."
# What the database's functions refuse, in the words of the screen.
REASONS = {
    "referral.absent": ABSENT,
    "referral.answer": "Choose one of the answers, and how long it holds.",
    "referral.lapsed": "Its time is over, so it cannot be answered any more. Call them if you still can help.",
    "referral.no_such_move": "Somebody has moved it meanwhile. Look at where it stands now.",
    "referral.not_delivered": "It did not reach the other agency. Nothing was sent.",
    "referral.reason": "Choose one of the reasons.",
}


@dataclass(frozen=True)
class Offer:
    """One way as the chooser shows it: what it is for, and in plain words what the other agency learns."""

    way: Way
    does: str
    reveals: tuple[str, ...]
    not_told: str


OFFERS: tuple[Offer, ...] = (
    Offer(
        Way.QUESTION,
        "Ask up to eight providers whether they have room.",
        ("that your agency asks", "how many people, which languages, what for and when"),
        "Not who it is, how to reach them, or anything of the case.",
    ),
    Offer(
        Way.OPAQUE,
        "Ask one provider to take somebody and to call you.",
        ("that your agency asks", "how many people, what for and how soon", "your name and your work phone"),
        "Not who it is. What they need to know you say on the phone, with the person’s word.",
    ),
    Offer(
        Way.CARRIED,
        "Print a letter that the person takes along.",
        ("that somebody comes with a letter", "your work phone", "once they enter its code: that your agency wrote it"),
        "Not who it is: the person says what they want to say. It is on paper, and others may find it.",
    ),
    Offer(
        Way.CONSENTED,
        "Refer the person to one provider who may know who they are.",
        ("what the person has signed for, part by part, and no more", "that it is about this person"),
        "Not what the release does not name, and never a note. The person can stop it any day.",
    ),
)


@dataclass(frozen=True)
class Goal:
    """What has to happen, and the least revealing way to it."""

    code: str
    label: str
    way: Way


GOALS: tuple[Goal, ...] = (
    Goal("find_room", "Find out who has room", Way.QUESTION),
    Goal("hold_place", "Have one provider keep a place or call me", Way.OPAQUE),
    Goal("go_there", "The person wants to go there themselves", Way.CARRIED),
    Goal("be_known", "They have to know who it is, and the person agrees", Way.CONSENTED),
)


# What a need of a plan is asked as, where the directory has one word for it; elsewhere the worker chooses.
ASKED_AS = {
    "safety": "safe-tonight",
    "housing": "place-to-live",
    "money": "benefits",
    "health": "doctor",
    "mind": "feel-bad",
    "substance": "stop-drugs",
    "school": "learn",
    "work": "find-work",
    "law": "lawyer",
    "immigration": "status",
    "getting_about": "ride",
}


def least_revealing(goal: str) -> Way:
    """The way that reveals least and still meets the goal; for an unknown goal the least revealing of all."""
    return next((each.way for each in GOALS if each.code == goal), Way.QUESTION)


def may_send(by: User) -> bool:
    return holds(by, Permission.REFERRALS_REFERRAL_SEND)


def may_answer(by: User) -> bool:
    return holds(by, Permission.REFERRALS_REFERRAL_ANSWER)


def may_ask_for_release(by: User) -> bool:
    """Whether from a referral they may go on to ask the person about sharing."""
    return holds(by, Permission.CONSENT_RELEASE_WORK)


def must_send(by: User) -> uuid.UUID:
    """The agency for which `by` may refer. Raises Refused."""
    if not may_send(by):
        raise Refused("Your role does not refer anybody.")
    return agency_of(by)


def must_answer(by: User) -> uuid.UUID:
    """The agency for which `by` may answer. Raises Refused."""
    if not may_answer(by):
        raise Refused("Your role does not answer for your agency.")
    return agency_of(by)


def visible(queryset: QuerySet[Referral], *, to: User) -> QuerySet[Referral]:
    """What the agency of `to` sent for cases that are open to `to`: the deny list beats every grant here too."""
    if to.acting is None or not may_send(to):
        return queryset.none()
    return open_to(queryset.filter(agency_id=to.acting.agency_id), to=to, person="case__person")


def visible_received(queryset: QuerySet[Row], *, to: User) -> QuerySet[Row]:
    """What the agency of `to` was asked."""
    if to.acting is None or not may_answer(to):
        return queryset.none()
    return queryset.filter(agency_id=to.acting.agency_id)


def may_become_case(received: ReceivedReferral, *, at: dt.datetime) -> bool:
    """Whether the agency has taken somebody up, so that a case may be opened. A question about room is nobody."""
    return received.way in HANDED and received.state_at(at) in {*RUNNING, State.CONNECTED}


def who_answers(agency: uuid.UUID) -> QuerySet[Membership]:
    """The members who are told that something waits."""
    return Membership.objects.filter(agency_id=agency, role="advocate", state=Membership.State.ACTIVE)
