"""The screens of people, on the staff site only. What is looked up is sent in a form and stands in no address."""

from django.urls import path

from waymark.people import views

app_name = "people"
urlpatterns = [
    path("", views.find, name="find"),
    path("<uuid:pk>/", views.person_detail, name="detail"),
    path("<uuid:pk>/change/", views.person_change, name="change"),
    path("<uuid:pk>/merge/", views.person_merge, name="merge"),
    path("<uuid:pk>/split/", views.person_split, name="split"),
    path("<uuid:pk>/addresses/new/", views.address_new, name="address_new"),
    path("<uuid:pk>/addresses/<uuid:address>/", views.address_read, name="address_read"),
    path("<uuid:pk>/addresses/<uuid:address>/end/", views.address_end, name="address_end"),
    path("<uuid:pk>/with/new/", views.relation_new, name="relation_new"),
    path("<uuid:pk>/with/<uuid:relation>/end/", views.relation_end, name="relation_end"),
    path("<uuid:pk>/contacts/new/", views.contact_new, name="contact_new"),
    path("<uuid:pk>/contacts/<uuid:contact>/", views.contact_show, name="contact_show"),
    path("<uuid:pk>/contacts/<uuid:contact>/end/", views.contact_end, name="contact_end"),
]
