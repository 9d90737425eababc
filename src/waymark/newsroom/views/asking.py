"""Take part: three small forms that anyone may send to the coalition's desk.

No cookie, no account, nothing about the sender but what they wrote.
"""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from waymark.access.guard import public_post
from waymark.newsroom.actions.desk import TooManyRequests, ask_desk
from waymark.newsroom.forms.asking import PreventionForm, RequestForm, SpeakerForm, VolunteerForm
from waymark.newsroom.models import PublicRequest
from waymark.newsroom.models.requests import KEPT_DAYS
from waymark.newsroom.selectors import members
from waymark.newsroom.selectors.moments import now
from waymark.newsroom.views.rendering import page


@public_post
def volunteer(request: HttpRequest) -> HttpResponse:
    return _asked(request, VolunteerForm, PublicRequest.Kind.VOLUNTEER, "volunteer")


@public_post
def speaker(request: HttpRequest) -> HttpResponse:
    """A speaker for an event: somebody of the staff. There is no list of survivors who speak, and nobody makes one."""
    return _asked(request, SpeakerForm, PublicRequest.Kind.SPEAKER, "speaker")


@public_post
def prevention(request: HttpRequest) -> HttpResponse:
    return _asked(request, PreventionForm, PublicRequest.Kind.PREVENTION, "prevention")


def _asked(request: HttpRequest, kind_of_form: type[RequestForm], kind: str, template: str) -> HttpResponse:
    form = kind_of_form(request.POST if request.method == "POST" else None)
    context = {
        "form": form,
        "desk": members.the_desk(),
        "days": KEPT_DAYS,
        "here": reverse(f"newsroom:{template}"),
    }
    status = HTTPStatus.OK
    if form.is_bound and form.is_valid():
        try:
            ask_desk(kind=kind, values=form.values())
            return page(request, now(), "asked", context)
        except TooManyRequests:
            context["busy"] = True
            status = HTTPStatus.TOO_MANY_REQUESTS
    elif form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return page(request, now(), template, context, status=status)
