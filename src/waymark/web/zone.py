"""Staff read and type times in the region's own zone, wherever the server stands."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from waymark.access.guard import access_of
from waymark.access.sites import Site
from waymark.coalition.selectors import the_region


class RegionZoneMiddleware:
    """Reads the region once for a guarded page of the staff site and keeps it on the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object) -> None:
        access = access_of(view)
        if getattr(request, "site_name", None) is not Site.STAFF or access is None or access.kind != "requires":
            return
        region = the_region()
        request.region = region  # type: ignore[attr-defined]
        if region is None:
            return
        try:
            timezone.activate(ZoneInfo(region.time_zone))
        except (ZoneInfoNotFoundError, ValueError):
            # A zone that the system does not know must not close the page on which it could be mended.
            return
