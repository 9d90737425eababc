"""Addresses of the directory's API, below /hsds/ on the finder's host."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from waymark.directory.api import endpoints, profile
from waymark.directory.api.paths import RESOURCES

urlpatterns: list[URLPattern] = [
    path("", endpoints.root, name="hsds_root"),
    path("openapi.json", endpoints.openapi, name="hsds_openapi"),
    path("profile/", profile.profile_page, name="hsds_profile"),
    path("profile/<str:name>", profile.profile_file, name="hsds_profile_file"),
]
for resource in RESOURCES:
    urlpatterns += [
        path(resource.path, endpoints.list_view(resource), name=f"hsds_{resource.path}"),
        path(f"{resource.path}/<str:key>", endpoints.single_view(resource), name=f"hsds_{resource.object}"),
    ]
urlpatterns.append(re_path(r"^(?P<rest>.*)$", endpoints.unknown, name="hsds_unknown"))
