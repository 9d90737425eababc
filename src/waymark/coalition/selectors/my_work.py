"""What meetings, decisions and action items have for somebody's home page and search, as rows that are still to be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse
from django.utils import timezone

from waymark.access.sites import URLCONFS, Site
from waymark.accounts.models import User
from waymark.coalition.models import ActionItem, AgendaItem, Decision, GroupMember, Meeting, Minutes, Part
from waymark.coalition.policies import action_items as item_policies
from waymark.coalition.policies import decisions as decision_policies
from waymark.coalition.policies import groups
from waymark.coalition.policies import meetings as meeting_policies
from waymark.coalition.selectors.action_items import my_open_items
from waymark.coalition.selectors.decisions import in_state, waiting_for_me
from waymark.pages.found import FoundRows, matching
from waymark.pages.lines import HomeCount, HomeRows, Line

LATELY = dt.timedelta(days=14)
SOON = dt.timedelta(days=30)
State = Decision.State


def _kept(user: User) -> Q:
    """What somebody keeps: of their groups as chair or secretary; as coordinator also everybody's."""
    duties = GroupMember.objects.filter(membership=user.acting, until__isnull=True, duty__in=groups.KEEPERS)
    kept = Q(group__in=duties.values("group_id"))
    return kept | Q(group__isnull=True) if groups.may_found_group(user) else kept


def _asked(user: User) -> Q:
    return Q(group__isnull=True) | Q(group__in=meeting_policies.own_groups(user))


def _meetings(user: User) -> QuerySet[Meeting]:
    return meeting_policies.visible(Meeting.objects.filter(entry__cancelled_at__isnull=True), to=user)


def waiting_for(user: User, now: dt.datetime) -> list[Line]:
    """Decisions to answer, outcomes to write, late promises, minutes to approve."""
    if user.acting is None or not groups.takes_part(user):
        return []
    late = my_open_items(user).filter(due_on__lt=timezone.localdate(now))
    decisions = decision_policies.visible(Decision.objects.all(), to=user)
    to_state = in_state(decisions.filter(_kept(user) | Q(proposed_by=user.acting)), State.CLOSED, now)
    again = Meeting.objects.filter(entry__cancelled_at__isnull=True, entry__starts_at__lte=now)
    again = again.filter(entry__starts_at__gt=OuterRef("entry__starts_at"))
    has_met_again = Exists(again.filter(group=OuterRef("group"))) | Q(
        Exists(again.filter(group__isnull=True)), group__isnull=True
    )
    to_approve = Meeting.objects.filter(_kept(user), has_met_again, minutes__state=Minutes.State.CIRCULATED)
    return [
        HomeCount(
            late,
            "action item of yours is late",
            "action items of yours are late",
            reverse("coalition:my_action_items", urlconf=URLCONFS[Site.STAFF]),
            "action item",
            is_due=True,
        ),
        HomeRows(
            waiting_for_me(user, at=now),
            "Answer: {}".format,
            "coalition:decision_detail",
            "decision",
            "closes_at",
            "title",
        ),
        HomeRows(to_state, "Write the outcome: {}".format, "coalition:decision_detail", "decision", "closes_at", "title"),
        HomeRows(
            to_approve,
            "Minutes to approve: {}".format,
            "coalition:meeting_detail",
            "minutes",
            "entry__starts_at",
            "entry__title",
        ),
    ]


def changed_for(user: User, now: dt.datetime) -> list[Line]:
    """Outcomes and minutes of the last two weeks, of what one is asked about."""
    if user.acting is None or not groups.may_read_common(user):
        return []
    since = now - LATELY
    ended = decision_policies.visible(Decision.objects.filter(_asked(user), stated_at__gte=since), to=user)
    minutes = _meetings(user).filter(_asked(user), minutes__circulated_at__gte=since)
    return [
        HomeRows(ended, "Decided: {}".format, "coalition:decision_detail", "decision", "-stated_at", "title"),
        HomeRows(
            minutes,
            "Minutes: {}".format,
            "coalition:meeting_detail",
            "minutes",
            "-minutes__circulated_at",
            "entry__title",
        ),
    ]


def next_for(user: User, now: dt.datetime) -> list[Line]:
    """Meetings of the next month that one is asked to, and what one has promised."""
    if user.acting is None or not groups.may_read_common(user):
        return []
    coming = _meetings(user).filter(_asked(user), entry__ends_at__gt=now, entry__starts_at__lte=now + SOON)
    named = Concat("entry__title", Value(", "), Coalesce("group__name", Value("everybody")))
    today = timezone.localdate(now)
    due = item_policies.mine(ActionItem.objects.all(), to=user).filter(
        state=ActionItem.State.OPEN, due_on__gte=today, due_on__lte=today + SOON
    )
    return [
        HomeRows(coming, "{}".format, "coalition:meeting_detail", "meeting", "entry__starts_at", named),
        HomeRows(due, "To do: {}".format, "coalition:action_item_detail", "action item", "due_on", "title", is_day=True),
    ]


def found_for(user: User, words: Sequence[str]) -> list[FoundRows]:
    """Meetings by title, place, group and open agenda; decisions and action items by their words. Never minutes."""
    if user.acting is None or not groups.may_read_common(user):
        return []
    group = Coalesce("group__name", Value("The whole coalition"))
    items = AgendaItem.objects.filter(matching(words, "title")).exclude(part=Part.CLOSED)
    named = matching(words, "entry__title", "entry__place", "group__name") | Q(pk__in=items.values("meeting_id"))
    meetings = meeting_policies.visible(Meeting.objects.filter(named), to=user)
    decisions = decision_policies.visible(Decision.objects.all(), to=user)
    promises = item_policies.visible(ActionItem.objects.all(), to=user)
    return [
        FoundRows(meetings, "Meeting", "coalition:meeting_detail", "entry__title", group),
        FoundRows(
            decisions.filter(matching(words, "title", "text", "group__name")),
            "Decision",
            "coalition:decision_detail",
            "title",
            group,
        ),
        FoundRows(
            promises.filter(matching(words, "title", "owner__user__display_name")),
            "Action item",
            "coalition:action_item_detail",
            "title",
            "owner__user__display_name",
        ),
    ]
