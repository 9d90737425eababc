"""The newsroom site: what the coalition publishes about itself."""

from django.urls import URLPattern, URLResolver, path

from waymark.web import views as web

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", web.healthz, name="healthz"),
]
