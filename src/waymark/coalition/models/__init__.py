"""The region, and what its agencies share: groups, voices, agreements, meetings, decisions, what they can lend."""

from waymark.coalition.models.action_items import ActionItem
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
from waymark.coalition.models.decisions import (
    CHOICES_OF,
    OUTCOMES_OF,
    Answer,
    Choice,
    Decision,
    Outcome,
    Round,
    Slot,
    Stance,
    Way,
)
from waymark.coalition.models.groups import GroupMember, JoinRequest, Representative, WorkingGroup
from waymark.coalition.models.meetings import Addendum, AgendaItem, Attendance, Meeting, Minutes, MinutesPart, Paper, Part
from waymark.coalition.models.region import PostalArea, Region, RegionNotice

__all__ = [
    "CHOICES_OF",
    "OUTCOMES_OF",
    "ActionItem",
    "Addendum",
    "AgendaItem",
    "Agreement",
    "AgreementParty",
    "Annex",
    "Answer",
    "Approval",
    "Attendance",
    "CalendarEntry",
    "CalendarFeed",
    "Choice",
    "Decision",
    "GroupMember",
    "JoinRequest",
    "MediaSpeaker",
    "Meeting",
    "Minutes",
    "MinutesPart",
    "Offer",
    "OfferRequest",
    "Outcome",
    "Paper",
    "Part",
    "PostalArea",
    "Region",
    "RegionNotice",
    "Representative",
    "ReviewReminder",
    "Round",
    "Signatory",
    "Slot",
    "Stance",
    "Way",
    "WorkingGroup",
]
