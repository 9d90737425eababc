"""The screens of relief cases, on the staff site only. No address holds a name or a section."""

from django.urls import path

from waymark.relief import views

app_name = "relief"
urlpatterns = [
    path("", views.relief_list, name="list"),
    path("ask/", views.ask, name="ask"),
    path("find/", views.relief_find, name="find"),
    path("counts/", views.counts, name="counts"),
    path("counts/give/", views.quarter_give, name="quarter_give"),
    path("new/<uuid:pk>/", views.relief_new, name="new"),
    path("<uuid:pk>/", views.relief_detail, name="detail"),
    path("<uuid:pk>/questions/", views.questions, name="questions"),
    path("<uuid:pk>/draft/", views.draft, name="draft"),
    path("<uuid:pk>/step/<slug:move>/", views.step, name="step"),
    path("<uuid:pk>/paper/<slug:form>/", views.paper, name="paper"),
    path("<uuid:pk>/forget/", views.forget, name="forget"),
    path("<uuid:pk>/answers/", views.answers_take_in, name="answers_take_in"),
    path("<uuid:pk>/agencies/new/", views.holder_new, name="holder_new"),
    path("<uuid:pk>/agencies/<uuid:holder>/", views.holder_confirm, name="holder_confirm"),
    path("<uuid:pk>/agencies/<uuid:holder>/drop/", views.holder_drop, name="holder_drop"),
    path("<uuid:pk>/agencies/<uuid:holder>/send/<slug:what>/", views.holder_send, name="holder_send"),
]
