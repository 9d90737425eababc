"""Reads of the shared calendar, narrowed to who asks."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse

from waymark.access.sites import URLCONFS, Site
from waymark.accounts.models import User
from waymark.coalition.formats.ical import Row
from waymark.coalition.models import CalendarEntry, CalendarFeed, WorkingGroup
from waymark.coalition.models.calendar import digest_of
from waymark.coalition.policies.calendar import live_feeds, may_view, readable, visible, visible_feeds
from waymark.coalition.policies.groups import groups_of, may_found_group
from waymark.coalition.selectors.region import the_region
from waymark.pages.found import FoundRows, matching
from waymark.pages.lines import HomeRows, Line

# How far a feed looks back and ahead, and how long it goes on saying that something was cancelled.
LOOK_BACK = dt.timedelta(days=31)
LOOK_AHEAD = dt.timedelta(days=400)
CANCELLED_KEPT = dt.timedelta(days=30)
MOST_ROWS = 2_000
NEXT = dt.timedelta(days=14)
TAKES_TIME = frozenset(
    {CalendarEntry.Kind.AWAY, CalendarEntry.Kind.EVENT, CalendarEntry.Kind.MEETING, CalendarEntry.Kind.TRAINING}
)
SAME_IN_ROWS = (
    *("sequence", "created_at", "changed_at", "place"),
    *("starts_on", "starts_clock", "ends_on", "ends_clock", "starts_at", "ends_at"),
)


def region_zone() -> ZoneInfo:
    """The region's zone; before it is set up, or when the system does not know it, the installation's."""
    region = the_region()
    try:
        return ZoneInfo(region.time_zone if region is not None else settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


def path_of(entry: CalendarEntry) -> str:
    """The page of an entry that was written by hand."""
    return reverse("coalition:calendar_entry", args=[entry.pk], urlconf=URLCONFS[Site.STAFF])


def groups_shown_to(user: User) -> QuerySet[WorkingGroup]:
    """The open groups whose entries a person sees."""
    found = WorkingGroup.objects.filter(state=WorkingGroup.State.OPEN) if may_found_group(user) else groups_of(user)
    return found.order_by(Lower("name"), "id")


def entries_listed(
    user: User,
    *,
    whose: str = "",
    kind: str = "",
    words: str = "",
    when: str = "",
    between: tuple[dt.datetime, dt.datetime] | None = None,
    now: dt.datetime,
) -> QuerySet[CalendarEntry]:
    """What a person sees, in order. `whose` is all, mine, or a group's id; `when` is coming or past.

    Words are looked for only in what the person may read: a search must not tell what a busy time is about.
    """
    found = visible(CalendarEntry.objects.all(), to=user)
    if words or kind:
        found = readable(found, to=user)
    if words:
        found = found.filter(Q(title__icontains=words) | Q(place__icontains=words))
    if kind:
        found = found.filter(kind=kind)
    if whose == "all":
        found = found.filter(group__isnull=True, for_membership__isnull=True)
    elif whose == "mine":
        found = found.filter(for_membership=user.acting)
    elif whose:
        found = found.filter(group=uuid.UUID(whose))
    if between:
        found = found.filter(starts_at__lt=between[1], ends_at__gt=between[0])
    if when == "past":
        return found.filter(ends_at__lte=now).select_related("group").order_by("-starts_at", "id")
    if when == "coming":
        found = found.filter(ends_at__gt=now)
    return found.select_related("group").order_by("starts_at", "id")


def entry_for(user: User, pk: uuid.UUID) -> CalendarEntry | None:
    """An entry of which a person may see what it is; a busy time has no page."""
    found = CalendarEntry.objects.select_related("group", "for_membership", "made_by__user", "made_by__agency")
    return readable(found, to=user).filter(pk=pk).first()


# Feeds


def feeds_of(user: User) -> list[CalendarFeed]:
    """One's own calendar links, those for everything first."""
    return list(visible_feeds(CalendarFeed.objects.select_related("group"), to=user).order_by("-group", "made_at"))


def feed_for(user: User, pk: uuid.UUID) -> CalendarFeed | None:
    return visible_feeds(CalendarFeed.objects.all(), to=user).filter(pk=pk).first()


def feed_by_token(token: str) -> CalendarFeed | None:
    """The feed that a token opens today; one read, whatever the reason that there is none."""
    found = live_feeds(CalendarFeed.objects.filter(digest=digest_of(token)))
    return found.select_related("group", "membership__user", "membership__agency").first()


def rows_of(feed: CalendarFeed, *, base: str, now: dt.datetime) -> list[Row]:
    """What the feed's member may see at this moment, as it leaves the house."""
    user = feed.membership.user
    user.act_as(feed.membership)
    mine = groups_of(user).values("pk")
    found = visible(CalendarEntry.objects.all(), to=user)
    if feed.group_id is not None:
        shown = groups_shown_to(user).filter(pk=feed.group_id).values("pk")
        found = found.filter(group__in=shown)
    else:
        found = found.filter(
            Q(group__isnull=True, for_membership__isnull=True) | Q(group__in=mine) | Q(for_membership=user.acting)
        )
    found = found.filter(ends_at__gte=now - LOOK_BACK, starts_at__lt=now + LOOK_AHEAD)
    found = found.filter(Q(cancelled_at__isnull=True) | Q(cancelled_at__gte=now - CANCELLED_KEPT))
    return [_row(entry, base) for entry in found.order_by("starts_at", "id")[:MOST_ROWS]]


def _row(entry: CalendarEntry, base: str) -> Row:
    return Row(
        uid=entry.pk,
        title=entry.title,
        kind=entry.get_kind_display(),
        url=base + entry.path if entry.path else "",
        zone=entry.time_zone,
        is_busy=entry.is_private,
        is_cancelled=entry.cancelled_at is not None,
        takes_time=entry.kind in TAKES_TIME,
        **{name: getattr(entry, name) for name in SAME_IN_ROWS},
    )


# For the home page and the search


def next_for(user: User, now: dt.datetime) -> list[Line]:
    """The coming two weeks: what concerns everybody, one's groups and oneself.

    Only what was written by hand: a meeting or an action item is told by the app that keeps it.
    """
    if not may_view(user):
        return []
    found = _own(user).filter(cancelled_at__isnull=True, ends_at__gt=now, starts_at__lt=now + NEXT)
    return [HomeRows(found, str, "coalition:calendar_entry", "calendar", "starts_at", "title")]


def changed_for(user: User, now: dt.datetime) -> list[Line]:
    """What others wrote, moved or cancelled in the last two weeks."""
    if not may_view(user):
        return []
    found = _own(user).filter(changed_at__gt=now - NEXT).exclude(made_by=user.acting)
    return [HomeRows(found, str, "coalition:calendar_entry", "calendar", "-changed_at", "title")]


def search_for(user: User, words: Sequence[str]) -> list[FoundRows]:
    """Entries that were written by hand and that a person may read, by their title or place."""
    if not may_view(user):
        return []
    found = _own(user).filter(matching(words, "title", "place"))
    return [FoundRows(found, "Calendar entry", "coalition:calendar_entry", "title", "place")]


def _own(user: User) -> QuerySet[CalendarEntry]:
    """What a person may read of what was written by hand, without the groups that a coordinator keeps and is not in."""
    found = readable(CalendarEntry.objects.filter(by_hand=True), to=user)
    return found.filter(Q(group__isnull=True) | Q(group__in=groups_of(user).values("pk")))
