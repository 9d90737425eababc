"""The region's screens, on the staff site only."""

from django.urls import path

from waymark.coalition import views

app_name = "coalition"
urlpatterns = [
    path("notices/", views.notice_list, name="notice_list"),
    path("notices/new/", views.notice_add, name="notice_add"),
    path("notices/<int:pk>/edit/", views.notice_edit, name="notice_edit"),
    path("notices/<int:pk>/end/", views.notice_end, name="notice_end"),
]
