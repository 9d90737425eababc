"""Region notices: dated banners on every finder page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.coalition import actions, selectors
from waymark.coalition.forms.region import EndForm, NoticeForm
from waymark.coalition.models import RegionNotice
from waymark.pages.listing import Ask, Filter, Listing

WHEN = Filter("when", "When", [("now", "Shown now"), ("coming", "Coming"), ("over", "Over")])


def _notice(pk: int) -> RegionNotice:
    notice = RegionNotice.objects.filter(pk=pk).first()
    if notice is None:
        raise Http404
    return notice


@requires(Permission.REGION_NOTICE_EDIT)
@require_safe
def notice_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [WHEN])
    now = timezone.now()
    return render(
        request,
        "coalition/notice_list.html",
        {
            "title": "Notices",
            "lead": "A notice stands at the top of every help page from its first to its last day.",
            "listing": Listing(ask, selectors.notices_listed(when=ask.answer("when"), now=now)),
            "primary_url": reverse("coalition:notice_add"),
            "primary_label": "New notice",
            "now": now,
        },
    )


@requires(Permission.REGION_NOTICE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_add(request: StaffRequest) -> HttpResponse:
    return _edit(request, RegionNotice(), "New notice", "notice:new")


@requires(Permission.REGION_NOTICE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, _notice(pk), "Change the notice", f"notice:{pk}")


def _edit(request: StaffRequest, notice: RegionNotice, title: str, draft: str) -> HttpResponse:
    initial = {"level": notice.level}
    form = NoticeForm(request.POST if request.method == "POST" else None, instance=notice, initial=initial)
    back = reverse("coalition:notice_list")
    if form.is_bound and form.is_valid():
        actions.save_notice(notice=form.filled(), by=request.user)
        messages.success(request, "Saved.", extra_tags=draft)
        return redirect(back)
    context = {
        "form": form,
        "title": title,
        "trail": [("Notices", back)],
        "cancel_url": back,
        "draft_key": draft,
    }
    return render(request, "pages/form_page.html", context, status=422 if form.is_bound else 200)


@requires(Permission.REGION_NOTICE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_end(request: StaffRequest, pk: int) -> HttpResponse:
    notice = _notice(pk)
    back = reverse("coalition:notice_list")
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        actions.end_notice(notice=notice, by=request.user)
        messages.success(request, "The notice is gone from every page.")
        return redirect(back)
    context = {
        "form": form,
        "title": f"End “{notice}” now?",
        "consequences": [
            "It disappears from every page at once. Copies kept on a phone show it until they are online again."
        ],
        "button": "End it now",
        "is_grave": True,
        "trail": [("Notices", back)],
        "cancel_url": back,
        "cancel_label": "Keep showing it",
    }
    return render(request, "pages/confirm_page.html", context)
