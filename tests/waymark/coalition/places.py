"""Where the addresses of the region and of the coalition's common work lead, area by area."""

from __future__ import annotations

from tests.waymark.coalition.placed import agreements, assets, calendar, groups, meetings, region

PLACES = region.PLACES | groups.PLACES | agreements.PLACES | assets.PLACES | meetings.PLACES | calendar.PLACES
