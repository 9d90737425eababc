"""What the pages of operations share: finding the operation as the asker sees it, and one way through a form."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from waymark.access.guard import StaffRequest
from waymark.accounts.views.steps import attempted
from waymark.operations import selectors
from waymark.operations.models import Operation
from waymark.pages.questions import PlainForm


def operation_of(request: StaffRequest, pk: uuid.UUID) -> Operation:
    """The operation, or 404 as if it were not there."""
    found = selectors.operation_for(request.user, pk, on=timezone.localdate())
    if found is None:
        raise Http404
    return found


def page_of(operation: Operation) -> str:
    return reverse("operations:detail", args=[operation.pk])


def filled_in(
    request: StaffRequest,
    form: PlainForm,
    act: Callable[[], object],
    *,
    operation: Operation | None,
    title: str,
    done: str,
    to: Callable[[], str] | None = None,
    **context: Any,
) -> HttpResponse:
    """Show the form; act when it is right; keep everything typed when it, or the action, refuses."""
    if form.is_bound and form.is_valid() and attempted(form, act):
        messages.success(request, done)
        return redirect(to() if to else page_of(operation) if operation else reverse("operations:list"))
    trail = [("Operations", reverse("operations:list"))]
    if operation is not None:
        trail.append((str(operation), page_of(operation)))
    shown = {
        "form": form,
        "title": title,
        "trail": trail,
        "cancel_url": page_of(operation) if operation else reverse("operations:list"),
        **context,
    }
    template = shown.pop("template", "pages/form_page.html")
    return render(request, template, shown, status=422 if form.is_bound else 200)
