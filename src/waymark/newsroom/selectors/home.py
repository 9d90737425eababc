"""What waits for a person in the newsroom, and what comes up, for their home page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.urls import reverse

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.newsroom import policies
from waymark.newsroom.models import PartnerCheck, PressItem, PublicRequest
from waymark.pages.lines import HomeCount, HomeRows, Line


def waiting_for(user: User, now: dt.datetime) -> Sequence[Line]:
    """Partner checks of the own agency, releases that need a second person, requests at the desk."""
    lines: list[Line] = []
    if user.acting is None or not policies.holds(user, Permission.NEWSROOM_ITEM_VIEW):
        return lines
    checking = policies.visible(PressItem.objects.filter(state=PressItem.State.CHECKING), to=user)
    waiting = PartnerCheck.objects.filter(agency_id=user.acting.agency_id, state=PartnerCheck.State.WAITING)
    lines.append(
        HomeRows(
            checking.filter(pk__in=waiting.values("item_id")),
            lambda name: f"Say whether your agency agrees: {name}",
            "newsroom:item_detail",
            "news",
            at="written_at",
            name="title",
            is_dated=False,
        )
    )
    if policies.holds(user, Permission.NEWSROOM_ITEM_RELEASE):
        mine = checking if policies.is_editor(user) else checking.filter(agency_id=user.acting.agency_id)
        lines.append(
            HomeRows(
                mine.exclude(written_by=user),
                lambda name: f"Waits for a second person: {name}",
                "newsroom:item_detail",
                "news",
                at="written_at",
                name="title",
                is_dated=False,
            )
        )
    if policies.may_keep_desk(user):
        new = PublicRequest.objects.filter(state=PublicRequest.State.NEW)
        url = reverse("newsroom:request_list") + "?state=new"
        lines.append(HomeCount(new, "request from outside", "requests from outside", url, "news"))
    return lines


def next_for(user: User, now: dt.datetime) -> Sequence[Line]:
    """Releases whose moment is to come."""
    if user.acting is None or not policies.holds(user, Permission.NEWSROOM_ITEM_VIEW):
        return []
    scheduled = policies.visible(PressItem.objects.filter(state=PressItem.State.RELEASED, public_at__gt=now), to=user)
    return [
        HomeRows(
            scheduled, lambda name: f"Becomes public: {name}", "newsroom:item_detail", "news", at="public_at", name="title"
        )
    ]
