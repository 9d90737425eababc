"""Pages that belong to no single app: the health answer, home pages, errors."""

from waymark.web.views.errors import bad_request, forbidden, form_is_stale, not_found, server_error
from waymark.web.views.health import healthz
from waymark.web.views.search import search
from waymark.web.views.set_up import first_coordinator, region_settings
from waymark.web.views.staff import home_part, keyboard_shortcuts, staff_home
from waymark.web.views.words import public_words

__all__ = [
    "bad_request",
    "first_coordinator",
    "forbidden",
    "form_is_stale",
    "healthz",
    "home_part",
    "keyboard_shortcuts",
    "not_found",
    "public_words",
    "region_settings",
    "search",
    "server_error",
    "staff_home",
]
