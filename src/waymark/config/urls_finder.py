"""The finder: the page a frightened person opens. Neutral paths, no link to the other two sites."""

from django.urls import URLPattern, URLResolver, include, path

from waymark.web import views as web

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", web.healthz, name="healthz"),
    path("hsds/", include("waymark.directory.urls")),
    path("", include("waymark.finder.urls")),
]

handler400 = "waymark.web.views.bad_request"
handler403 = "waymark.web.views.forbidden"
handler404 = "waymark.web.views.not_found"
handler500 = "waymark.web.views.server_error"
