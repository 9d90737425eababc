"""Who keeps what an agency offers, and who asks for it.

An agency's offers are kept by its officers and by whoever speaks for it. Everybody who takes part may ask; a request is
seen by the agency that asks and the agency that offers, and answered by those who keep the offer. Nobody asks for a bed
here: that is about a person, and goes by phone.
"""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet

from waymark.access.permissions import Permission
from waymark.accounts.models import Membership, User
from waymark.accounts.policies.people import holds
from waymark.coalition.models import Offer, OfferRequest
from waymark.coalition.policies import Refused
from waymark.coalition.policies.groups import must_take_part, speaks_for_own_agency, takes_part

# Words that say how full a place is. A board that says so is read by whoever looks for somebody.
OCCUPANCY = re.compile(
    r"\b(vacan\w*|occup\w*|availab\w*|capacity|census|full|empty|free|open|left|tonight|today|now|beds?\s+(?:for|in)\s+use)\b",
    re.IGNORECASE,
)
NUMBERS = re.compile(
    r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|twenty|thirty|forty|fifty)\b",
    re.IGNORECASE,
)
STREET = re.compile(
    r"\b\d+\s+(?:[NSEW]\.?\s+)?[A-Z]\w*(?:\s+[A-Z]\w*)*\s+"
    r"(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Boulevard|Dr|Drive|Ln|Lane|Ct|Court|Way|Pl|Place|Hwy|Highway)\b\.?"
)


def says_too_much(kind: str, text: str) -> str:
    """Why words about an offer are refused, or nothing. No offer says where; one of beds says neither how many nor when."""
    if STREET.search(text):
        return "Leave the street address out. Whoever borrows it hears from your office where it is."
    if kind != Offer.Kind.BED:
        return ""
    if NUMBERS.search(text):
        return "Write no number: how many beds there are, or where, is nobody's to read here."
    found = OCCUPANCY.search(text)
    if found:
        return f"Leave out “{found[0]}”: whether a bed can be had is said on the phone only. Say for whom, in general."
    return ""


def keeps_offers(by: User) -> bool:
    """Whether somebody keeps the offers of the agency for which they act."""
    return takes_part(by) and (holds(by, Permission.COALITION_VOICE_NAME) or speaks_for_own_agency(by))


def must_keep_offers(by: User) -> Membership:
    acting = must_take_part(by)
    if not keeps_offers(by):
        raise Refused("The officers of an agency, and whoever speaks for it, keep what it offers.")
    return acting


def may_keep_offer(by: User, offer: Offer) -> bool:
    return by.acting is not None and by.acting.agency_id == offer.agency_id and keeps_offers(by)


def must_keep_offer(by: User, offer: Offer) -> None:
    if not may_keep_offer(by, offer):
        raise Refused("Only the agency that offers this keeps it.")


def may_ask_for(by: User, offer: Offer) -> bool:
    return (
        offer.state == Offer.State.OFFERED
        and offer.kind != Offer.Kind.BED
        and by.acting is not None
        and by.acting.agency_id != offer.agency_id
        and takes_part(by)
    )


def must_ask_for(by: User, offer: Offer) -> Membership:
    acting = must_take_part(by)
    if not may_ask_for(by, offer):
        raise Refused("This cannot be asked for here. Call the agency's office.")
    return acting


def visible_requests(queryset: QuerySet[OfferRequest], *, to: User) -> QuerySet[OfferRequest]:
    """Requests of one's own agency, and those that its keepers answer."""
    if to.acting is None or not takes_part(to):
        return queryset.none()
    return queryset.filter(Q(asked_by__agency=to.acting.agency_id) | Q(offer__agency=to.acting.agency_id))


def may_answer_request(by: User, request: OfferRequest) -> bool:
    return request.state == OfferRequest.State.ASKED and may_keep_offer(by, request.offer)


def may_withdraw_request(by: User, request: OfferRequest) -> bool:
    return (
        request.state == OfferRequest.State.ASKED
        and by.acting is not None
        and takes_part(by)
        and by.acting.pk == request.asked_by_id
    )
