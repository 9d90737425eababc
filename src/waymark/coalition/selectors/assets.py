"""Reads of the asset board and of the requests on it."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from waymark.accounts.models import Agency, Membership, User
from waymark.coalition.models import Offer, OfferRequest
from waymark.coalition.policies.assets import visible_requests
from waymark.coalition.policies.groups import people_there
from waymark.coalition.selectors.groups import voters_of

# After so long nobody should count on an offer that its agency has not said again.
STALE_AFTER = dt.timedelta(days=180)


def offers_listed(
    user: User, *, on: dt.date, words: str = "", kind: str = "", whose: str = "", state: str = ""
) -> QuerySet[Offer]:
    """Offers of agencies that are there, by kind, agency and title. Those that are withdrawn are shown when asked for."""
    found = Offer.objects.filter(agency__state=Agency.State.ACTIVE).select_related("agency")
    if words:
        found = found.filter(
            Q(title__icontains=words)
            | Q(language__icontains=words)
            | Q(details__icontains=words)
            | Q(agency__name__icontains=words)
            | Q(agency__short_name__icontains=words)
        )
    if kind:
        found = found.filter(kind=kind)
    if whose == "mine":
        found = found.filter(agency=user.acting.agency_id if user.acting else None)
    if state == "stale":
        found = found.filter(state=Offer.State.OFFERED, confirmed_on__lt=on - STALE_AFTER)
    elif state == "withdrawn":
        found = found.filter(state=Offer.State.WITHDRAWN)
    elif whose != "mine":
        found = found.filter(state=Offer.State.OFFERED)
    return found.order_by("kind", Lower("agency__name"), Lower("title"), "id")


def offer_for(pk: uuid.UUID) -> Offer | None:
    return Offer.objects.select_related("agency").filter(pk=pk, agency__state=Agency.State.ACTIVE).first()


def is_stale(offer: Offer, on: dt.date) -> bool:
    return offer.confirmed_on < on - STALE_AFTER


def requests_for(user: User, *, state: str = "", whose: str = "") -> QuerySet[OfferRequest]:
    """Requests that one's agency made or received; what waits for an answer comes first."""
    found = visible_requests(OfferRequest.objects.all(), to=user).select_related(
        "offer__agency", "asked_by__user", "asked_by__agency", "answered_by__user"
    )
    if state:
        found = found.filter(state=state)
    if whose == "ours" and user.acting:
        found = found.filter(offer__agency=user.acting.agency_id)
    elif whose == "mine" and user.acting:
        found = found.filter(asked_by__agency=user.acting.agency_id)
    return found.order_by("state", "first_day", "id")


def request_for(user: User, pk: uuid.UUID) -> OfferRequest | None:
    return requests_for(user).filter(pk=pk).first()


def who_answers(offer: Offer) -> list[Membership]:
    """Who is told of a request: whoever speaks for the agency, or its officers where nobody does."""
    voters = voters_of([offer.agency_id]).get(offer.agency_id)
    if voters:
        return voters
    officers = people_there().filter(agency=offer.agency_id, role__in=["coordinator", "officer"])
    return list(officers.select_related("user", "agency"))


def offers_of(agency: Agency) -> QuerySet[Offer]:
    """What an agency offers now."""
    return Offer.objects.filter(agency=agency, state=Offer.State.OFFERED).order_by("kind", Lower("title"), "id")
