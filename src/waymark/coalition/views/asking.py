"""What the pages of meetings, decisions and action items share: a form that acts, and goes where the act says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render

from waymark.access.guard import StaffRequest
from waymark.accounts.views.steps import attempted


def bound(request: StaffRequest) -> Any:
    """What was sent, or None for a page that is looked at."""
    return request.POST if request.method == "POST" else None


def form_page(
    request: StaffRequest,
    form: BaseForm,
    act: Callable[[], str],
    *,
    done: str,
    template: str = "pages/form_page.html",
    **context: Any,
) -> HttpResponse:
    """Show a form; when it is right, act and go to the address that the act gives. What refuses it stands in the form."""
    gone: list[str] = []
    if form.is_bound and form.is_valid() and attempted(form, lambda: gone.append(act())):
        if done:
            messages.success(request, done)
        return redirect(gone[0])
    return render(request, template, {"form": form, **context}, status=422 if form.is_bound else 200)
