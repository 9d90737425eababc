"""The screens of cases, on the staff site only. No address holds a name; what is searched by name is sent in a form."""

from django.urls import path

from waymark.cases import views

app_name = "cases"
urlpatterns = [
    path("", views.case_list, name="list"),
    path("new/", views.case_new, name="new"),
    path("team/", views.team, name="team"),
    path("keeping/", views.keeping_list, name="keeping_list"),
    path("keeping/rule/", views.retention, name="retention"),
    path("keeping/requests/<uuid:waiting>/", views.destroy_decide, name="destroy_decide"),
    path("keeping/requests/<uuid:waiting>/keep/", views.destroy_refuse, name="destroy_refuse"),
    path("keeping/holds/<uuid:hold>/lift/", views.hold_lift, name="hold_lift"),
    path("<uuid:pk>/", views.case_detail, name="detail"),
    path("<uuid:pk>/plan/", views.case_plan, name="plan"),
    path("<uuid:pk>/move/<slug:move>/", views.case_move, name="move"),
    path("<uuid:pk>/access/", views.access, name="access"),
    path("<uuid:pk>/access/restrict/", views.case_restrict, name="restrict"),
    path("<uuid:pk>/access/release/", views.case_release, name="release"),
    path("<uuid:pk>/access/deny/", views.denial_new, name="denial_new"),
    path("<uuid:pk>/access/deny/<uuid:denial>/", views.denial_lift, name="denial_lift"),
    path("<uuid:pk>/keeping/", views.case_keeping, name="keeping"),
    path("<uuid:pk>/keeping/hold/", views.hold_new, name="hold_new"),
    path("<uuid:pk>/keeping/destroy/", views.destroy_ask, name="destroy_ask"),
    path("<uuid:pk>/keeping/take-back/", views.destroy_take_back, name="destroy_take_back"),
    path("<uuid:pk>/notices/", views.notice_tell, name="notice_tell"),
    path("<uuid:pk>/notes/new/", views.note_new, name="note_new"),
    path("<uuid:pk>/notes/<uuid:note>/", views.note_change, name="note_change"),
    path("<uuid:pk>/notes/<uuid:note>/add/", views.addendum_new, name="addendum_new"),
]
