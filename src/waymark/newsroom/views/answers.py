"""What the staff screens share: trying an act, and asking before one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from waymark.access.guard import StaffRequest
from waymark.newsroom.forms.press import SureForm
from waymark.newsroom.policies import Refused
from waymark.pages.questions import PlainForm

Trail = Sequence[tuple[str, str]]


def sure(request: StaffRequest) -> SureForm:
    """A form that asks to go on or to go back."""
    return SureForm(request.POST if request.method == "POST" else None)


def attempted(form: PlainForm, act: Callable[[], object]) -> bool:
    """Try an act; what refuses it becomes an error of the form, and everything typed stays."""
    try:
        act()
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


def asked(
    request: StaffRequest,
    form: PlainForm,
    *,
    title: str,
    act: Callable[[], object],
    done: str,
    back: str,
    trail: Trail,
    button: str,
    consequences: Sequence[str] = (),
    is_grave: bool = False,
    lead: str = "",
    to: str = "",
) -> HttpResponse:
    """A form with one button; with consequences it says first what follows."""
    if form.is_bound and form.is_valid() and attempted(form, act):
        messages.success(request, done)
        return redirect(to or back)
    context = {
        "form": form,
        "title": title,
        "lead": lead,
        "consequences": consequences,
        "button": button,
        "is_grave": is_grave,
        "trail": trail,
        "cancel_url": back,
        "cancel_label": "Change nothing",
    }
    template = "pages/confirm_page.html" if consequences else "pages/form_page.html"
    return render(request, template, context, status=422 if form.is_bound else 200)
