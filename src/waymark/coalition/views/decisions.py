"""Decisions: the list, one decision, and what its proposer and its group's keepers do with it."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.views.steps import ask_first
from waymark.coalition.actions import decisions as actions
from waymark.coalition.formats.tally import Share, usual_quorum
from waymark.coalition.forms.decisions import (
    ClosingForm,
    DraftForm,
    OutcomeForm,
    RoundForm,
    StanceForm,
    WayForm,
    draft_initial,
)
from waymark.coalition.models import Decision, Meeting, Stance, Way, WorkingGroup
from waymark.coalition.policies import action_items as item_policies
from waymark.coalition.policies import decisions as policies
from waymark.coalition.policies import groups
from waymark.coalition.policies.decisions import Event
from waymark.coalition.selectors import action_items, tallies
from waymark.coalition.selectors import decisions as selectors
from waymark.coalition.selectors import meetings as meeting_selectors
from waymark.coalition.selectors.asked import agencies_with_a_voice
from waymark.coalition.views.asking import bound, form_page
from waymark.pages.listing import Ask, Filter, Listing

STATE = Filter("state", "State", Decision.State.choices)
WAY = Filter("way", "Way", Way.choices)
WHOSE = Filter("whose", "Whose", [("waiting", "Waits for me"), ("mine", "My groups"), ("everybody", "Everybody’s")])
LIST = "coalition:decision_list"


def decision_or_404(request: StaffRequest, pk: uuid.UUID) -> Decision:
    found = selectors.decision_for(request.user, pk)
    if found is None:
        raise Http404
    return found


def fitting_or_404(request: StaffRequest, pk: uuid.UUID, event: Event, *, text: bool = False) -> Decision:
    """A decision with which who asks may do this now; `text` is for its proposer alone."""
    decision = selectors.own_proposal(request.user, pk) if text else selectors.decision_for(request.user, pk)
    if decision is None or not policies.fits(decision, event, at=timezone.now()):
        raise Http404
    if not text and not policies.runs(request.user, decision):
        raise Http404
    return decision


def url_of(decision: Decision) -> str:
    return reverse("coalition:decision_detail", args=[decision.pk])


def trail_of(decision: Decision | None = None) -> list[tuple[str, str]]:
    trail = [("Decisions", reverse(LIST))]
    return [*trail, (decision.title, url_of(decision))] if decision else trail


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def decision_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [STATE, WAY, WHOSE])
    now = timezone.now()
    rows = selectors.decisions_for(
        request.user,
        words=ask.words,
        state=ask.answer("state"),
        way=ask.answer("way"),
        whose=ask.answer("whose"),
        at=now,
    )
    listing = Listing(ask, rows)
    for row in listing.rows:
        row.state_now = row.state_at(now)
        row.state_label = Decision.State(row.state_now).label
    context = {
        "title": "Decisions",
        "lead": "What the groups and the whole coalition decide, and how it ended.",
        "listing": listing,
        "search_label": "Search by title, text or group",
        "now": now,
    }
    if groups.takes_part(request.user):
        context |= {"primary_url": reverse("coalition:decision_new"), "primary_label": "New decision"}
    return render(request, "coalition/decision_list.html", context)


def _own_stance(by: Any, decision: Decision, said: list[Stance]) -> Stance | None:
    """What counts of mine, or in a vote of my agency."""
    current = [each for each in said if each.is_current and each.round == decision.round]
    if decision.way == Way.VOTE:
        return next((each for each in current if by.acting and each.agency_id == by.acting.agency_id), None)
    return next((each for each in current if each.user_id == by.pk), None)


def detail_context(request: StaffRequest, decision: Decision, form: StanceForm | None = None) -> dict[str, Any]:
    """Everything that the page of a decision shows."""
    by, now = request.user, timezone.now()
    said = selectors.said_in(decision)
    current = [each for each in said if each.is_current and each.round == decision.round]
    own = _own_stance(by, decision, said)
    slots = list(decision.slots.all()) if decision.way == Way.TIME_POLL else []
    may_give = policies.may_answer(by, decision) and policies.fits(decision, Event.GIVE, at=now)
    if form is None and may_give:
        initial = {"choice": own.choice, "reason": own.reason, **own.answers} if own else {}
        form = StanceForm(decision=decision, slots=slots, initial=initial)
    runs, proposes = policies.runs(by, decision), policies.is_proposer(by, decision)
    events = {event: policies.fits(decision, event, at=now) for event in Event}
    context: dict[str, Any] = {
        "title": decision.title,
        "trail": trail_of(),
        "decision": decision,
        "state_now": decision.state_at(now),
        "state_label": Decision.State(decision.state_at(now)).label,
        "now": now,
        "current": current,
        "earlier": [each for each in reversed(said) if each not in current],
        "rounds": [each for each in decision.rounds.all() if each.number < decision.round],
        "tally": tallies.tally_by_agency(decision, current),
        "slot_lines": tallies.slot_lines(slots, current),
        "unresolved": [each for each in current if each.choice == "objection" and each.resolved_at is None],
        "own": own,
        "form": form if may_give else None,
        "may_give": may_give,
        "may_resolve": own is not None and policies.may_resolve(by, own) and events[Event.RESOLVE],
        "may_change": proposes and events[Event.CHANGE],
        "may_open": runs and events[Event.OPEN],
        "may_begin_round": proposes and events[Event.NEW_ROUND],
        "may_close": runs and events[Event.CLOSE],
        "may_state": runs and events[Event.STATE_OUTCOME],
        "may_withdraw": runs and events[Event.WITHDRAW],
        "may_give_item": item_policies.may_give(by, decision.group) or item_policies.may_take(by, decision.group),
        "action_items": action_items.items_of(decision, to=by),
    }
    if decision.way == Way.VOTE:
        share = Share(decision.share_of or 1, decision.share_out_of or 1, bool(decision.share_is_exceeded))
        context |= {"share": share.in_words(), "voted": len(current)}
    return context


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def decision_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    decision = decision_or_404(request, pk)
    return render(request, "coalition/decision_detail.html", detail_context(request, decision))


def _meeting_from(request: StaffRequest) -> Meeting | None:
    """The meeting named in the address, when who asks may know of it."""
    try:
        pk = uuid.UUID(request.GET.get("meeting", ""))
    except ValueError:
        return None
    return meeting_selectors.meeting_for(request.user, pk)


def groups_to_ask(request: StaffRequest) -> Any:
    """Open groups to which who asks may put a decision."""
    mine, kept = groups.groups_of(request.user), item_policies.kept_groups(request.user)
    found = WorkingGroup.objects.filter(state=WorkingGroup.State.OPEN)
    return (found.filter(pk__in=mine.values("pk")) | found.filter(pk__in=kept.values("pk"))).order_by("name")


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def decision_new(request: StaffRequest) -> HttpResponse:
    """Step 1: whom to ask, and in which way. A meeting in the address fixes whom."""
    meeting = _meeting_from(request)
    may_poll = groups.may_found_group(request.user) or item_policies.kept_groups(request.user).exists()
    form = WayForm(bound(request), groups=groups_to_ask(request), may_poll=may_poll)
    form.initial.setdefault("way", Way.CONSENT.value)
    form.initial.setdefault("group", meeting.group_id if meeting else request.GET.get("group", ""))

    def act() -> str:
        group = form.cleaned_data["group"]
        way = form.cleaned_data["way"]
        policies.must_propose(request.user, group, way, None)
        kept = f"&meeting={meeting.pk}" if meeting and meeting.group_id == (group.pk if group else None) else ""
        whose = group.pk if group else "everybody"
        return f"{reverse('coalition:decision_draft', args=[way])}?group={whose}{kept}"

    return form_page(
        request, form, act, done="", title="New decision", lead="Step 1 of 2. Nobody is asked before you open it.",
        trail=trail_of(), button="Go on", cancel_url=reverse(LIST),
    )  # fmt: skip


def _group_from(request: StaffRequest) -> WorkingGroup | None:
    """The group named in the address; 404 for one to which who asks may put nothing."""
    named = request.GET.get("group", "everybody")
    if named == "everybody":
        return None
    try:
        found = groups_to_ask(request).filter(pk=uuid.UUID(named)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found  # type: ignore[no-any-return]


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def decision_draft(request: StaffRequest, way: str) -> HttpResponse:
    """Step 2: the question itself."""
    if way not in Way.values:
        raise Http404
    group, meeting = _group_from(request), _meeting_from(request)
    if meeting is not None and meeting.group_id != (group.pk if group else None):
        meeting = None
    quorum = usual_quorum(agencies_with_a_voice(group).count()) if way == Way.VOTE else None
    form = DraftForm(bound(request), way=way, initial={"quorum": quorum, "share": "half"})

    def act() -> str:
        made = actions.propose_decision(
            group=group, way=way, values=form.values(), slots=form.slots(), meeting=meeting, by=request.user
        )
        return url_of(made)

    return form_page(
        request, form, act, done="The draft is saved. Nobody is asked before you open it.",
        title=f"{Way(way).label}: {group.name if group else 'the whole coalition'}", lead="Step 2 of 2.",
        trail=trail_of(), button="Save the draft", cancel_url=reverse(LIST),
    )  # fmt: skip


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def decision_change(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    decision = fitting_or_404(request, pk, Event.CHANGE, text=True)
    form = DraftForm(bound(request), way=decision.way, initial=draft_initial(decision))

    def act() -> str:
        actions.change_draft(decision=decision, values=form.values(), slots=form.slots(), by=request.user)
        return url_of(decision)

    return form_page(
        request, form, act, done="The draft is saved.", title="Change the draft", trail=trail_of(decision),
        cancel_url=url_of(decision),
    )  # fmt: skip


def _closing(request: StaffRequest, decision: Decision, form: ClosingForm, act: Any, **words: str) -> HttpResponse:
    return form_page(
        request, form, act, trail=trail_of(decision), cancel_url=url_of(decision), cancel_label="Not yet", **words
    )  # fmt: skip


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def decision_open(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    decision = fitting_or_404(request, pk, Event.OPEN)
    form = ClosingForm(bound(request))

    def act() -> str:
        actions.open_decision(decision=decision, closes_at=form.closes_at(), by=request.user)
        return url_of(decision)

    return _closing(
        request, decision, form, act, done="It is open. Everybody who is asked gets a notice.", title="Open the decision",
        lead="From now on its text stays, and whoever is asked can answer until it closes.", button="Open it now",
    )  # fmt: skip


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def decision_round(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    decision = fitting_or_404(request, pk, Event.NEW_ROUND, text=True)
    form = RoundForm(bound(request), initial={"text": decision.text})

    def act() -> str:
        actions.begin_new_round(
            decision=decision, text=form.cleaned_data["text"], closes_at=form.closes_at(), by=request.user
        )
        return url_of(decision)

    return _closing(
        request, decision, form, act, done="A new round has begun. Everybody who is asked gets a notice.",
        title="Change the text and ask again", button="Begin the new round",
        lead="What was said to the old text stays with it to be read, and counts no more. Everybody answers anew.",
    )  # fmt: skip


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def decision_close(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    decision = fitting_or_404(request, pk, Event.CLOSE)
    return ask_first(
        request,
        title="Close it now?",
        consequences=[
            "Nobody can answer or change an answer any more. It would have been open longer.",
            "Then you write the outcome.",
        ],
        button="Close it now",
        act=lambda: actions.close_decision(decision=decision, by=request.user),
        done="Closed. Write the outcome next.",
        back=url_of(decision),
        trail=trail_of(decision),
        cancel_label="Leave it open",
    )


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def decision_outcome(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    decision = fitting_or_404(request, pk, Event.STATE_OUTCOME)
    current = list(tallies.current_stances(decision).select_related("agency"))
    slots = list(decision.slots.all()) if decision.way == Way.TIME_POLL else []
    lines = tallies.slot_lines(slots, current)
    form = OutcomeForm(bound(request), slots=slots, best=tallies.best_slot(lines))

    def act() -> str:
        actions.state_outcome(
            decision=decision, statement=form.cleaned_data["statement"], slot=form.slot(), by=request.user
        )
        return url_of(decision)

    return form_page(
        request, form, act, done="The decision has ended. Everybody who was asked gets a notice.",
        template="coalition/decision_outcome.html", title="Write the outcome", trail=trail_of(decision), decision=decision,
        tally=tallies.tally_by_agency(decision, current), slot_lines=lines, button="End the decision with this statement",
        outcome=None if slots else actions.outcome_of(decision), cancel_url=url_of(decision),
    )  # fmt: skip


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def decision_withdraw(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    decision = fitting_or_404(request, pk, Event.WITHDRAW)
    return ask_first(
        request,
        title="Withdraw the decision?",
        consequences=["What was said stays to be read, and decides nothing. It cannot be opened again."],
        button="Withdraw it",
        act=lambda: actions.withdraw_decision(decision=decision, by=request.user),
        done="Withdrawn.",
        back=url_of(decision),
        trail=trail_of(decision),
        cancel_label="Leave it as it is",
    )
