"""The screens of cases, on the staff site only. No address holds a name; what is searched by name is sent in a form."""

from django.urls import path

from waymark.cases import views

app_name = "cases"
urlpatterns = [
    path("", views.case_list, name="list"),
    path("new/", views.case_new, name="new"),
    path("team/", views.team, name="team"),
    path("<uuid:pk>/", views.case_detail, name="detail"),
    path("<uuid:pk>/plan/", views.case_plan, name="plan"),
    path("<uuid:pk>/move/<slug:move>/", views.case_move, name="move"),
    path("<uuid:pk>/access/", views.access, name="access"),
    path("<uuid:pk>/access/restrict/", views.case_restrict, name="restrict"),
    path("<uuid:pk>/access/release/", views.case_release, name="release"),
    path("<uuid:pk>/access/deny/", views.denial_new, name="denial_new"),
    path("<uuid:pk>/access/deny/<uuid:denial>/", views.denial_lift, name="denial_lift"),
    path("<uuid:pk>/notices/", views.notice_tell, name="notice_tell"),
    path("<uuid:pk>/notes/new/", views.note_new, name="note_new"),
    path("<uuid:pk>/notes/<uuid:note>/", views.note_change, name="note_change"),
    path("<uuid:pk>/notes/<uuid:note>/add/", views.addendum_new, name="addendum_new"),
]
