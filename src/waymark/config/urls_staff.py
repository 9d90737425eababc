"""The staff site: behind sign-in."""

from django.urls import URLPattern, URLResolver, path

from waymark.web import views as web

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", web.healthz, name="healthz"),
]
