"""What people outside ask of the desk, and what the desk does with it.

A request is limited without knowing the sender: so many a day for all. Beyond that the page says to call. Nothing that
could tell where a request came from is kept, and every request is deleted after its last day, answered or not.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import Agency, User
from waymark.audit.actions import record
from waymark.newsroom import policies
from waymark.newsroom.models import AgencyOffPage, PublicRequest
from waymark.newsroom.models.requests import KEPT_DAYS
from waymark.newsroom.policies import Refused

MOST_A_DAY = 200


class TooManyRequests(Exception):
    """Today's share is used up."""


@transaction.atomic
def ask_desk(*, kind: str, values: dict[str, Any], by: None = None) -> PublicRequest:
    """Store a request from outside. `by` is nobody: the sender is not signed in and must not be known."""
    today = timezone.localdate()
    if PublicRequest.objects.filter(received_on=today).count() >= MOST_A_DAY:
        raise TooManyRequests
    return PublicRequest.objects.create(
        kind=kind, received_on=today, delete_on=today + dt.timedelta(days=KEPT_DAYS), **values
    )


@transaction.atomic
def answer_request(*, request: PublicRequest, by: User) -> PublicRequest:
    """Note that somebody of the desk has answered, by phone or mail and outside this system."""
    request = PublicRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not policies.may_keep_desk(by):
        raise Refused("Your role does not keep the desk.")
    if request.state == PublicRequest.State.ANSWERED:
        raise Refused("This request was answered before.")
    request.state, request.answered_by, request.answered_on = PublicRequest.State.ANSWERED, by, timezone.localdate()
    request.save()
    record(verb="public_request.answered", by=by, kind="public_request", about=request.pk)
    return request


@transaction.atomic
def delete_request(*, request: PublicRequest, by: User) -> None:
    """Delete a request before its day: it was answered, or it should never have been written down."""
    if not policies.may_keep_desk(by):
        raise Refused("Your role does not keep the desk.")
    record(verb="public_request.deleted", by=by, kind="public_request", about=request.pk)
    PublicRequest.objects.filter(pk=request.pk).delete()


def delete_old_requests(*, on: dt.date, by: str = "system:newsroom") -> int:
    """Delete the requests whose last day has passed."""
    count, _ = PublicRequest.objects.filter(delete_on__lte=on).delete()
    if count:
        record(verb="public_request.expired", by=by, kind="public_request", about=count)
    return count


@transaction.atomic
def decide_presence(*, agency: Agency, is_named: bool, by: User) -> None:
    """Whether an agency stands on the public page of members."""
    if not policies.may_decide_presence(by, agency):
        raise Refused("An agency's own officer decides this.")
    if is_named:
        AgencyOffPage.objects.filter(agency=agency).delete()
    else:
        AgencyOffPage.objects.get_or_create(agency=agency, defaults={"decided_by": by})
    record(
        verb="agency.shown_to_public" if is_named else "agency.hidden_from_public", by=by, kind="agency", about=agency.pk
    )
