"""The region's notices."""

from django.urls import path

from waymark.coalition.views import region as views

urlpatterns = [
    path("region/notices/", views.notice_list, name="notice_list"),
    path("region/notices/new/", views.notice_add, name="notice_add"),
    path("region/notices/<int:pk>/edit/", views.notice_edit, name="notice_edit"),
    path("region/notices/<int:pk>/end/", views.notice_end, name="notice_end"),
]
