"""One's own notices, on the staff site. No address names anything: the forms do."""

from django.urls import path

from waymark.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("letters/", views.letters, name="letters"),
    path("open/", views.notice_open, name="open"),
    path("read/", views.notice_read, name="read"),
    path("read/all/", views.notice_read_all, name="read_all"),
    path("unread/", views.notice_unread, name="unread"),
]
