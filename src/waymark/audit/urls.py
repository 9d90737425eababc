"""The audit pages, on the staff site only."""

from django.urls import path

from waymark.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.agency_log, name="agency_log"),
    path("export.csv", views.agency_export, name="agency_export"),
    path("platform/", views.platform_log, name="platform_log"),
    path("platform/export.csv", views.platform_export, name="platform_export"),
]
