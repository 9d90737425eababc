"""What the vault's pages share: the way back, a form page, and the open vault or the page that says what is missing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from waymark.access.guard import StaffRequest


def trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Vault", reverse("vault:home")), *more]


def form_page(
    request: StaffRequest, form: forms.BaseForm, *, template: str = "pages/form_page.html", **context: Any
) -> HttpResponse:
    """A page with one form; 422 when what was sent is not right yet."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)
