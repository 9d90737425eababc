"""Agreements: the list, the record with who has signed, and writing a draft."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.accounts.selectors.people import agency_for
from waymark.coalition.actions import agreements as actions
from waymark.coalition.forms.agreements import AgreementForm, PartiesForm
from waymark.coalition.models import Agreement, ReviewReminder
from waymark.coalition.policies import agreements as policies
from waymark.coalition.selectors import agreements as selectors
from waymark.coalition.selectors.groups import groups_listed
from waymark.coalition.views.steps import fill, sent
from waymark.pages.listing import Ask, Filter, Listing

STATES = Filter("state", "State", Agreement.State.choices)
DUE = Filter("due", "Review", [("over", "Due now"), ("soon", "Due within 60 days")])
STEP_LABELS = {
    "send": "Send it out for signature",
    "enter-force": "Put it into force",
    "review": "Begin the review",
    "renew": "Keep it: set the next review",
    "new-version": "Begin a new version",
    "take-back": "Take it back to the draft",
    "take-over": "See it through yourself",
    "end": "End it",
    "discard": "Discard the draft",
}


def agreement_at(pk: uuid.UUID, *, drafter: User | None = None) -> Agreement:
    """The agreement, and for `drafter` only while they may change it."""
    found = selectors.agreement_for(pk)
    if found is None or (drafter is not None and not policies.may_change_draft(drafter, found)):
        raise Http404
    return found


def url_of(agreement: Agreement) -> str:
    return reverse("coalition:agreement_detail", args=[agreement.pk])


def trail_of(agreement: Agreement | None = None) -> list[tuple[str, str]]:
    trail = [("Agreements", reverse("coalition:agreement_list"))]
    return [*trail, (agreement.title, url_of(agreement))] if agreement else trail


def _agencies(request: StaffRequest) -> Filter:
    """The own agency, and the one that the address names: thirty chips in a row would help nobody."""
    own = request.user.acting.agency
    choices = [(str(own.pk), "My agency is a party")]
    asked = request.GET.get("agency", "")
    try:
        named = agency_for(uuid.UUID(asked)) if asked and asked != str(own.pk) else None
    except ValueError:
        named = None
    return Filter("agency", "Party", [*choices, *([(str(named.pk), named.short_name)] if named else [])])


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def agreement_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [STATES, DUE, _agencies(request)])
    today, agency = timezone.localdate(), ask.answer("agency")
    found = selectors.agreements_listed(
        on=today,
        words=ask.words,
        state=ask.answer("state"),
        due=ask.answer("due"),
        agency=uuid.UUID(agency) if agency else None,
    )
    may_draft = policies.may_draft(request.user)
    context = {
        "title": "Agreements",
        "lead": "What agencies promise each other in writing. One binds when every party has signed.",
        "listing": Listing(ask, found),
        "today": today,
        "soon": today + selectors.SOON,
        "search_label": "Search by title or words",
        "primary_url": reverse("coalition:agreement_add") if may_draft else "",
        "primary_label": "Draft an agreement",
        "may_draft": may_draft,
    }
    return render(request, "coalition/agreement_list.html", context)


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def agreement_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    agreement, user = agreement_at(pk), request.user
    parties = selectors.parties_of(agreement)
    missing = []
    if agreement.state == Agreement.State.DRAFT:
        missing = selectors.missing_before_sending(agreement, parties)
    elif agreement.state == Agreement.State.OUT:
        missing = selectors.missing_before_force(parties)
    recordable = {party.pk for party in parties if policies.may_record_signatures(user, party)} if parties else set()
    steps = policies.steps_for(user, agreement)
    context = {
        "title": agreement.title,
        "trail": trail_of(),
        "agreement": agreement,
        "parties": parties,
        "annexes": list(agreement.annexes.all()),
        "reminders": list(ReviewReminder.objects.filter(agreement=agreement).order_by("-sent_at")[:20]),
        "missing": missing,
        "recordable": recordable,
        "newer": getattr(agreement, "newer", None),
        "may_draft": policies.may_change_draft(user, agreement),
        "steps": [(step, label) for step, label in STEP_LABELS.items() if step in steps],
        "today": timezone.localdate(),
        "soon": timezone.localdate() + selectors.SOON,
    }
    return render(request, "coalition/agreement_detail.html", context)


@requires(Permission.COALITION_AGREEMENT_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_add(request: StaffRequest) -> HttpResponse:
    form = AgreementForm(sent(request), groups=groups_listed(request.user, state="open"), initial={"remind_days": 30})
    return fill(
        request,
        form,
        act=lambda: actions.draft_agreement(values=form.values(), by=request.user),
        done="The draft is here. Choose its parties.",
        to=lambda made: reverse("coalition:agreement_parties", args=[made.pk]),
        back=reverse("coalition:agreement_list"),
        title="Draft an agreement",
        trail=trail_of(),
        draft="agreement:new",
        button="Save the draft",
    )


@requires(Permission.COALITION_AGREEMENT_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_change(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    agreement = agreement_at(pk, drafter=request.user)
    form = AgreementForm(
        sent(request), groups=groups_listed(request.user, state="open"), initial=AgreementForm.initial_of(agreement)
    )
    return fill(
        request,
        form,
        act=lambda: actions.change_draft(agreement=agreement, values=form.values(), by=request.user),
        done="Saved.",
        to=url_of(agreement),
        back=url_of(agreement),
        title="Change the draft",
        trail=trail_of(agreement),
        draft=f"agreement:{agreement.pk}",
    )


@requires(Permission.COALITION_AGREEMENT_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_parties(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    agreement = agreement_at(pk, drafter=request.user)
    now = [str(each) for each in agreement.parties.values_list("agency_id", flat=True)]
    form = PartiesForm(sent(request), agencies=selectors.agencies_to_choose(), initial={"parties": now})
    return fill(
        request,
        form,
        act=lambda: actions.choose_parties(agreement=agreement, agencies=form.cleaned_data["parties"], by=request.user),
        done="Saved. Now say who signs for each party.",
        to=url_of(agreement),
        back=url_of(agreement),
        title="Whom it binds",
        lead="Whom you leave out goes from the draft, with whoever would have signed for them.",
        trail=trail_of(agreement),
    )
