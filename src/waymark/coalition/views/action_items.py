"""Action items: my own with one button each, the list of all, and one item."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.models import Membership
from waymark.coalition.actions import action_items as actions
from waymark.coalition.forms.action_items import ActionItemForm, DropForm, ProgressForm, WhoseForm
from waymark.coalition.models import ActionItem, Decision, Meeting, WorkingGroup
from waymark.coalition.policies import Refused, groups
from waymark.coalition.policies import action_items as policies
from waymark.coalition.selectors import action_items as selectors
from waymark.coalition.selectors import decisions, meetings
from waymark.coalition.selectors.asked import people_asked
from waymark.coalition.views.asking import bound, form_page
from waymark.coalition.views.decisions import groups_to_ask
from waymark.pages.listing import Ask, Filter, Listing

STATE = Filter("state", "State", [("open", "Open"), ("overdue", "Overdue"), ("done", "Done"), ("dropped", "Dropped")])
OWNER = Filter("owner", "Whose", [("me", "Mine"), ("agency", "My agency’s")])
LIST, MINE = "coalition:action_item_list", "coalition:my_action_items"


def _item_or_404(request: StaffRequest, pk: uuid.UUID) -> ActionItem:
    found = selectors.action_item_for(request.user, pk)
    if found is None:
        raise Http404
    return found


def _own_or_404(request: StaffRequest, pk: uuid.UUID) -> ActionItem:
    found = selectors.own_item(request.user, pk)
    if found is None:
        raise Http404
    return found


def url_of(item: ActionItem) -> str:
    return reverse("coalition:action_item_detail", args=[item.pk])


def _trail(item: ActionItem | None = None) -> list[tuple[str, str]]:
    trail = [("Action items", reverse(LIST))]
    return [*trail, (item.title, url_of(item))] if item else trail


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def action_item_list(request: StaffRequest) -> HttpResponse:
    mine = groups.groups_of(request.user).order_by("name")
    group = Filter("group", "Group", [*((str(each.pk), each.name) for each in mine), ("none", "Everybody’s")])
    ask = Ask(request.GET, [STATE, OWNER, group])
    today = timezone.localdate()
    rows = selectors.action_items_for(
        request.user,
        words=ask.words,
        state=ask.answer("state"),
        group=ask.answer("group"),
        owner=ask.answer("owner"),
        on=today,
    )
    context = {
        "title": "Action items",
        "lead": "What was promised in groups and meetings, the next due first.",
        "listing": Listing(ask, rows),
        "search_label": "Search by title, owner or group",
        "today": today,
    }
    if groups.takes_part(request.user):
        context |= {"primary_url": reverse("coalition:action_item_new"), "primary_label": "New action item"}
    return render(request, "coalition/action_item_list.html", context)


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def my_action_items(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET)
    context = {
        "title": "My action items",
        "trail": _trail(),
        "listing": Listing(ask, selectors.my_open_items(request.user)),
        "settled": list(selectors.my_settled_items(request.user)),
        "today": timezone.localdate(),
    }
    return render(request, "coalition/my_action_items.html", context)


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def action_item_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    item, by = _item_or_404(request, pk), request.user
    context = {
        "title": item.title,
        "trail": _trail(),
        "item": item,
        "today": timezone.localdate(),
        "may_settle": policies.may_settle(by, item),
        "may_change": policies.may_change(by, item),
        "may_take_back": policies.may_take_back(by, item),
        "meeting": meetings.meeting_for(by, item.meeting_id) if item.meeting_id else None,
        "decision": decisions.decision_for(by, item.decision_id) if item.decision_id else None,
    }
    return render(request, "coalition/action_item_detail.html", context)


def _origin(request: StaffRequest) -> Meeting | Decision | None:
    """The meeting or decision named in the address, when who asks may know of it; 404 for any other."""
    for name, find in (("meeting", meetings.meeting_for), ("decision", decisions.decision_for)):
        if name in request.GET:
            try:
                found: Any = find(request.user, uuid.UUID(request.GET[name]))
            except ValueError:
                found = None
            if found is None:
                raise Http404
            return found  # type: ignore[no-any-return]
    return None


def _people(request: StaffRequest, group: WorkingGroup | None) -> Any:
    """Who may be given something: the people of the group for who keeps it, oneself for everybody else."""
    mine = Membership.objects.filter(pk=request.user.acting.pk)
    found = people_asked(group) | mine if policies.may_give(request.user, group) else mine
    return found.select_related("user", "agency").order_by("user__display_name", "pk")


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def action_item_new(request: StaffRequest) -> HttpResponse:
    """Step 1 for an item that comes from no meeting: whose it is."""
    form = WhoseForm(bound(request), groups=groups_to_ask(request))

    def act() -> str:
        group = form.cleaned_data["group"]
        return f"{reverse('coalition:action_item_give')}?group={group.pk if group else 'everybody'}"

    return form_page(
        request, form, act, done="", title="New action item", lead="Step 1 of 2.", trail=_trail(), button="Go on",
        cancel_url=reverse(LIST),
    )  # fmt: skip


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def action_item_give(request: StaffRequest) -> HttpResponse:
    """Write down who does what until when. The address names the meeting, the decision or the group."""
    origin, by = _origin(request), request.user
    group = origin.group if origin is not None else _group_from(request)
    if not policies.may_give(by, group) and not policies.may_take(by, group):
        raise Http404
    form = ActionItemForm(bound(request), people=_people(request, group), initial={"owner": by.acting.pk})
    back = url_of_origin(origin) if origin is not None else reverse(LIST)

    def act() -> str:
        item = actions.give_action_item(
            **form.cleaned_data,
            group=group,
            meeting=origin if isinstance(origin, Meeting) else None,
            decision=origin if isinstance(origin, Decision) else None,
            by=by,
        )
        return back if origin is not None else url_of(item)

    readers = f"Read by the members of {group.name}, and by its owner." if group else "Read by the whole coalition."
    return form_page(
        request, form, act, done="Written down. It stands on its owner’s page and in their calendar.",
        title="New action item", lead=readers, trail=_trail(), cancel_url=back,
    )  # fmt: skip


def url_of_origin(origin: Meeting | Decision) -> str:
    name = "coalition:meeting_detail" if isinstance(origin, Meeting) else "coalition:decision_detail"
    return reverse(name, args=[origin.pk])


def _group_from(request: StaffRequest) -> WorkingGroup | None:
    named = request.GET.get("group", "everybody")
    if named == "everybody":
        return None
    try:
        found: WorkingGroup | None = groups_to_ask(request).filter(pk=uuid.UUID(named)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def action_item_change(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    item = _item_or_404(request, pk)
    if not policies.may_change(request.user, item):
        raise Http404
    people = Membership.objects.filter(pk=item.owner_id)
    if policies.keeps(request.user, item):
        people = people | people_asked(item.group)
    form = ActionItemForm(
        bound(request),
        people=people.select_related("user", "agency").order_by("user__display_name", "pk"),
        initial={"title": item.title, "owner": item.owner_id, "due_on": item.due_on},
    )

    def act() -> str:
        actions.change_action_item(item=item, values=form.cleaned_data, by=request.user)
        return url_of(item)

    return form_page(
        request, form, act, done="Changed.", title="Change the action item", trail=_trail(item), cancel_url=url_of(item)
    )


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def action_item_progress(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    item = _own_or_404(request, pk)
    if not policies.may_settle(request.user, item):
        raise Http404
    form = ProgressForm(bound(request), initial={"progress": item.progress, "note": item.note})

    def act() -> str:
        data = form.cleaned_data
        actions.note_progress(item=item, progress=int(data["progress"]), note=data["note"], by=request.user)
        return url_of(item)

    return form_page(request, form, act, done="Noted.", title="How far it is", trail=_trail(item), cancel_url=url_of(item))


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def action_item_drop(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    item = _item_or_404(request, pk)
    if not policies.may_drop(request.user, item):
        raise Http404
    form = DropForm(bound(request))

    def act() -> str:
        actions.drop_action_item(item=item, why=form.cleaned_data["reason"], by=request.user)
        return url_of(item)

    return form_page(
        request, form, act, done="Dropped. It can be taken back on its page.", title="Drop the action item",
        lead="It stays in the list with your word why.", trail=_trail(item), button="Drop it", cancel_url=url_of(item),
        cancel_label="Keep it",
    )  # fmt: skip


def _back(request: StaffRequest, item: ActionItem) -> str:
    """To the page on which the button was pressed."""
    return reverse(MINE) if request.POST.get("from") == "mine" else url_of(item)


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_POST
def action_item_done(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    item = _own_or_404(request, pk)
    try:
        actions.finish_action_item(item=item, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"“{item.title}” is done. It can be taken back with “Undo”.")
    return redirect(_back(request, item))


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_POST
def action_item_undo(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    item = _item_or_404(request, pk)
    if not policies.is_owner(request.user, item) and not policies.keeps(request.user, item):
        raise Http404
    try:
        actions.reopen_action_item(item=item, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"“{item.title}” is open again.")
    return redirect(_back(request, item))
