"""What the pages of diversion share: the own row or 404, and one way through a form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest
from waymark.accounts.policies import Refused
from waymark.accounts.views.steps import attempted
from waymark.disclosures.formats.packets import PacketError
from waymark.disclosures.policies import Refused as NotSent
from waymark.diversion.forms.fields import PressForm
from waymark.vault.selectors import OpenVault, unlock_url, vault_in
from waymark.vault.views import sealed_forms

Thing = TypeVar("Thing")

FORM = require_http_methods(["GET", "HEAD", "POST"])
REFUSALS = (Refused, NotSent, PacketError)
FORM_PAGE = "diversion/sealed_form.html"
Trail = list[tuple[str, str]]


def or_404(found: Thing | None) -> Thing:
    """The own row; another's is answered like one that is not there."""
    if found is None:
        raise Http404
    return found


def sent(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def vault_context(request: StaffRequest) -> dict[str, Any]:
    return {"is_vault_open": vault_in(request) is not None, "unlock_url": unlock_url(request.path)}


def program_trail(*more: tuple[str, str]) -> Trail:
    return [("Diversion program", reverse("diversion:enrollment_list")), *more]


def matter_trail(*more: tuple[str, str]) -> Trail:
    return [("Diversion matters", reverse("diversion:matter_list")), *more]


def sealed(
    request: StaffRequest,
    form: forms.BaseForm,
    act: Callable[[OpenVault], object],
    *,
    title: str,
    done: str,
    back: str,
    to: Callable[[], str] | None = None,
    template: str = FORM_PAGE,
    **context: Any,
) -> HttpResponse:
    """A form whose act needs the open vault."""
    if sealed_forms.done_by(request, form, act, refusals=REFUSALS):
        messages.success(request, done)
        return redirect(to() if to else back)
    return sealed_forms.sealed_form(request, form, template=template, title=title, cancel_url=back, **context)


def plain(
    request: StaffRequest,
    form: forms.BaseForm,
    act: Callable[[], object],
    *,
    title: str,
    done: str,
    back: str,
    to: Callable[[], str] | None = None,
    template: str = "pages/form_page.html",
    **context: Any,
) -> HttpResponse:
    """A form about counts and data, for which no vault is needed."""
    if form.is_bound and form.is_valid() and attempted(form, act):
        messages.success(request, done)
        return redirect(to() if to else back)
    shown = {"form": form, "title": title, "cancel_url": back, **context}
    return render(request, template, shown, status=422 if form.is_bound else 200)


def pressed(
    request: StaffRequest,
    act: Callable[[], object],
    *,
    title: str,
    consequences: Sequence[str],
    button: str,
    done: str,
    back: str,
    trail: Trail,
) -> HttpResponse:
    """A page that says what follows, and one button."""
    return plain(
        request,
        PressForm(sent(request)),
        act,
        title=title,
        done=done,
        back=back,
        template="pages/confirm_page.html",
        consequences=consequences,
        button=button,
        is_grave=True,
        trail=trail,
        cancel_label="Change nothing",
    )
