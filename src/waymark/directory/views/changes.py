"""One waiting change: what it was, what it would be, and three ways to decide."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.directory import policies
from waymark.directory.actions import pending as actions
from waymark.directory.forms.checks import CompareForm
from waymark.directory.models import PendingChange
from waymark.directory.policies import Refused
from waymark.directory.selectors import changes
from waymark.directory.views.doors import refuse, say, url_of


def _change(pk: UUID) -> PendingChange:
    change = changes.all_changes().filter(pk=pk).first()
    if change is None:
        raise Http404
    return change


@requires(Permission.DIRECTORY_LISTING_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def change_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Reading it, and applying it when the reader is the second person."""
    change = _change(pk)
    form = CompareForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.apply_change(change=change, by=request.user)
        except Refused as error:
            return refuse(request, error, reverse("directory:change_detail", args=[pk]))
        say(request, "Applied. It is live now.")
        return redirect("directory:change_list")
    described = changes.described([change])[0]
    owner_url = url_of(described.owner_entity, described.owner_key) if described.owner_entity else ""
    return render(
        request,
        "directory/change_detail.html",
        {
            "title": f"{described.kind}: {described.subject}",
            "change": change,
            "described": described,
            "owner_url": owner_url,
            "lines": changes.lines_of(change),
            "form": form,
            "may_decide": policies.may_decide(request.user, change),
            "may_withdraw": policies.may_withdraw(request.user, change),
            "is_waiting": change.state == PendingChange.State.WAITING,
            "trail": [("Waiting changes", reverse("directory:change_list"))],
        },
        status=422 if form.is_bound else 200,
    )


@requires(Permission.DIRECTORY_CHANGE_APPROVE)
@require_POST
def change_refuse(request: StaffRequest, pk: UUID) -> HttpResponse:
    try:
        actions.refuse_change(change=_change(pk), by=request.user)
    except Refused as error:
        return refuse(request, error, reverse("directory:change_detail", args=[pk]))
    say(request, "Refused. Nothing was changed, and the proposal stays in the record.")
    return redirect("directory:change_list")


@requires(Permission.DIRECTORY_LISTING_EDIT)
@require_POST
def change_withdraw(request: StaffRequest, pk: UUID) -> HttpResponse:
    try:
        actions.withdraw_change(change=_change(pk), by=request.user)
    except Refused as error:
        return refuse(request, error, reverse("directory:change_detail", args=[pk]))
    say(request, "Taken back. Nothing was changed.")
    return redirect("directory:change_list")
