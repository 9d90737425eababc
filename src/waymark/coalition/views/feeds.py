"""Calendar links: one's own, and what a calendar program reads there.

The page of a program knows no cookie and no session. The secret in its address is all the authority there is, and it shows
what its member may see at that moment, so a member who was suspended, or left, has no address any more.
"""

from __future__ import annotations

import hashlib
import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from waymark.access.guard import StaffRequest, by_token, requires
from waymark.access.permissions import Permission
from waymark.coalition.actions import feeds as actions
from waymark.coalition.formats.ical import calendar_file
from waymark.coalition.forms.calendar import LinkForm
from waymark.coalition.policies.calendar import may_view
from waymark.coalition.selectors import calendar as selectors


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def feed_list(request: StaffRequest) -> HttpResponse:
    feeds = selectors.feeds_of(request.user)
    have = {feed.group_id for feed in feeds}
    context = {
        "title": "Calendar links",
        "trail": _trail(),
        "feeds": feeds,
        "has_own": None in have,
        "groups": [group for group in selectors.groups_shown_to(request.user) if group.pk not in have],
        "reads_an_hour": actions.READS_AN_HOUR,
    }
    return render(request, "coalition/calendar_links.html", context)


def _trail() -> list[tuple[str, str]]:
    return [("Calendar", reverse("coalition:calendar"))]


@requires(Permission.COALITION_WORK_VIEW, step_up=True)
@require_POST
def feed_make(request: StaffRequest) -> HttpResponse:
    """Make a link, or make it anew; it stands on this page once. It outlives the session, so a fresh proof is asked for."""
    groups = list(selectors.groups_shown_to(request.user))
    form = LinkForm(request.POST, groups=groups)
    if not form.is_valid():
        messages.error(request, "This group is not one of yours. Nothing was made.")
        return redirect("coalition:calendar_links")
    feed, token = actions.make_feed(group=form.cleaned_data["group"], by=request.user)
    context = {
        "title": "Your calendar link",
        "trail": [*_trail(), ("Calendar links", reverse("coalition:calendar_links"))],
        "feed": feed,
        "address": request.build_absolute_uri(reverse("coalition:calendar_feed", args=[token])),
    }
    return render(request, "coalition/calendar_link.html", context)


@requires(Permission.COALITION_WORK_VIEW)
@require_POST
def feed_end(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """One click ends a link: it protects, and another is made as quickly."""
    feed = selectors.feed_for(request.user, pk)
    if feed is None:
        raise Http404
    actions.end_feed(feed=feed, by=request.user)
    messages.success(request, "The link has ended. It opens nothing any more.")
    return redirect("coalition:calendar_links")


@by_token
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """What a calendar program reads. A wrong, ended or nobody's token is an address that does not exist."""
    feed = selectors.feed_by_token(token)
    if feed is None:
        raise Http404
    user = feed.membership.user
    user.act_as(feed.membership)
    if not may_view(user):
        raise Http404
    if not actions.count_read(feed=feed):
        response = HttpResponse("Too often. Ask once in some minutes.\n", "text/plain", HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(int(actions.WINDOW.total_seconds()))
        return response
    body = calendar_file(selectors.rows_of(feed, base=f"{request.scheme}://{request.get_host()}", now=timezone.now()))
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    response = HttpResponse(body, "text/calendar; charset=utf-8")
    response["ETag"] = etag
    response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    # Kept by nobody on the way, and asked about anew each time.
    response["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=etag, response=response) or response
