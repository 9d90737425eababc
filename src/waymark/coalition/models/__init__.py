"""The region, and what its agencies share: groups, voices, agreements, and what they can lend each other."""

from waymark.coalition.models.agreements import (
    Agreement,
    AgreementParty,
    Annex,
    Approval,
    ReviewReminder,
    Signatory,
)
from waymark.coalition.models.assets import Offer, OfferRequest
from waymark.coalition.models.contacts import MediaSpeaker
from waymark.coalition.models.groups import GroupMember, JoinRequest, Representative, WorkingGroup
from waymark.coalition.models.region import PostalArea, Region, RegionNotice

__all__ = [
    "Agreement",
    "AgreementParty",
    "Annex",
    "Approval",
    "GroupMember",
    "JoinRequest",
    "MediaSpeaker",
    "Offer",
    "OfferRequest",
    "PostalArea",
    "Region",
    "RegionNotice",
    "Representative",
    "ReviewReminder",
    "Signatory",
    "WorkingGroup",
]
