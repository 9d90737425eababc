"""Addresses of the region and of the coalition's common work, on the staff site only. Each area keeps its own list."""

from waymark.coalition.urls import agreements, assets, calendar, groups, meetings, region

app_name = "coalition"
urlpatterns = [
    *region.urlpatterns,
    *groups.urlpatterns,
    *agreements.urlpatterns,
    *assets.urlpatterns,
    *meetings.urlpatterns,
    *calendar.urlpatterns,
]
