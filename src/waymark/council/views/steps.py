"""What the council's forms share: one page with one form, which says what was refused and keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from waymark.access.guard import StaffRequest
from waymark.accounts.views.steps import attempted
from waymark.council.models import Council
from waymark.pages.questions import PlainForm

Trail = Sequence[tuple[str, str]]


def trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Council", reverse("council:home")), *more]


def form_step(
    request: StaffRequest,
    form: PlainForm,
    act: Callable[[], object],
    *,
    done: str,
    to: str,
    template: str = "pages/form_page.html",
    **context: Any,
) -> HttpResponse:
    """Show the form, or do what it asks and go on."""
    if form.is_bound and form.is_valid() and attempted(form, act):
        messages.success(request, done)
        return redirect(to)
    context = {"form": form, "cancel_url": to, **context}
    return render(request, template, context, status=422 if form.is_bound else 200)


def posted(request: StaffRequest) -> Any:
    """What was sent, or None while the page is only looked at."""
    return request.POST if request.method == "POST" else None


def elsewhere(request: StaffRequest, council: Council | None, title: str) -> HttpResponse:
    """For officers of the agencies that do not hold the council: who does."""
    return render(request, "council/elsewhere.html", {"title": title, "council": council, "trail": trail()})


def without_seat(request: StaffRequest, title: str) -> HttpResponse:
    """For who has the council's role and does not sit today."""
    return render(request, "council/no_seat.html", {"title": title, "trail": trail()})
