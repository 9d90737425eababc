"""What other agencies ask of us: reading it, answering in two presses, and saying what came of it."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.audit.policies import TooMany
from waymark.cases.formats.origins import takeable
from waymark.cases.policies import may_work
from waymark.cases.selectors.origins import REFERRAL, cases_from, links_to
from waymark.disclosures.actions import Content
from waymark.disclosures.formats.kinds import label_of
from waymark.disclosures.models import InboxPacket
from waymark.disclosures.selectors import Beside
from waymark.disclosures.views.answers import lines_of
from waymark.pages.listing import Ask, Filter, Listing
from waymark.people.policies import Refused
from waymark.referrals.actions.moving import answer_about_room, move_received, read_received, take_in_letter
from waymark.referrals.forms import AnswerForm, LetterCodeForm, MoveForm
from waymark.referrals.models import MOVES, REASONS, Answer, Event, ReceivedReferral, Side, State, Way, events_from
from waymark.referrals.policies import may_become_case, may_send
from waymark.referrals.selectors import received, sent
from waymark.referrals.views.sent import TAKEN
from waymark.vault.selectors import OpenVault, unlock_url, vault_in

ANSWER = Permission.REFERRALS_REFERRAL_ANSWER
FILTERS = [
    Filter("state", "State", [("waits", "Waits for us"), ("open", "Open"), ("over", "Over")]),
    Filter("way", "Way", Way.choices),
]
# What an event means for who asked, before it happens. Events without a reason happen at one press of their button.
CONSEQUENCES = {
    Event.DECLINE: ["They learn that you cannot, and why. They ask somebody else."],
    Event.NOT_CONNECT: ["They learn that it did not come about, and why. They can go on looking."],
}


def received_or_404(request: StaffRequest, pk: uuid.UUID) -> ReceivedReferral:
    found = received.received_one(pk, to=request.user)
    if found is None:
        raise Http404
    return found


@requires(ANSWER)
@require_safe
def inbox(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    ask = Ask(request.GET, FILTERS)
    rows = received.inbox(to=request.user, words=ask.words, way=ask.answer("way"), state=ask.answer("state"), at=now)
    listing = Listing(ask, rows)
    context = {
        "title": "Requests to us",
        "lead": "What other agencies ask: whether you have room, and whether you can take somebody.",
        "listing": listing,
        "lines": received.lines(listing.rows, now),
        "search_label": "Search by agency or service",
        "here": "inbox",
        "may_answer": True,
        "may_send": may_send(request.user),
        "primary_url": reverse("referrals:arrived"),
        "primary_label": "Somebody came with a letter",
    }
    return render(request, "referrals/inbox.html", context)


@requires(ANSWER)
@require_safe
def inbox_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Its header for every advocate of the agency; what it says once it was opened, while the vault is open."""
    found = received_or_404(request, pk)
    now = timezone.now()
    vault = vault_in(request)
    packet = received.packet_of(found)
    content, trouble = None, ""
    is_there = packet is not None and not packet.taken_back_at and packet.expires_at > now
    if is_there and packet is not None and packet.read_at and vault is not None:
        try:
            content = read_received(vault=vault, received=found, by=request.user)
        except Refused as refused:
            trouble = str(refused)
    line = received.lines([found], now)[0]
    context = {
        "title": f"{line.service}, from {found.sender.name}",
        "received": found,
        "line": line,
        "packet": packet,
        "is_there": is_there,
        "said": lines_of(packet.kind, content.values) if packet is not None and content else [],
        "is_sender_known": content is None or content.is_sender_known,
        "trouble": trouble,
        "beside": _cases_beside(found, packet, content, vault, request.user, now) if vault is not None else None,
        "answers": Answer.choices,
        "answer_form": AnswerForm(),
        "can": events_from(found.way, line.state, Side.RECIPIENT),
        "with_reason": [event for event in Event if REASONS.get(event)],
        "is_question": found.way == Way.QUESTION,
        "may_be_sent": line.state in TAKEN and found.way != Way.CONSENTED,
        "moves": sent.moves_of(found.agency_id, found.referral),
        "is_vault_open": vault is not None,
        "unlock_url": unlock_url(request.path),
        "trail": [("Requests to us", reverse("referrals:inbox"))],
    }
    return render(request, "referrals/inbox_detail.html", context)


def _cases_beside(
    found: ReceivedReferral,
    packet: InboxPacket | None,
    content: Content | None,
    vault: OpenVault,
    by: User,
    at: dt.datetime,
) -> Beside | None:
    """The cases that came by it, and the way to open one once it was taken up and read."""
    links = links_to(cases_from(REFERRAL, found.pk, vault=vault, to=by))
    may_open = may_become_case(found, at=at) and may_work(by) and (content is not None or found.way != Way.CONSENTED)
    if not links and not may_open:
        return None
    values = content.values if content is not None else {}
    kind = packet.kind if packet is not None else ""
    choices = [(code, label_of(kind, code)) for code in takeable(kind, values)]
    return Beside("In your agency", links, reverse("referrals:inbox_case", args=[found.pk]) if may_open else "", choices)


@requires(ANSWER)
@require_POST
def inbox_read(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The first press: open it. Who asked learns that it was opened."""
    found = received_or_404(request, pk)
    here = reverse("referrals:inbox_detail", args=[found.pk])
    vault = vault_in(request)
    if vault is None:
        return redirect(unlock_url(here))
    try:
        if read_received(vault=vault, received=found, by=request.user) is None:
            messages.warning(request, "There is nothing to read any more.")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(here)


@requires(ANSWER)
@require_POST
def inbox_answer(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The second press: yes, no, waiting list, or call us."""
    found = received_or_404(request, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose one of the answers, and how long it holds.")
    else:
        data = form.cleaned_data
        try:
            answer_about_room(received=found, answer=data["answer"], hours=data["hours"], by=request.user)
        except Refused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, "Answered. You can correct it while it holds.")
    return redirect("referrals:inbox_detail", found.pk)


@requires(ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def inbox_move(request: StaffRequest, pk: uuid.UUID, event: str) -> HttpResponse:
    """One event by us. What takes a reason has a page that asks for it."""
    found = received_or_404(request, pk)
    here = reverse("referrals:inbox_detail", args=[found.pk])
    if event not in Event.values or event in {Event.ANSWER, Event.ARRIVE}:
        raise Http404
    state = found.state_at(timezone.now())
    if MOVES.get((found.way, state, event), ("", ""))[0] != Side.RECIPIENT:
        messages.warning(request, "It has moved meanwhile. Here is where it stands now.")
        return redirect(here)
    form = MoveForm(request.POST if request.method == "POST" else None, event=event)
    if form.is_bound and form.is_valid():
        try:
            move_received(received=found, event=event, reason=form.cleaned_data.get("reason", ""), by=request.user)
        except Refused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, f"{State(MOVES[found.way, state, event][1]).label}. Who asked is told.")
        return redirect(here)
    context = {
        "form": form,
        "title": Event(event).label,
        "consequences": CONSEQUENCES.get(Event(event), ["Who asked is told."]),
        "button": Event(event).label,
        "cancel_url": here,
        "cancel_label": "Go back without changing it",
        "trail": [("Requests to us", reverse("referrals:inbox"))],
    }
    return render(request, "pages/confirm_page.html", context, status=422 if form.is_bound else 200)


@requires(ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def arrived(request: StaffRequest) -> HttpResponse:
    """The code of a letter: it says that somebody came, and nothing of who."""
    form = LetterCodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            own = take_in_letter(typed=form.cleaned_data["code"], by=request.user)
        except TooMany:
            own, trouble = None, "Too many codes in an hour. Call the number on the letter."
        else:
            trouble = "No letter with this code is open for your agency. Look at it again, or call the number on it."
        if own is None:
            form.add_error("code", trouble)
        else:
            messages.success(request, "Written down. Who wrote the letter knows that somebody came.")
            return redirect("referrals:inbox_detail", own)
    context = {
        "form": form,
        "title": "Somebody came with a letter",
        "lead": "Type the code that stands on the page. It tells both agencies that somebody came, and nothing of who.",
        "button": "They came",
        "cancel_url": reverse("referrals:inbox"),
        "cancel_label": "Go back",
        "trail": [("Requests to us", reverse("referrals:inbox"))],
    }
    return render(request, "pages/form_page.html", context, status=422 if form.is_bound else 200)
