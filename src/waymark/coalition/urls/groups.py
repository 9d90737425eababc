"""Working groups and who speaks for an agency."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
