"""Where the addresses of meetings, decisions and action items lead: to those of the whole coalition.

What belongs to a group is hidden from everybody outside it, whatever their role; that is asked in test_meeting_outlets.py.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from tests.factories.coalition import act, voice
from tests.factories.meetings import a_decision, a_meeting, an_item
from tests.plugins.places import Place, no_object, of_coalition, of_member

from waymark.access.permissions import Permission, Role, permissions_of
from waymark.accounts.models import Membership, User
from waymark.coalition.actions import calendar, decisions, meetings, minutes
from waymark.coalition.models import ActionItem, Decision, Meeting, Stance

TAKE_PART = {role for role in Role if Permission.COALITION_WORK_TAKE_PART in permissions_of(role)}
BUT_COORDINATOR = dict.fromkeys(TAKE_PART - {Role.COORDINATOR}, "the coordinator keeps what is everybody's")


def coordinator(world: Any) -> User:
    made: User = world.once(_coordinator, world=world)
    return made


def _coordinator(*, world: Any) -> User:
    user: User = world.member_of(world.agencies["common"], Role.COORDINATOR)
    assert user.acting is not None
    voice(user.acting)
    return user


def _coming(*, by: User) -> Meeting:
    return a_meeting(by)


def coming(world: Any) -> dict[str, Any]:
    return {"pk": world.once(_coming, by=coordinator(world)).pk}


def _item(*, by: User) -> dict[str, Any]:
    meeting = a_meeting(by, title="Meeting with an agenda")
    item = act(by, meetings.save_agenda_item, meeting=meeting, item=None, values={"title": "Rooms", "part": "public"})
    paper = act(by, meetings.add_paper, item=item, values={"title": "List of rooms", "text": "Two rooms."})
    return {"meeting": meeting.pk, "item": item.pk, "paper": paper.pk}


def item(world: Any) -> dict[str, Any]:
    made = world.once(_item, by=coordinator(world))
    return {"pk": made["meeting"], "item": made["item"]}


def with_agenda(world: Any) -> dict[str, Any]:
    return {"pk": item(world)["pk"]}


def paper(world: Any) -> dict[str, Any]:
    made = world.once(_item, by=coordinator(world))
    return {"pk": made["meeting"], "paper": made["paper"]}


def _written(*, by: User, upto: str) -> Meeting:
    """A meeting whose minutes are a draft, circulated or approved."""
    meeting = a_meeting(by, days=-10, title=f"Meeting with minutes {upto}")
    act(by, minutes.write_minutes, meeting=meeting, texts={"public": "We met.", "closed": "A closed word."})
    if upto != "draft":
        act(by, minutes.circulate_minutes, meeting=meeting)
        later = a_meeting(by, days=-3, title=f"Later than {upto}")
        if upto == "approved":
            act(by, minutes.approve_minutes, meeting=meeting, later=later)
            act(by, minutes.add_addendum, meeting=meeting, part="public", text="It was two rooms.")
    return meeting


def written(upto: str) -> Any:
    return lambda world: {"pk": world.once(_written, by=coordinator(world), upto=upto).pk}


def _asked(*, by: User, way: str) -> Decision:
    return a_decision(by, way=way, title=f"An open question, {way}", **({"quorum": 1} if way == "vote" else {}))


def asked(way: str) -> Any:
    return lambda world: {"pk": world.once(_asked, by=coordinator(world), way=way).pk}


def _closed(*, by: User) -> Decision:
    decision = a_decision(by, title="A closed question")
    act(by, decisions.give_stance, decision=decision, choice="objection", reason="Too far away.")
    act(by, decisions.close_decision, decision=decision)
    an_item(by, by, decision=decision)
    return decision


def closed(world: Any) -> dict[str, Any]:
    return {"pk": world.once(_closed, by=coordinator(world)).pk}


def place_of(user: User) -> Membership:
    """The place under which an asker acts: of two, the second."""
    found = user.memberships.order_by("created_at").last()
    assert found is not None
    return found


def draft(world: Any, user: User) -> dict[str, Any]:
    """One's own draft, also of somebody whose role makes none."""
    made = Decision.objects.create(way="sense", title="A draft", text="How does it look?", proposed_by=place_of(user))
    return {"pk": made.pk}


def proposal(world: Any, user: User) -> dict[str, Any]:
    """One's own proposal, open, with one's own objection to it."""
    place, now = place_of(user), timezone.now()
    made = Decision.objects.create(way="consent", title="A proposal", text="Shall we?", proposed_by=place)
    made.state, made.opens_at, made.closes_at = "open", now, now + dt.timedelta(days=7)
    made.save()
    Stance.objects.create(
        decision=made, round=1, membership=place, user=user, agency_id=place.agency_id, is_for_agency=False,
        choice="objection", reason="Too far away.",
    )  # fmt: skip
    return {"pk": made.pk}


def own_promise(world: Any, user: User) -> dict[str, Any]:
    place, today = place_of(user), timezone.localdate()
    begin = timezone.make_aware(dt.datetime.combine(today, dt.time.min))
    entry = calendar.schedule_entry(
        kind="deadline", title="Own promise", starts_at=begin, ends_at=begin + dt.timedelta(days=1), all_day=True
    )
    made = ActionItem.objects.create(title="Own promise", owner=place, given_by=place, due_on=today, entry=entry)
    return {"pk": made.pk}


def promised(world: Any) -> dict[str, Any]:
    by = coordinator(world)
    return {"pk": world.once(an_item, by=by, owner=by).pk}


def kept(make: Any, **more: Any) -> Place:
    """What the coordinator keeps for everybody; others see it and may not change it."""
    return of_coalition(make, hidden_from=BUT_COORDINATOR, **more)


PLACES: dict[str, Place] = {
    "coalition:action_item_change": kept(promised),
    "coalition:action_item_detail": of_coalition(promised),
    "coalition:action_item_done": of_member(own_promise),
    "coalition:action_item_drop": kept(promised),
    "coalition:action_item_give": no_object(),
    "coalition:action_item_list": no_object(),
    "coalition:action_item_new": no_object(),
    "coalition:action_item_progress": of_member(own_promise),
    "coalition:action_item_undo": kept(promised),
    "coalition:agenda_item_add": kept(coming),
    "coalition:agenda_item_change": kept(item),
    "coalition:agenda_item_move": kept(item),
    "coalition:agenda_item_remove": kept(item),
    "coalition:agenda_print": of_coalition(with_agenda),
    "coalition:attendance_note": kept(written("draft")),
    "coalition:decision_change": of_member(draft),
    "coalition:decision_close": kept(asked("consent")),
    "coalition:decision_detail": of_coalition(closed),
    "coalition:decision_draft": of_coalition(lambda world: {"way": "vote"}),
    "coalition:decision_list": no_object(),
    "coalition:decision_new": no_object(),
    "coalition:decision_open": of_member(draft),
    "coalition:decision_outcome": kept(closed),
    "coalition:decision_round": of_member(proposal),
    "coalition:decision_withdraw": kept(asked("consent")),
    "coalition:meeting_call": no_object(hidden_from=BUT_COORDINATOR),
    "coalition:meeting_cancel": kept(coming),
    "coalition:meeting_change": kept(coming),
    "coalition:meeting_detail": of_coalition(with_agenda),
    "coalition:meeting_list": no_object(),
    "coalition:minutes_addendum": kept(written("approved")),
    "coalition:minutes_approve": kept(written("circulated")),
    "coalition:minutes_circulate": kept(written("draft")),
    "coalition:minutes_print": of_coalition(written("approved")),
    "coalition:minutes_write": kept(written("draft")),
    "coalition:my_action_items": no_object(),
    "coalition:objection_resolve": of_member(proposal),
    "coalition:paper_add": kept(item),
    "coalition:paper_detail": of_coalition(paper),
    "coalition:paper_remove": kept(paper),
    "coalition:stance_give": of_coalition(asked("sense"), data={"choice": "good"}),
}
