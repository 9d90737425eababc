"""What is held until when: releases whose moment is to come, days before which nothing goes, parts that others publish."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.newsroom.selectors import press as selectors
from waymark.pages.listing import Ask, Filter, Listing

HELD = Filter("held", "What is held", [("moment", "Until a moment"), ("day", "Not before a day"), ("part", "A part of it")])


@requires(Permission.NEWSROOM_ITEM_WRITE)
@require_safe
def embargo_list(request: StaffRequest) -> HttpResponse:
    ask, now = Ask(request.GET, [HELD]), timezone.now()
    context = {
        "title": "Embargoes",
        "lead": "What is held until when. Nobody outside reads it before, in no page, feed, search or picture.",
        "listing": Listing(ask, selectors.held_for(request.user, words=ask.words, held=ask.answer("held"), at=now)),
        "search_label": "Search by heading or agency",
        "now": now,
    }
    return render(request, "newsroom/embargo_list.html", context)
