"""The coalition's agencies: who they are, what follows from their kind, who lets the first person in."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.actions import agencies as actions
from waymark.accounts.actions import invitations
from waymark.accounts.forms.people import AgencyForm, ContactForm, FirstOfficerForm
from waymark.accounts.models import Agency, AgencyKind, Invitation
from waymark.accounts.policies import people, roles
from waymark.accounts.selectors import people as selectors
from waymark.accounts.views.steps import ask_first, attempted
from waymark.pages.listing import Ask, Filter, Listing

KINDS = Filter("kind", "Kind", [(kind.value, kind.label) for kind in AgencyKind])
STATES = Filter("state", "State", Agency.State.choices)


def _agency(pk: uuid.UUID) -> Agency:
    found = selectors.agency_for(pk)
    if found is None:
        raise Http404
    return found


def _trail(agency: Agency | None = None) -> list[tuple[str, str]]:
    trail = [("Agencies", reverse("agency_list"))]
    return [*trail, (agency.name, reverse("agency_detail", args=[agency.pk]))] if agency else trail


@requires(Permission.ACCOUNTS_AGENCY_VIEW)
@require_safe
def agency_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [STATES, KINDS])
    found = selectors.agencies_listed(words=ask.words, kind=ask.answer("kind"), state=ask.answer("state"))
    may_add = people.holds(request.user, Permission.ACCOUNTS_AGENCY_ADD)
    context = {
        "title": "Agencies",
        "lead": "The agencies that run this coalition together. Who belongs to an agency, only that agency sees.",
        "listing": Listing(ask, selectors.with_emptiness(found) if may_add else found),
        "search_label": "Search by name",
        "primary_url": reverse("agency_add") if may_add else "",
        "primary_label": "Add an agency",
        "may_add": may_add,
    }
    return render(request, "accounts/agency_list.html", context)


@requires(Permission.ACCOUNTS_AGENCY_VIEW)
@require_safe
def agency_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    agency = _agency(pk)
    user = request.user
    may_add = people.holds(user, Permission.ACCOUNTS_AGENCY_ADD)
    # Whether anybody is in another agency is the administrator's to know, and nobody else's.
    is_own = user.acting.agency_id == agency.pk
    has_members = selectors.somebody_is_in(agency) if may_add or is_own else True
    context = {
        "title": agency.name,
        "trail": _trail(),
        "agency": agency,
        "is_own": is_own,
        "may_add": may_add,
        "has_members": has_members,
        "pack": roles.pack_of(agency.kind),
        "consequences": roles.consequences_of(agency.kind),
        "first_invitation": selectors.first_invitation_of(agency) if may_add and not has_members else None,
        "may_edit": people.may_edit_contact(user, agency),
        "may_close": people.may_close(user, agency, has_members=has_members),
        "may_reopen": people.may_reopen(user, agency),
        "may_take_off": people.may_take_off(user, agency),
        "may_invite_first": people.may_invite_first(user, agency, has_members=has_members),
    }
    return render(request, "accounts/agency_detail.html", context)


@requires(Permission.ACCOUNTS_AGENCY_ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def agency_add(request: StaffRequest) -> HttpResponse:
    form = AgencyForm(request.POST if request.method == "POST" else None)
    made: list[Agency] = []

    def act() -> None:
        made.append(actions.add_agency(**form.cleaned_data, by=request.user))

    if form.is_bound and form.is_valid() and attempted(form, act):
        messages.success(request, "Added. Nobody is in it yet: invite its first officer.")
        return redirect("agency_detail", made[0].pk)
    context = {
        "form": form,
        "title": "Add an agency",
        "trail": _trail(),
        "cancel_url": reverse("agency_list"),
        "button": "Add the agency",
        "kinds": [
            {"label": label, "follows": roles.consequences_of(kind)[:2], "roles": _roles_of(kind)}
            for kind, label in KINDS.choices
        ],
    }
    return render(request, "accounts/agency_add.html", context, status=422 if form.is_bound else 200)


def _roles_of(kind: str) -> str:
    given = roles.roles_to_give(Agency(kind=kind))
    return ", ".join(value for value, _ in given)


@requires(Permission.ACCOUNTS_AGENCY_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def agency_contact(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    agency = _agency(pk)
    if not people.may_edit_contact(request.user, agency):
        raise Http404
    initial = {name: getattr(agency, name) for name in actions.CONTACT_FIELDS}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=initial)
    back = reverse("agency_detail", args=[agency.pk])

    def act() -> None:
        actions.edit_contact(agency=agency, values=form.cleaned_data, by=request.user)

    if form.is_bound and form.is_valid() and attempted(form, act):
        messages.success(request, "Saved.")
        return redirect(back)
    context = {"form": form, "title": "How the agency is reached", "trail": _trail(agency), "cancel_url": back}
    return render(request, "pages/form_page.html", context, status=422 if form.is_bound else 200)


@requires(Permission.ACCOUNTS_AGENCY_VIEW, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def agency_close(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    agency = _agency(pk)
    has_members = selectors.somebody_is_in(agency)
    if not people.may_close(request.user, agency, has_members=has_members):
        raise Http404
    is_own = request.user.acting.agency_id == agency.pk
    counted = agency.memberships.exclude(state="ended").count() if is_own else 0
    consequences = [
        f"Ends the place of everybody in it, {counted} in number, your own included. Their open pages end now."
        if is_own
        else "Nobody is in it. It takes no members until it is reopened, and its open invitation ends.",
        "What it recorded stays where it is. Nobody can open it while the agency is closed.",
        "An administrator can reopen it. It has no member then; a first officer is invited anew. Keys of its vault come "
        "back only with somebody who still holds one, or with its printed kit.",
    ]
    answer = ask_first(
        request,
        title=f"Close {agency.name}?",
        consequences=consequences,
        button="Close this agency",
        act=lambda: actions.close_agency(agency=agency, by=request.user),
        done=f"{agency.name} is closed.",
        back=reverse("agency_detail", args=[agency.pk]),
        to=reverse("sign_in") if is_own else "",
        trail=_trail(agency),
        cancel_label="Keep it open",
        is_final=True,
    )
    if is_own and answer.status_code == HTTPStatus.FOUND:
        logout(request)
    return answer


@requires(Permission.ACCOUNTS_AGENCY_ADD, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def agency_reopen(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    agency = _agency(pk)
    if not people.may_reopen(request.user, agency):
        raise Http404
    return ask_first(
        request,
        title=f"Reopen {agency.name}?",
        consequences=[
            "It comes back without a member. Whoever was in it stays out.",
            "The first officer whom you invite then can read what the agency keeps unsealed. Make sure that it asked.",
        ],
        button="Reopen it",
        act=lambda: actions.reopen_agency(agency=agency, by=request.user),
        done="Reopened. Nobody is in it: invite its first officer.",
        back=reverse("agency_detail", args=[agency.pk]),
        trail=_trail(agency),
        cancel_label="Keep it closed",
    )


@requires(Permission.ACCOUNTS_AGENCY_ADD, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def agency_take_off(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    agency = _agency(pk)
    if not people.may_take_off(request.user, agency):
        raise Http404
    return ask_first(
        request,
        title=f"Take {agency.name} off the list?",
        consequences=[
            "Nothing can be sent to it any more, and no packet of it is taken in. No release can name it.",
            "What went stays in the ledgers. It can still be taken back, and what they take back or answer still counts.",
            "It comes back with a card of theirs. Then every agency here compares six words with it anew, by voice.",
        ],
        button="Take it off the list",
        act=lambda: actions.take_off_list(agency=agency, by=request.user),
        done=f"{agency.name} is off the list.",
        back=reverse("agency_detail", args=[agency.pk]),
        trail=_trail(agency),
        cancel_label="Keep it on the list",
        is_final=True,
    )


@requires(Permission.ACCOUNTS_AGENCY_ADD, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def agency_first_officer(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    agency = _agency(pk)
    back = reverse("agency_detail", args=[agency.pk])
    if not people.may_invite_first(request.user, agency, has_members=selectors.somebody_is_in(agency)):
        raise Http404
    form = FirstOfficerForm(request.POST if request.method == "POST" else None)
    made: list[tuple[Invitation, str]] = []

    def act() -> None:
        page = request.build_absolute_uri(reverse("invitation_open"))
        made.append(invitations.invite_first_officer(agency=agency, **form.cleaned_data, page_url=page, by=request.user))

    if form.is_bound and form.is_valid() and attempted(form, act):
        return code_shown(request, *made[0])
    context = {
        "form": form,
        "title": f"Invite the first officer of {agency.short_name}",
        "lead": "The officer then invites everybody else. From that moment you cannot invite anybody to this agency.",
        "trail": _trail(agency),
        "cancel_url": back,
        "button": "Invite",
    }
    return render(request, "pages/form_page.html", context, status=422 if form.is_bound else 200)


def code_shown(request: StaffRequest, invitation: Invitation, code: str) -> HttpResponse:
    """After inviting: a letter is on its way, or the code stands here once, to be printed. It is stored nowhere."""
    if invitation.delivery == Invitation.Delivery.MAIL:
        messages.success(request, "Invited. The letter is on its way.")
        return redirect("invitation_detail", invitation.pk)
    context = {
        "title": "Hand this over",
        "invitation": invitation,
        "code": code,
        "page_url": request.build_absolute_uri(reverse("invitation_open")),
    }
    return render(request, "accounts/invitation_code.html", context)
