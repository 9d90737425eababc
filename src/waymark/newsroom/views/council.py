"""What the survivor council said: what it recommends, who answers, and where the coalition went past it, with the reason.

Not remembered between readers: what the council says changes no epoch, and the page is small.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from waymark.access.guard import public
from waymark.council.selectors import report
from waymark.council.selectors.recommendations import shown_recommendations
from waymark.newsroom.selectors.moments import now
from waymark.newsroom.views.rendering import page


@public
@require_safe
def council(request: HttpRequest) -> HttpResponse:
    """No name of a member stands here: what the council says is the council's."""
    context = {
        "recommendations": list(shown_recommendations()),
        "overrides": report.public_overrides(),
        "counts": report.public_counts(),
    }
    return page(request, now(), "council", context)
