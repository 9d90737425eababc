"""The shared calendar, and the addresses that calendar programs read."""

from django.urls import path

from waymark.coalition.views import calendar as views
from waymark.coalition.views import feeds

urlpatterns = [
    path("calendar/", views.calendar_month, name="calendar"),
    path("calendar/list/", views.calendar_list, name="calendar_list"),
    path("calendar/new/", views.calendar_add, name="calendar_add"),
    path("calendar/links/", feeds.feed_list, name="calendar_links"),
    path("calendar/links/make/", feeds.feed_make, name="calendar_link_make"),
    path("calendar/links/<uuid:pk>/end/", feeds.feed_end, name="calendar_link_end"),
    path("calendar/<uuid:pk>/", views.calendar_entry, name="calendar_entry"),
    path("calendar/<uuid:pk>/change/", views.calendar_change, name="calendar_change"),
    path("calendar/<uuid:pk>/cancel/", views.calendar_cancel, name="calendar_cancel"),
    # No name, no number of anybody: the secret is the whole address.
    path("feeds/<slug:token>.ics", feeds.calendar_feed, name="calendar_feed"),
]
