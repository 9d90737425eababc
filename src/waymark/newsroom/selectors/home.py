"""What waits for a person in the newsroom, and what comes up, for their home page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.urls import reverse

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.newsroom import policies
from waymark.newsroom.models import FigureCorrection, FigureProposal, PartnerCheck, PressItem, PublicRequest
from waymark.newsroom.selectors.figures import label_of
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
    if policies.holds(user, Permission.NEWSROOM_FIGURE_CORRECT):
        lines += _figures_for(user)
    if policies.may_keep_desk(user):
        new = PublicRequest.objects.filter(state=PublicRequest.State.NEW)
        url = reverse("newsroom:request_list") + "?state=new"
        lines.append(HomeCount(new, "request from outside", "requests from outside", url, "news"))
    return lines


def _figures_for(user: User) -> list[Line]:
    """Figures that another person proposed, and corrections of figures, each waiting for a second person."""
    proposed = FigureProposal.objects.filter(state=FigureProposal.State.PROPOSED).exclude(proposed_by=user)
    corrected = FigureCorrection.objects.filter(applied_at=None).exclude(proposed_by=user)
    return [
        HomeRows(
            proposed,
            lambda key: f"Proposed figure waits for a second person: {label_of(key)}",
            "newsroom:proposal_detail",
            "news",
            at="proposed_at",
            name="key",
            is_dated=False,
        ),
        HomeRows(
            corrected,
            lambda key: f"Correction of a figure waits for a second person: {label_of(key)}",
            "newsroom:figure_detail",
            "news",
            at="proposed_at",
            name="figure__key",
            key="figure_id",
            is_dated=False,
        ),
    ]


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
