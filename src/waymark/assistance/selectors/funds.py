"""An agency's funds and what moved in them."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from waymark.accounts.models import User
from waymark.assistance.models import AssistanceRequest, Fund, FundEntry
from waymark.assistance.policies.who import visible, visible_funds

KIND = "fund"


def funds_for(user: User) -> QuerySet[Fund]:
    """The agency's funds, those that end first at the head."""
    return visible_funds(Fund.objects.all(), to=user).order_by(F("ends_on").asc(nulls_last=True), "name")


def funds_listed(user: User, *, words: str, when: str, on: dt.date) -> QuerySet[Fund]:
    """Funds by name or source; `now` for those that can be asked of on a day, `over` for the others."""
    rows = funds_for(user)
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(source__icontains=words))
    now = Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    return rows.filter(now) if when == "now" else rows.exclude(now) if when == "over" else rows


def fund_for(pk: uuid.UUID, *, to: User) -> Fund | None:
    return funds_for(to).select_related("made_by").filter(pk=pk).first()


def entries_of(fund: Fund, *, to: User) -> QuerySet[FundEntry]:
    """What moved in a fund, the newest first. Every movement is there, so that the sums are true; `is_open` says whether
    the request behind it is one that the reader may see, and only then does its code stand beside it.
    """
    rows = FundEntry.objects.filter(agency_id=fund.agency_id, fund=fund).select_related("by", "request", "reverses")
    mine = visible(AssistanceRequest.objects.filter(pk=OuterRef("request_id")), to=to)
    undone = FundEntry.objects.filter(agency_id=fund.agency_id, reverses_id=OuterRef("pk"))
    return rows.annotate(is_open=Exists(mine), is_undone=Exists(undone)).order_by("-at", "pk")


def receipt_for(fund: Fund, pk: uuid.UUID) -> FundEntry | None:
    """Something that came in and was not taken back."""
    rows = FundEntry.objects.filter(agency_id=fund.agency_id, fund=fund, pk=pk, kind="receipt")
    undone = FundEntry.objects.filter(agency_id=fund.agency_id, reverses_id=OuterRef("pk"))
    return rows.filter(~Exists(undone)).first()
