"""The region, and what its agencies share: groups, voices, agreements, a calendar, and what they can lend each other."""

from waymark.coalition.models.agreements import (
    Agreement,
    AgreementParty,
    Annex,
    Approval,
    ReviewReminder,
    Signatory,
)
from waymark.coalition.models.assets import Offer, OfferRequest
from waymark.coalition.models.calendar import CalendarEntry, CalendarFeed
from waymark.coalition.models.contacts import MediaSpeaker
from waymark.coalition.models.groups import GroupMember, JoinRequest, Representative, WorkingGroup
from waymark.coalition.models.region import PostalArea, Region, RegionNotice

__all__ = [
    "Agreement",
    "AgreementParty",
    "Annex",
    "Approval",
    "CalendarEntry",
    "CalendarFeed",
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
