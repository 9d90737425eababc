"""What the screens about people share: asking before an act, and saying in the form why it was refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render

from waymark.access.guard import StaffRequest
from waymark.accounts.forms.people import ConfirmForm, SureForm
from waymark.accounts.policies import Refused


def attempted(form: BaseForm, act: Callable[[], object]) -> bool:
    """Try an act; what refuses it becomes an error of the form, and everything typed stays."""
    try:
        act()
    except Refused as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as error:
        form.add_error(None, error)
    return not form.errors


def ask_first(
    request: StaffRequest,
    *,
    title: str,
    consequences: Sequence[str],
    button: str,
    act: Callable[[], object],
    done: str,
    back: str,
    to: str = "",
    is_grave: bool = True,
    is_final: bool = False,
    trail: Sequence[tuple[str, str]] = (),
    cancel_label: str = "Change nothing",
) -> HttpResponse:
    """A page that says what follows, and one button that does it. What cannot be undone asks for a tick besides."""
    kind = SureForm if is_final else ConfirmForm
    form = kind(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and attempted(form, act):
        messages.success(request, done)
        return redirect(to or back)
    context: dict[str, Any] = {
        "form": form,
        "title": title,
        "consequences": consequences,
        "button": button,
        "is_grave": is_grave,
        "trail": trail,
        "cancel_url": back,
        "cancel_label": cancel_label,
    }
    return render(request, "pages/confirm_page.html", context, status=422 if form.is_bound else 200)
