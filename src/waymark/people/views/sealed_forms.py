"""Forms of the survivor side: those of the vault, with the refusals of people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse

from waymark.access.guard import StaffRequest
from waymark.people.policies import Refused
from waymark.vault.selectors import OpenVault
from waymark.vault.views import sealed_forms

LOCKED = sealed_forms.LOCKED


def done_by(request: StaffRequest, form: forms.BaseForm, act: Callable[[OpenVault], object]) -> bool:
    """Run an act with the open vault when the form is right; what refuses it stands above the form."""
    return sealed_forms.done_by(request, form, act, refusals=(Refused,))


def sealed_form(
    request: StaffRequest, form: forms.BaseForm, *, template: str = "people/sealed_form.html", **context: Any
) -> HttpResponse:
    """A page with one form; 422 when what was sent is not right yet."""
    return sealed_forms.sealed_form(request, form, template=template, **context)
