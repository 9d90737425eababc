"""Working groups: who is in them, what they are for, and how one comes in and leaves."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.accounts.views.steps import ask_first
from waymark.coalition.actions import groups as actions
from waymark.coalition.forms.groups import BROWN_ACT, OUT, AddMemberForm, AnswerForm, GroupForm, PlaceForm
from waymark.coalition.models import WorkingGroup
from waymark.coalition.policies import groups as policies
from waymark.coalition.selectors import groups as selectors
from waymark.coalition.views.steps import Trail, fill, sent
from waymark.pages.listing import Ask, Filter, Listing
from waymark.pages.templatetags.pages import day

STATES = Filter("state", "State", WorkingGroup.State.choices)
WHOSE = Filter("whose", "Whose", [("mine", "I am in it")])


def _group(pk: uuid.UUID, *, keeper: User | None = None) -> WorkingGroup:
    """The group, and for `keeper` only if they keep it."""
    found = selectors.group_for(pk)
    if found is None or (keeper is not None and not policies.may_keep_group(keeper, found)):
        raise Http404
    return found


def _url(group: WorkingGroup) -> str:
    return reverse("coalition:group_detail", args=[group.pk])


def _trail(group: WorkingGroup | None = None) -> list[tuple[str, str]]:
    trail = [("Working groups", reverse("coalition:group_list"))]
    return [*trail, (group.name, _url(group))] if group else trail


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def group_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [STATES, WHOSE])
    found = selectors.groups_listed(request.user, words=ask.words, state=ask.answer("state"), whose=ask.answer("whose"))
    may_found = policies.may_found_group(request.user)
    context = {
        "title": "Working groups",
        "lead": "Where people of several agencies work on one thing.",
        "listing": Listing(ask, found),
        "search_label": "Search by name or purpose",
        "primary_url": reverse("coalition:group_add") if may_found else "",
        "primary_label": "Found a group",
    }
    return render(request, "coalition/group_list.html", context)


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def group_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    group, user = _group(pk), request.user
    may_keep = policies.may_keep_group(user, group)
    members = selectors.members_of(group)
    keepers = [member for member in members if member.duty in policies.KEEPERS]
    own = next((member for member in members if member.membership_id == user.acting.pk), None)
    takes_part = policies.takes_part(user)
    context = {
        "title": group.name,
        "trail": _trail(),
        "group": group,
        "members": members,
        "agencies": len({member.membership.agency_id for member in members}),
        "keepers": keepers,
        "own": own,
        "own_request": selectors.own_request(user, group) if takes_part and own is None else None,
        "requests": selectors.requests_of(group) if may_keep else [],
        "brown_act": BROWN_ACT,
        "takes_part": takes_part,
        "may_keep": may_keep,
        "may_join": takes_part and own is None and group.state == WorkingGroup.State.OPEN,
        "joins_at_once": group.joining == WorkingGroup.Joining.FREE or may_keep,
        "may_reopen": policies.may_reopen_group(user, group),
    }
    return render(request, "coalition/group_detail.html", context)


@requires(Permission.COALITION_GROUP_FOUND)
@require_http_methods(["GET", "HEAD", "POST"])
def group_add(request: StaffRequest) -> HttpResponse:
    form = GroupForm(sent(request), initial={"joining": WorkingGroup.Joining.ASKED})
    return fill(
        request,
        form,
        act=lambda: actions.found_group(values=form.cleaned_data, by=request.user),
        done="Founded. Take people in, and say who chairs.",
        to=_url,
        back=reverse("coalition:group_list"),
        title="Found a working group",
        trail=_trail(),
        draft="group:new",
        button="Found the group",
    )


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def group_change(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    group = _group(pk, keeper=request.user)
    form = GroupForm(sent(request), initial={name: getattr(group, name) for name in actions.GROUP_FIELDS})
    return fill(
        request,
        form,
        act=lambda: actions.change_group(group=group, values=form.cleaned_data, by=request.user),
        done="Saved.",
        to=_url(group),
        back=_url(group),
        title="Change the group",
        trail=_trail(group),
        draft=f"group:{group.pk}",
    )


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def group_member_add(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    group = _group(pk, keeper=request.user)
    found = policies.known_to(request.user, group).select_related("user", "agency")
    known = {str(each.pk): each for each in found.order_by("agency__name", "user__display_name", "id")}
    form = AddMemberForm(sent(request), known=known.values())
    return fill(
        request,
        form,
        act=lambda: actions.add_group_member(group=group, membership=known[form.cleaned_data["member"]], by=request.user),
        done="Taken in.",
        to=_url(group),
        back=_url(group),
        title="Take somebody in",
        trail=_trail(group),
        button="Take in",
    )


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def group_member(request: StaffRequest, pk: uuid.UUID, member: uuid.UUID) -> HttpResponse:
    group = _group(pk, keeper=request.user)
    found = selectors.member_in(group, member)
    if found is None:
        raise Http404
    form = PlaceForm(sent(request), initial={"place": found.duty})

    def act() -> object:
        place = form.cleaned_data["place"]
        if place == OUT:
            return actions.remove_group_member(member=found, by=request.user)
        return actions.give_group_duty(member=found, duty=place, by=request.user)

    return fill(
        request,
        form,
        act=act,
        done="Saved.",
        to=_url(group),
        back=_url(group),
        title=f"The place of {found.membership.user.display_name}",
        lead=f"Of {found.membership.agency.name}, in {group.name} since {day(found.since)}.",
        trail=_trail(group),
    )


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def group_request(request: StaffRequest, pk: uuid.UUID, asked: uuid.UUID) -> HttpResponse:
    group = _group(pk, keeper=request.user)
    found = next((each for each in selectors.requests_of(group) if each.pk == asked), None)
    if found is None:
        raise Http404
    name = found.membership.user.display_name
    form = AnswerForm(sent(request), yes="Let them in", no="Decline. They see that you declined, not why")
    return fill(
        request,
        form,
        act=lambda: actions.answer_join_request(
            request=found, let_in=form.cleaned_data["answer"] == "yes", by=request.user
        ),
        done="Answered.",
        to=_url(group),
        back=_url(group),
        title=f"{name} asks to join",
        lead=f"Of {found.membership.agency.name}.",
        trail=_trail(group),
        button="Answer",
    )


class Step(NamedTuple):
    """One thing that is done to a group at the press of one button."""

    title: str
    consequences: tuple[str, ...]
    button: str
    done: str
    act: Callable[[], Any]
    is_grave: bool = False


def _steps(user: User, group: WorkingGroup) -> dict[str, Callable[[], Step | None]]:
    """What this person could do; each is looked up only when it is asked for."""
    return {
        "join": lambda: _join(user, group),
        "leave": lambda: _leave(user, group),
        "withdraw": lambda: _withdraw(user, group),
        "close": lambda: _close(user, group),
        "reopen": lambda: _reopen(user, group),
    }


def _join(user: User, group: WorkingGroup) -> Step | None:
    if group.state == WorkingGroup.State.CLOSED or policies.is_in_group(user, group):
        return None
    at_once = group.joining == WorkingGroup.Joining.FREE or policies.may_keep_group(user, group)
    return Step(
        f"Join {group.name}?" if at_once else f"Ask to join {group.name}?",
        (
            "Your name and your agency stand on the group's page, for everybody in the coalition.",
            "You are in at once." if at_once else "The chair or the secretary answers. You can take the question back.",
            "You can leave at any time.",
        ),
        "Join" if at_once else "Ask to join",
        "You are in." if at_once else "Asked. The answer stands on this page.",
        lambda: actions.join_group(group=group, by=user),
    )


def _leave(user: User, group: WorkingGroup) -> Step | None:
    own = selectors.own_place_in(user, group)
    if own is None:
        return None
    more = (f"Nobody is {own.get_duty_display().lower()} then. Tell the others.",) if own.duty in policies.KEEPERS else ()
    return Step(
        f"Leave {group.name}?",
        ("You no longer read what is for its members only. When you were in it stays known.", *more),
        "Leave",
        "You have left.",
        lambda: actions.leave_group(group=group, by=user),
    )


def _withdraw(user: User, group: WorkingGroup) -> Step | None:
    own = selectors.own_request(user, group)
    if own is None:
        return None
    return Step(
        "Take your question back?",
        (f"Nobody answers whether you may join {group.name}. You can ask again.",),
        "Take it back",
        "Taken back.",
        lambda: actions.withdraw_join_request(request=own, by=user),
    )


def _close(user: User, group: WorkingGroup) -> Step | None:
    if not policies.may_keep_group(user, group):
        return None
    return Step(
        f"Close {group.name}?",
        (
            "It takes nobody in and plans nothing more. Its people and what it did stay to be read.",
            "Whoever waits to be let in is declined. The coordinator can reopen it.",
        ),
        "Close the group",
        "Closed.",
        lambda: actions.close_group(group=group, by=user),
        is_grave=True,
    )


def _reopen(user: User, group: WorkingGroup) -> Step | None:
    if not policies.may_reopen_group(user, group):
        return None
    return Step(
        f"Reopen {group.name}?",
        ("It works again, with the people who were in it when it was closed.",),
        "Reopen",
        "Reopened.",
        lambda: actions.reopen_group(group=group, by=user),
    )


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def group_step(request: StaffRequest, pk: uuid.UUID, step: str) -> HttpResponse:
    group = _group(pk)
    look = _steps(request.user, group).get(step)
    found = look() if look else None
    if found is None:
        raise Http404
    return asked_first(request, found, back=_url(group), trail=_trail(group))


def asked_first(request: StaffRequest, step: Step, *, back: str, trail: Trail, to: str = "") -> HttpResponse:
    """The page that says what follows from a step, and does it."""
    return ask_first(
        request,
        title=step.title,
        consequences=step.consequences,
        button=step.button,
        act=step.act,
        done=step.done,
        back=back,
        to=to,
        trail=trail,
        is_grave=step.is_grave,
    )
