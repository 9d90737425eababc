"""Who reads a decision, who says something to it, and what may happen in which state.

What may happen is one table (`NEXT`), so that a test can try every event in every state. A group's decision is its own: it
is read by its members, by who keeps the group, and, in a vote, by those who speak for the agencies that sit in it.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from django.db.models import Exists, Q, QuerySet

from waymark.accounts.models import User
from waymark.coalition.models import Decision, GroupMember, Meeting, Stance, Way, WorkingGroup
from waymark.coalition.policies import Refused, groups, meetings

State = Decision.State


class Event(StrEnum):
    """What can happen to a decision."""

    CHANGE = "change"
    OPEN = "open"
    GIVE = "give"
    RESOLVE = "resolve"
    NEW_ROUND = "new_round"
    CLOSE = "close"
    STATE_OUTCOME = "state_outcome"
    WITHDRAW = "withdraw"


NEXT: dict[tuple[str, Event], str] = {
    (State.DRAFT, Event.CHANGE): State.DRAFT,
    (State.DRAFT, Event.OPEN): State.OPEN,
    (State.DRAFT, Event.WITHDRAW): State.WITHDRAWN,
    (State.OPEN, Event.GIVE): State.OPEN,
    (State.OPEN, Event.RESOLVE): State.OPEN,
    (State.OPEN, Event.NEW_ROUND): State.OPEN,
    (State.OPEN, Event.CLOSE): State.CLOSED,
    (State.OPEN, Event.WITHDRAW): State.WITHDRAWN,
    (State.CLOSED, Event.RESOLVE): State.CLOSED,
    (State.CLOSED, Event.NEW_ROUND): State.OPEN,
    (State.CLOSED, Event.STATE_OUTCOME): State.STATED,
    (State.CLOSED, Event.WITHDRAW): State.WITHDRAWN,
}
# Only a proposal can be answered by an objection, and only its text is changed for another round.
CONSENT_ONLY = frozenset({Event.RESOLVE, Event.NEW_ROUND})
TROUBLES = {
    Event.CHANGE: "Only a draft is changed. Once it is open, its text changes with a new round.",
    Event.OPEN: "Only a draft is opened.",
    Event.GIVE: "This decision is not open. What was said stays as it was said.",
    Event.RESOLVE: "There is no objection to resolve here any more.",
    Event.NEW_ROUND: "A new round needs a proposal that is open, or closed without an outcome.",
    Event.CLOSE: "This decision is not open.",
    Event.STATE_OUTCOME: "The outcome is written after closing, once.",
    Event.WITHDRAW: "This decision has ended.",
}


def fits(decision: Decision, event: Event, *, at: dt.datetime) -> bool:
    """Whether something may happen to a decision now, whoever asks."""
    if event in CONSENT_ONLY and decision.way != Way.CONSENT:
        return False
    return (decision.state_at(at), event) in NEXT


def must_fit(decision: Decision, event: Event, *, at: dt.datetime) -> None:
    if not fits(decision, event, at=at):
        raise Refused(TROUBLES[event])


def visible(queryset: QuerySet[Decision], *, to: User) -> QuerySet[Decision]:
    """Decisions that `to` may know of. A draft is known to who wrote it and to nobody else, also when it was withdrawn."""
    if not groups.may_read_common(to) or to.acting is None:
        return queryset.none()
    was_asked = ~(Q(state=State.DRAFT) | Q(state=State.WITHDRAWN, opens_at__isnull=True))
    if groups.may_found_group(to):
        return queryset.filter(Q(proposed_by=to.acting) | was_asked)
    kept = GroupMember.objects.filter(
        membership=to.acting, until__isnull=True, duty__in=groups.KEEPERS, group_id__in=meetings.own_groups(to)
    )
    mine = Q(proposed_by=to.acting)
    shared = Q(group__isnull=True) | Q(group__in=meetings.own_groups(to))
    shared |= Q(own_voice(to), way=Way.VOTE, group__in=groups_of_agency(to))
    return queryset.filter(mine | (was_asked & (shared | Q(group__in=kept.values("group_id")))))


def own_voice(to: User) -> Exists:
    """As a part of a question to the database: whether `to` speaks for the agency for which they act."""
    mine = Q(membership=to.acting) | Q(deputy=to.acting)
    voices = groups.current_voices().filter(mine, agency=to.acting.agency_id)  # type: ignore[union-attr]
    return Exists(voices if groups.takes_part(to) else voices.none())


def groups_of_agency(to: User) -> QuerySet[GroupMember, Any]:
    here = GroupMember.objects.filter(until__isnull=True, membership__agency_id=to.acting.agency_id)  # type: ignore[union-attr]
    return here.values("group_id")


def may_propose(by: User, group: WorkingGroup | None) -> bool:
    """Anybody who takes part asks everybody; a group is asked by its members and by who keeps it."""
    if group is None:
        return groups.takes_part(by)
    if group.state != WorkingGroup.State.OPEN or not groups.takes_part(by):
        return False
    return meetings.is_in(by, group) or groups.may_keep_group(by, group)


def must_propose(by: User, group: WorkingGroup | None, way: str, meeting: Meeting | None) -> None:
    """A poll for a time ends with a meeting, so it takes somebody who may call one."""
    if not may_propose(by, group):
        raise Refused("Only the members of an open group put a decision to it.")
    if way == Way.TIME_POLL and not meetings.may_call(by, group):
        raise Refused("A time poll is made by who may call the meeting: the chair, the secretary or the coordinator.")
    if meeting is not None and (meeting.group_id != (group.pk if group else None)):
        raise Refused("That meeting was not one of this group.")


def is_proposer(by: User, decision: Decision) -> bool:
    return groups.takes_part(by) and by.acting is not None and by.acting.pk == decision.proposed_by_id


def runs(by: User, decision: Decision) -> bool:
    """Who opens, closes, withdraws and writes the outcome: the proposer, and who keeps the group."""
    if is_proposer(by, decision):
        return True
    return groups.may_found_group(by) if decision.group is None else groups.keeps_group(by, decision.group)


def must_run(by: User, decision: Decision) -> None:
    if not runs(by, decision):
        raise Refused("The proposer, the chair, the secretary or the coordinator does this.")


def must_change_text(by: User, decision: Decision) -> None:
    """The words of a proposal are its proposer's alone."""
    if not is_proposer(by, decision):
        raise Refused("Only the proposer changes the text.")


def may_answer(by: User, decision: Decision) -> bool:
    """Say something: in a vote who speaks for an agency that is asked, otherwise everybody who is asked."""
    if by.acting is None or not groups.takes_part(by):
        return False
    if decision.way != Way.VOTE:
        return decision.group is None or meetings.is_in(by, decision.group)
    if not groups.speaks_for_own_agency(by):
        return False
    return decision.group is None or groups_of_agency(by).filter(group=decision.group).exists()


def must_answer(by: User, decision: Decision) -> None:
    if not may_answer(by, decision):
        raise Refused(
            "In a vote the representative of an agency, or the deputy, speaks for it."
            if decision.way == Way.VOTE
            else "Only the members of this group answer."
        )


def may_resolve(by: User, stance: Stance) -> bool:
    """Whether an objection is met is for the objector to say, and for nobody else."""
    return (
        groups.takes_part(by)
        and stance.user_id == by.pk
        and stance.choice == "objection"
        and stance.is_current
        and stance.resolved_at is None
    )
