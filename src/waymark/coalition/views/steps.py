"""What the pages of the common work share: filling a form and acting on it in one way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from waymark.access.guard import StaffRequest
from waymark.accounts.views.steps import attempted
from waymark.pages.questions import PlainForm

Trail = Sequence[tuple[str, str]]


def sent(request: StaffRequest) -> Any:
    """What was sent with the form, or None while it is only looked at."""
    return request.POST if request.method == "POST" else None


def fill(
    request: StaffRequest,
    form: PlainForm,
    *,
    act: Callable[[], Any],
    done: str,
    to: str | Callable[[Any], str],
    back: str,
    title: str,
    trail: Trail = (),
    template: str = "pages/form_page.html",
    draft: str = "",
    **more: Any,
) -> HttpResponse:
    """Show a form; when it is filled well, act and go on to `to` (which may be made from what the act gave)."""
    made: list[Any] = []
    if form.is_bound and form.is_valid() and attempted(form, lambda: made.append(act())):
        messages.success(request, done, extra_tags=draft)
        return redirect(to if isinstance(to, str) else to(made[0]))
    context = {"form": form, "title": title, "trail": trail, "cancel_url": back, "draft_key": draft, **more}
    return render(request, template, context, status=422 if form.is_bound else 200)
