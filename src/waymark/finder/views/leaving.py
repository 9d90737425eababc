"""The way out: through one answer of ours that empties the cache, on to the neutral page.

One redirect does it with and without script, and adds no entry to the tab. Only "cache" is cleared: "storage" would
delete a copy that the person chose to keep, and there are no cookies.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from waymark.access.guard import public
from waymark.finder.selectors.regions import FALLBACK_EXIT, current_region


@public
def leave(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(current_region().exit_url or FALLBACK_EXIT)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
