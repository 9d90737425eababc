"""What every page of the newsroom site has: help first, the region's notices, the ways through the site."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from waymark.coalition.selectors import notices_in_force, the_region
from waymark.directory.selectors.help_lines import shown_lines
from waymark.newsroom.formats.results import CAVEATS
from waymark.newsroom.selectors.moments import Now

HELP = "Need help now? Call or text 911 when someone is in danger."
NAVIGATION = (
    ("News", "newsroom:item_list"),
    ("Results", "newsroom:results"),
    ("What we know", "newsroom:what_we_know"),
    ("Who we are", "newsroom:who_we_are"),
    ("The council", "newsroom:council"),
    ("Take part", "newsroom:take_part"),
)


def region_zone() -> dt.tzinfo:
    """The region's own time zone; the installation's while no region is set up."""
    region = the_region()
    return region.zone if region is not None else timezone.get_default_timezone()


def region_name() -> str:
    region = the_region()
    return region.name if region is not None else "The coalition"


def page(request: HttpRequest, moment: Now, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a public page in the region's time zone."""
    links = [(label, reverse(name), request.path.startswith(reverse(name))) for label, name in NAVIGATION]
    zone = region_zone()
    with timezone.override(zone):
        return render(
            request,
            f"newsroom/public/{template}.html",
            {
                "lines": shown_lines(),
                "notices": notices_in_force(moment.at, zone=zone),
                "navigation": links,
                "caveats": CAVEATS,
                **context,
            },
            status=status,
        )
