"""An agency's funds and what moved in them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from waymark.accounts.models import User
from waymark.assistance.formats.amounts import dollars
from waymark.assistance.models import CATEGORIES, AssistanceRequest, Fund, FundChange, FundEntry
from waymark.assistance.policies.who import visible, visible_funds
from waymark.coalition.selectors.calendar import region_zone
from waymark.pages.templatetags.pages import day

KIND = "fund"


def today() -> dt.date:
    """The day on the region's wall: a fund's first and last day are days there. The database says assistance_today()."""
    return timezone.localdate(timezone=region_zone())


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


@dataclass(frozen=True)
class Changed:
    """One thing that a fund said otherwise before, in words."""

    at: dt.datetime
    what: str
    before: str
    after: str
    who: str


def fund_with_changes(pk: uuid.UUID, *, to: User) -> tuple[Fund, list[Changed]] | None:
    """A fund and what it said before, the newest change first, in one question to the database."""
    rows = FundChange.objects.filter(agency_id=OuterRef("agency_id"), fund_id=OuterRef("pk"))
    told = {"field": "field", "before": "before", "after": "after", "at": "at", "who": "by__display_name"}
    fund = funds_for(to).annotate(told=ArraySubquery(rows.values(row=JSONObject(**told)))).filter(pk=pk).first()
    if fund is None:
        return None
    return fund, [
        Changed(
            dt.datetime.fromisoformat(row["at"]),
            FundChange.Field(row["field"]).label,
            _said(row["field"], row["before"]),
            _said(row["field"], row["after"]),
            row["who"],
        )
        for row in getattr(fund, "told", [])
    ]


def _said(field: str, value: Any) -> str:
    if field == FundChange.Field.ENDS_ON:
        return day(dt.date.fromisoformat(value)) if value else "No last day"
    if field in {FundChange.Field.CAP_REQUEST, FundChange.Field.CAP_HOUSEHOLD}:
        return dollars(value) if value else "No amount: one person is enough"
    if field == FundChange.Field.CATEGORIES:
        names = dict(CATEGORIES)
        return ", ".join(names[code] for code in value)
    return str(value)
