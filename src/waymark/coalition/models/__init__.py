"""The region, and what its agencies share: groups, who speaks for an agency."""

from waymark.coalition.models.contacts import MediaSpeaker
from waymark.coalition.models.groups import GroupMember, JoinRequest, Representative, WorkingGroup
from waymark.coalition.models.region import PostalArea, Region, RegionNotice

__all__ = [
    "GroupMember",
    "JoinRequest",
    "MediaSpeaker",
    "PostalArea",
    "Region",
    "RegionNotice",
    "Representative",
    "WorkingGroup",
]
