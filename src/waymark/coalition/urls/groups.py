"""Agencies as partners, who speaks for them, and working groups."""

from django.urls import path

from waymark.coalition.views import contacts, groups

urlpatterns = [
    path("contacts/", contacts.contact_list, name="contact_list"),
    path("contacts/own/press/", contacts.media_speaker, name="media_speaker"),
    path("contacts/own/voices/", contacts.voices, name="voices"),
    path("contacts/<uuid:pk>/", contacts.contact_detail, name="contact_detail"),
    path("groups/", groups.group_list, name="group_list"),
    path("groups/new/", groups.group_add, name="group_add"),
    path("groups/<uuid:pk>/", groups.group_detail, name="group_detail"),
    path("groups/<uuid:pk>/change/", groups.group_change, name="group_change"),
    path("groups/<uuid:pk>/members/new/", groups.group_member_add, name="group_member_add"),
    path("groups/<uuid:pk>/members/<uuid:member>/", groups.group_member, name="group_member"),
    path("groups/<uuid:pk>/requests/<uuid:asked>/", groups.group_request, name="group_request"),
    path("groups/<uuid:pk>/step/<slug:step>/", groups.group_step, name="group_step"),
]
