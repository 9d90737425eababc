"""The newsroom site: what the coalition publishes about itself."""

from django.urls import URLPattern, URLResolver, include, path

from waymark.access.installation import coalition_path
from waymark.web import views as web

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", web.healthz, name="healthz"),
    coalition_path("", include("waymark.newsroom.urls.public")),
]

handler400 = "waymark.web.views.bad_request"
handler403 = "waymark.web.views.forbidden"
handler404 = "waymark.web.views.not_found"
handler500 = "waymark.web.views.server_error"
