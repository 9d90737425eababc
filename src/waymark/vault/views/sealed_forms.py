"""What every form about a person has in common: it needs an open vault, and it never loses what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render

from waymark.access.guard import StaffRequest
from waymark.vault.policies import Refused
from waymark.vault.selectors import OpenVault, unlock_url, vault_in

LOCKED = (
    "Your vault is locked, so nothing was saved. What you typed is still here: unlock the vault in another tab, come back "
    "to this one and save again."
)


def done_by(
    request: StaffRequest,
    form: forms.BaseForm,
    act: Callable[[OpenVault], object],
    *,
    refusals: tuple[type[Exception], ...] = (),
) -> bool:
    """Run an act with the open vault when the form is right; what refuses it stands above the form."""
    if not form.is_bound or not form.is_valid():
        return False
    vault = vault_in(request)
    if vault is None:
        form.add_error(None, LOCKED)
        return False
    refused_by: tuple[type[Exception], ...] = (Refused, *refusals)
    try:
        with transaction.atomic():
            act(vault)
    except refused_by as refused:
        form.add_error(None, str(refused))
        return False
    return True


def sealed_form(
    request: StaffRequest, form: forms.BaseForm, *, template: str, is_correction: bool = False, **context: Any
) -> HttpResponse:
    """A page with one form; 422 when what was sent is not right yet.

    What corrects something that lies sealed shows its form only where that was read: a form that stood empty, because the
    vault was locked, would empty what it corrects when it is sent with the vault open again.
    """
    is_open = vault_in(request) is not None
    is_unread = is_correction and not form.is_bound and not is_open
    more = {"is_vault_open": is_open, "is_unread": is_unread, "unlock_url": unlock_url(request.path)}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **more, **context}, status=status)
