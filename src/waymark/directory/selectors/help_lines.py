"""Help lines as staff and pages read them. A line past its review date stays visible with "last checked on"."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from waymark.accounts.models import User
from waymark.directory.models import HelpLine

SOON_DAYS = 14
LINE_FIELDS = (
    "slug",
    "name",
    "purpose",
    "scope",
    "operator",
    "operator_since",
    "tells_others",
    "tip_policy",
    "page_url",
    "page_opens_history",
    "is_police",
    "for_under_18",
    "order",
    "source",
    "verified_on",
    "verified_by",
    "review_on",
)


def all_lines() -> QuerySet[HelpLine]:
    return HelpLine.objects.prefetch_related("channels").select_related("proposed_by", "put_up_by", "taken_down_by")


def shown_lines() -> QuerySet[HelpLine]:
    """What the public sees, in the region's order."""
    return HelpLine.objects.filter(state=HelpLine.State.SHOWN).prefetch_related("channels")


def past_review(on: dt.date) -> QuerySet[HelpLine]:
    return shown_lines().filter(review_on__lt=on)


def help_lines_past_review(on: dt.date) -> list[HelpLine]:
    """The shown lines whose review date has passed; a release fails while there is one."""
    return list(past_review(on))


def due_soon(on: dt.date) -> QuerySet[HelpLine]:
    return shown_lines().filter(review_on__lt=on + dt.timedelta(days=SOON_DAYS))


def waiting_for(user: User) -> QuerySet[HelpLine]:
    """Lines that this person may put up, because someone else proposed them."""
    return all_lines().filter(state=HelpLine.State.PROPOSED).exclude(proposed_by=user)


def lines_listed(*, words: str, state: str, due: str, on: dt.date) -> QuerySet[HelpLine]:
    lines = all_lines()
    if words:
        lines = lines.filter(
            Q(slug__icontains=words)
            | Q(name__en__icontains=words)
            | Q(operator__icontains=words)
            | Q(channels__value__icontains=words)
        ).distinct()
    if state:
        lines = lines.filter(state=state)
    if due == "past":
        lines = lines.filter(state=HelpLine.State.SHOWN, review_on__lt=on)
    elif due == "soon":
        lines = lines.filter(state=HelpLine.State.SHOWN, review_on__lt=on + dt.timedelta(days=SOON_DAYS))
    return lines


def snapshot(line: HelpLine) -> dict[str, object]:
    """Everything that a second person has to check, as plain data; the order of channels is part of it."""
    data: dict[str, object] = {name: getattr(line, name) for name in LINE_FIELDS}
    for name in ("operator_since", "verified_on", "review_on"):
        value = data[name]
        data[name] = value.isoformat() if isinstance(value, dt.date) else None
    data["channels"] = [
        {
            "kind": channel.kind,
            "value": channel.value,
            "keyword": channel.keyword,
            "is_always_open": channel.is_always_open,
            "hours": channel.hours,
            "languages": channel.languages,
            "interprets": channel.interprets,
            "source": channel.source,
            "verified_on": channel.verified_on.isoformat() if channel.verified_on else None,
        }
        for channel in line.channels.all()
    ]
    return data
