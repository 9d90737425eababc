"""Who may be told of a page that is narrower than a role: the same question that the page itself asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waymark.accounts.models import User
from waymark.coalition.models import ActionItem, CalendarEntry, Decision, Meeting
from waymark.coalition.policies import action_items, calendar, decisions, meetings
from waymark.notices.policies import put_door


def _calendar_entry(user: User, address: Mapping[str, Any]) -> bool:
    return calendar.readable(CalendarEntry.objects.filter(pk=address["pk"]), to=user).exists()


def _meeting(user: User, address: Mapping[str, Any]) -> bool:
    return meetings.visible(Meeting.objects.filter(pk=address["pk"]), to=user).exists()


def _decision(user: User, address: Mapping[str, Any]) -> bool:
    return decisions.visible(Decision.objects.filter(pk=address["pk"]), to=user).exists()


def _action_item(user: User, address: Mapping[str, Any]) -> bool:
    return action_items.visible(ActionItem.objects.filter(pk=address["pk"]), to=user).exists()


def put_doors() -> None:
    """Called once, when the app starts."""
    put_door("coalition:calendar_entry", _calendar_entry)
    put_door("coalition:meeting_detail", _meeting)
    put_door("coalition:decision_detail", _decision)
    put_door("coalition:action_item_detail", _action_item)
