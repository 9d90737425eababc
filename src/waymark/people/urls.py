"""The screens of people, on the staff site only. What is looked up is sent in a form and stands in no address."""

from django.urls import path

from waymark.people import views

app_name = "people"
urlpatterns = [
    path("", views.find, name="find"),
    path("<uuid:pk>/", views.person_detail, name="detail"),
    path("<uuid:pk>/change/", views.person_change, name="change"),
    path("<uuid:pk>/contacts/new/", views.contact_new, name="contact_new"),
    path("<uuid:pk>/contacts/<uuid:contact>/", views.contact_show, name="contact_show"),
    path("<uuid:pk>/contacts/<uuid:contact>/end/", views.contact_end, name="contact_end"),
]
