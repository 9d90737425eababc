"""Reads of action items: my own, and those of my groups and of the coalition."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Q, QuerySet
from django.utils import timezone

from waymark.accounts.models import User
from waymark.coalition.models import ActionItem, Decision, Meeting
from waymark.coalition.policies import action_items as policies

State = ActionItem.State
LATELY = dt.timedelta(days=14)


def action_items_for(
    to: User, *, words: str = "", state: str = "", group: str = "", owner: str = "", on: dt.date
) -> QuerySet[ActionItem]:
    """Action items that `to` may know of, the next due first. `state` overdue are those that are open and late."""
    found = policies.visible(ActionItem.objects.all(), to=to).select_related("group", "owner__user", "owner__agency")
    if words:
        found = found.filter(matching(words))
    if state == "overdue":
        found = found.filter(state=State.OPEN, due_on__lt=on)
    elif state:
        found = found.filter(state=state)
    if group == "none":
        found = found.filter(group__isnull=True)
    elif group:
        found = found.filter(group_id=uuid.UUID(group))
    if owner == "me":
        found = policies.mine(found, to=to)
    elif owner == "agency":
        found = found.filter(owner__agency=to.acting.agency_id) if to.acting is not None else found.none()
    return found.order_by("due_on", "id")


def matching(words: str) -> Q:
    """The title, whose it is, and the group."""
    return Q(title__icontains=words) | Q(owner__user__display_name__icontains=words) | Q(group__name__icontains=words)


def action_item_for(to: User, pk: uuid.UUID) -> ActionItem | None:
    found = policies.visible(ActionItem.objects.all(), to=to)
    found = found.select_related("group", "meeting__entry", "decision", "owner__user", "owner__agency", "given_by__user")
    return found.filter(pk=pk).first()


def own_item(to: User, pk: uuid.UUID) -> ActionItem | None:
    """One of the items that `to` has promised; somebody else's is as absent as one that was never given."""
    found = policies.mine(policies.visible(ActionItem.objects.all(), to=to), to=to).select_related("group")
    return found.filter(pk=pk).first()


def my_open_items(to: User) -> QuerySet[ActionItem]:
    """What `to` has promised and not settled, the next due first."""
    found = policies.mine(policies.visible(ActionItem.objects.all(), to=to), to=to)
    return found.filter(state=State.OPEN).select_related("group").order_by("due_on", "id")


def my_settled_items(to: User) -> QuerySet[ActionItem]:
    """What `to` settled lately, so that a slip can be taken back."""
    found = policies.mine(policies.visible(ActionItem.objects.all(), to=to), to=to)
    found = found.exclude(state=State.OPEN).filter(settled_at__gt=timezone.now() - LATELY)
    return found.select_related("group").order_by("-settled_at", "id")[:20]


def items_of(origin: Meeting | Decision, *, to: User) -> list[ActionItem]:
    """What came of a meeting or a decision, as far as `to` may know."""
    name = "meeting" if isinstance(origin, Meeting) else "decision"
    found = policies.visible(ActionItem.objects.filter(**{name: origin}), to=to)
    return list(found.select_related("owner__user", "owner__agency").order_by("due_on", "id"))
