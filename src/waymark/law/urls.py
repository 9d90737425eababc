"""The law's pages, on the staff site only."""

from django.urls import path

from waymark.law import views

app_name = "law"
urlpatterns = [
    path("charges/", views.charge_list, name="charge_list"),
    path("charges/<int:pk>/", views.charge_detail, name="charge_detail"),
    path("rules/", views.rule_list, name="rule_list"),
]
