"""The members of one's own agency. Members of another one answer as members who do not exist."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import ROLE_SENTENCES, Permission, Role
from waymark.accounts.actions import invitations
from waymark.accounts.actions import members as actions
from waymark.accounts.forms.people import DutiesForm, InviteForm, RoleForm
from waymark.accounts.models import Invitation, Membership
from waymark.accounts.policies import people, roles
from waymark.accounts.selectors import people as selectors
from waymark.accounts.views.agencies import code_shown
from waymark.accounts.views.steps import ask_first, attempted
from waymark.pages.listing import Ask, Filter, Listing

STATES = Filter("state", "State", Membership.State.choices)
ROLES = Filter("role", "Role", [(role.value, role.value.capitalize()) for role in Role])
TRAINING = Filter("training", "Training", [("over", "Over"), ("soon", "Ends within 60 days"), ("unknown", "Not recorded")])


def _member(request: StaffRequest, pk: uuid.UUID) -> Membership:
    found = selectors.member_for(request.user, pk)
    if found is None:
        raise Http404
    return found


def _trail(member: Membership | None = None) -> list[tuple[str, str]]:
    trail = [("Members", reverse("member_list"))]
    return [*trail, (member.user.display_name, reverse("member_detail", args=[member.pk]))] if member else trail


@requires(Permission.ACCOUNTS_MEMBER_VIEW)
@require_safe
def member_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [STATES, ROLES, TRAINING])
    today = timezone.localdate()
    found = selectors.members_for(
        request.user,
        words=ask.words,
        state=ask.answer("state"),
        role=ask.answer("role"),
        training=ask.answer("training"),
        on=today,
    )
    context = {
        "title": "Members",
        "lead": f"Everybody who belongs, or belonged, to {request.user.acting.agency.name}. No other agency sees them.",
        "listing": Listing(ask, found),
        "search_label": "Search by name or e-mail",
        "primary_url": reverse("member_invite"),
        "primary_label": "Invite somebody",
        "today": today,
        "soon": today + selectors.SOON,
    }
    return render(request, "accounts/member_list.html", context)


@requires(Permission.ACCOUNTS_MEMBER_VIEW)
@require_safe
def member_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    member = _member(request, pk)
    by = request.user
    context = {
        "title": member.user.display_name,
        "trail": _trail(),
        "member": member,
        "sentence": ROLE_SENTENCES[Role(member.role)],
        "pack": roles.pack_of(member.agency.kind),
        "today": timezone.localdate(),
        "is_self": member.user_id == by.pk,
        "may_keep": people.may_keep(by, member),
        "may_change_role": people.may_change_role(by, member),
        "may_suspend": people.may_suspend(by, member),
        "may_resume": people.may_resume(by, member),
    }
    return render(request, "accounts/member_detail.html", context)


@requires(Permission.ACCOUNTS_MEMBER_INVITE, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def member_invite(request: StaffRequest) -> HttpResponse:
    agency = request.user.acting.agency
    form = InviteForm(request.POST if request.method == "POST" else None, agency=agency)
    made: list[tuple[Invitation, str]] = []

    def act() -> None:
        page = request.build_absolute_uri(reverse("invitation_open"))
        made.append(invitations.invite_member(**form.cleaned_data, page_url=page, by=request.user))

    if form.is_bound and form.is_valid() and attempted(form, act):
        return code_shown(request, *made[0])
    context = {
        "form": form,
        "title": "Invite somebody",
        "agency": agency,
        "pack": roles.pack_of(agency.kind),
        "consequences": roles.consequences_of(agency.kind),
        "trail": _trail(),
        "cancel_url": reverse("member_list"),
        "button": "Invite",
    }
    return render(request, "accounts/member_invite.html", context, status=422 if form.is_bound else 200)


@requires(Permission.ACCOUNTS_MEMBER_MANAGE, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def member_role(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    member = _member(request, pk)
    if not people.may_change_role(request.user, member):
        raise Http404
    form = RoleForm(request.POST if request.method == "POST" else None, agency=member.agency, initial={"role": member.role})
    back = reverse("member_detail", args=[member.pk])

    def act() -> None:
        actions.change_role(membership=member, role=form.cleaned_data["role"], by=request.user)

    if form.is_bound and form.is_valid() and attempted(form, act):
        messages.success(request, "Changed. Their open pages have ended; they sign in again with the new role.")
        return redirect(back)
    context = {
        "form": form,
        "title": f"The role of {member.user.display_name}",
        "lead": "It changes at once, and ends the pages that they have open.",
        "trail": _trail(member),
        "cancel_url": back,
        "button": "Change the role",
    }
    return render(request, "pages/form_page.html", context, status=422 if form.is_bound else 200)


@requires(Permission.ACCOUNTS_MEMBER_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def member_duties(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    member = _member(request, pk)
    if not people.may_keep(request.user, member):
        raise Http404
    form = DutiesForm(request.POST if request.method == "POST" else None, membership=member)
    back = reverse("member_detail", args=[member.pk])

    def act() -> None:
        actions.change_duties(membership=member, values=form.cleaned_data, by=request.user)

    if form.is_bound and form.is_valid() and attempted(form, act):
        messages.success(request, "Saved.", extra_tags=f"member:{member.pk}")
        return redirect(back)
    context = {
        "form": form,
        "title": "Duties, privilege and training",
        "lead": f"Of {member.user.display_name}. Leave empty what you do not know: an empty answer is not a “no”.",
        "trail": _trail(member),
        "cancel_url": back,
    }
    return render(request, "pages/form_page.html", context, status=422 if form.is_bound else 200)


@requires(Permission.ACCOUNTS_MEMBER_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def member_suspend(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    member = _member(request, pk)
    if not people.may_suspend(request.user, member):
        raise Http404
    name = member.user.display_name
    return ask_first(
        request,
        title=f"Suspend {name}?",
        consequences=[
            f"{name} is out at once: every page that they have open ends, on every device.",
            "What they did stays. You can let them back in at any time.",
        ],
        button="Suspend now",
        act=lambda: actions.suspend_member(membership=member, by=request.user),
        done=f"{name} is suspended.",
        back=reverse("member_detail", args=[member.pk]),
        trail=_trail(member),
    )


@requires(Permission.ACCOUNTS_MEMBER_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def member_resume(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    member = _member(request, pk)
    if not people.may_resume(request.user, member):
        raise Http404
    name = member.user.display_name
    return ask_first(
        request,
        title=f"Let {name} back in?",
        consequences=[f"{name} can sign in again as {member.role}, with the same password and second factor as before."],
        button="Let them back in",
        act=lambda: actions.resume_member(membership=member, by=request.user),
        done=f"{name} is active again.",
        back=reverse("member_detail", args=[member.pk]),
        trail=_trail(member),
        is_grave=False,
    )


@requires(Permission.ACCOUNTS_MEMBER_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def member_end(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    member = _member(request, pk)
    if not people.may_keep(request.user, member):
        raise Http404
    name = member.user.display_name
    return ask_first(
        request,
        title=f"End the membership of {name}?",
        consequences=[
            f"{name} is out at once and for good: every page that they have open ends, on every device.",
            "What they did stays under their name. To come back they need a new invitation.",
            "If your agency has a vault, its keys are renewed for those who stay.",
        ],
        button="End this membership",
        act=lambda: actions.end_member(membership=member, by=request.user),
        done=f"The membership of {name} has ended.",
        back=reverse("member_detail", args=[member.pk]),
        trail=_trail(member),
        is_final=True,
    )
