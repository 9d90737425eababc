"""Region notices: dated banners on every public page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.coalition import actions, selectors
from waymark.coalition.forms.region import ENGLISH, EndForm, NoticeForm, Tongue
from waymark.coalition.models import RegionNotice
from waymark.pages.listing import Ask, Filter, Listing

WHEN = Filter("when", "When", [("now", "Shown now"), ("coming", "Coming"), ("over", "Over")])
LEVEL = Filter("level", "Urgency", RegionNotice.Level.choices)
HOW = {"now": "It is on every public page now.", "coming": "It appears by itself on its first day."}


def _notice(pk: int) -> RegionNotice:
    notice = RegionNotice.objects.filter(pk=pk).first()
    if notice is None:
        raise Http404
    return notice


def _languages(request: StaffRequest) -> list[str]:
    """The languages in which the public pages are read."""
    region = getattr(request, "region", None)
    return list(region.languages) if region is not None and region.languages else [ENGLISH, "es"]


@requires(Permission.REGION_NOTICE_EDIT)
@require_safe
def notice_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [WHEN, LEVEL])
    now, codes = timezone.now(), _languages(request)
    found = selectors.notices_listed(
        words=ask.words, when=ask.answer("when"), level=ask.answer("level"), codes=codes, now=now
    )
    listing = Listing(ask, found)
    return render(
        request,
        "coalition/notice_list.html",
        {
            "title": "Region notices",
            "lead": "A notice stands on every help page and on the news site, from its first day to its last.",
            "listing": listing,
            "shown": [_described(notice, codes) for notice in listing.rows],
            "search_label": "Search the words of notices",
            "primary_url": reverse("coalition:notice_add"),
            "primary_label": "New notice",
            "now": now,
        },
    )


def _described(notice: RegionNotice, codes: list[str]) -> dict[str, Any]:
    """What a row says beside the notice's own words."""
    missing = [Tongue(code).name for code in codes if code not in notice.title]
    return {"notice": notice, "last_day": notice.last_day(timezone.get_current_timezone()), "missing": missing}


@requires(Permission.REGION_NOTICE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_add(request: StaffRequest) -> HttpResponse:
    return _edit(request, RegionNotice(), "New notice", "notice:new")


@requires(Permission.REGION_NOTICE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, _notice(pk), "Change the notice", f"notice:{pk}")


def _edit(request: StaffRequest, notice: RegionNotice, title: str, draft: str) -> HttpResponse:
    form = NoticeForm(
        request.POST if request.method == "POST" else None,
        instance=notice,
        initial={"level": notice.level},
        languages=_languages(request),
    )
    back = reverse("coalition:notice_list")
    context = {
        "form": form,
        "title": title,
        "trail": [("Region notices", back)],
        "cancel_url": back,
        "draft_key": draft,
        "button": "Save and show it from its first day",
    }
    if not form.is_bound or not form.is_valid():
        return render(request, "coalition/notice_form.html", context, status=422 if form.is_bound else 200)
    filled = form.filled()
    if "preview" in request.POST:
        shown = selectors.shown_notice(filled, zone=timezone.get_current_timezone())
        context["preview"] = [
            (
                tongue,
                shown.title.get(tongue.code) or shown.title[ENGLISH],
                shown.text.get(tongue.code) or shown.text[ENGLISH],
            )
            for tongue in form.tongues
        ]
        return render(request, "coalition/notice_form.html", {**context, "shown": shown})
    actions.save_notice(notice=filled, by=request.user)
    messages.success(request, f"Saved. {HOW['now' if filled.starts_at <= timezone.now() else 'coming']}", extra_tags=draft)
    return redirect(back)


@requires(Permission.REGION_NOTICE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_end(request: StaffRequest, pk: int) -> HttpResponse:
    notice = _notice(pk)
    back = reverse("coalition:notice_list")
    now = timezone.now()
    if notice.ends_at <= now:
        # Somebody was quicker, or its day came: there is nothing left to end.
        messages.info(request, "This notice is over already. It is on no page.")
        return redirect(back)
    form = EndForm(request.POST if request.method == "POST" else None)
    is_coming = notice.starts_at >= now
    if form.is_bound and form.is_valid():
        actions.end_notice(notice=notice, by=request.user)
        gone = "The notice is deleted. Nobody has seen it." if is_coming else "The notice is gone from every page."
        messages.success(request, gone)
        return redirect(back)
    context = {
        "form": form,
        "title": f"Delete “{notice}”?" if is_coming else f"End “{notice}” now?",
        "consequences": [
            "Nobody has seen it yet. It is deleted with its words in every language."
            if is_coming
            else "It disappears from every page at once. Copies kept on a phone show it until they are online again.",
            "You could change its days instead." if is_coming else "To show it again, open it and give it a new last day.",
        ],
        "button": "Delete it" if is_coming else "End it now",
        "is_grave": True,
        "trail": [("Region notices", back)],
        "cancel_url": back,
        "cancel_label": "Keep it" if is_coming else "Keep showing it",
    }
    return render(request, "pages/confirm_page.html", context)
