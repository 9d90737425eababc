"""What was asked: the board of answers about room, the list of referrals, one of them, and moving it on."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.disclosures.actions import read_own_copy
from waymark.disclosures.policies import Refused as MailRefused
from waymark.disclosures.views.answers import lines_of
from waymark.pages.listing import Ask, Filter, Listing
from waymark.people.policies import Refused
from waymark.referrals.actions.moving import move_sent
from waymark.referrals.forms import MoveForm
from waymark.referrals.models import HANDED, MOVES, Answer, Event, Referral, Side, State, Way, events_from
from waymark.referrals.policies import may_answer, may_ask_for_release
from waymark.referrals.selectors import sent
from waymark.vault.selectors import OpenVault, unlock_url, vault_in

SEND = Permission.REFERRALS_REFERRAL_SEND
ANSWERS = Filter("answer", "Answer", [*Answer.choices, ("waits", "Not answered yet"), ("over", "Over")])
FILTERS = [
    Filter("state", "State", [("open", "Open"), *[each for each in State.choices if each[0] != State.ANSWERED]]),
    Filter("way", "Way", [(way.value, way.label) for way in HANDED]),
    Filter("whose", "Whose", [("mine", "Asked by me")]),
]
# Somebody is expected there: more may have to be known, if the person agrees.
TAKEN = frozenset({State.ACCEPTED, State.IN_SERVICE, State.WAITING, State.CONNECTED})
# What each event means for the other agency, before it happens.
CONSEQUENCES = {
    Event.CLOSE: ["It is done. A day later it is deleted at both agencies, and a count stays."],
    Event.REOPEN: ["The provider is asked to go on. That it was closed and reopened stays in its history."],
    Event.VOID: [
        "For what was made by mistake. What they have not opened is gone there; what they have opened is marked as void.",
        "It cannot be undone. Make a new one instead.",
    ],
    Event.WITHDRAW: [
        "They are asked no more. What they have not opened is gone there; what they have opened is taken back, and read "
        "cannot be unread.",
        "It cannot be undone. You can ask again at any time.",
    ],
}


def referral_or_404(request: StaffRequest, pk: uuid.UUID) -> Referral:
    found = sent.sent_one(pk, to=request.user)
    if found is None:
        raise Http404
    return found


@requires(SEND)
@require_safe
def board(request: StaffRequest) -> HttpResponse:
    """Who said what until when. Only who asked sees it, and there is no number of beds in it."""
    now = timezone.now()
    ask = Ask(request.GET, [ANSWERS])
    listing = Listing(ask, sent.board(to=request.user, words=ask.words, answer=ask.answer("answer"), at=now))
    vault = vault_in(request)
    context = {
        "title": "Who has room",
        "lead": "What providers answered to your agency’s questions, and until when each answer holds.",
        "listing": listing,
        "lines": sent.lines(listing.rows, vault, now),
        "search_label": "Search by provider, service or case code",
        "is_vault_open": vault is not None,
        "unlock_url": unlock_url(request.get_full_path()),
        "here": "board",
        "may_answer": may_answer(request.user),
        "now": now,
    }
    return render(request, "referrals/board.html", context)


@requires(SEND)
@require_safe
def sent_list(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    ask = Ask(request.GET, FILTERS)
    rows = sent.sent(
        to=request.user, words=ask.words, way=ask.answer("way"), state=ask.answer("state"), whose=ask.answer("whose")
    )
    listing = Listing(ask, rows)
    vault = vault_in(request)
    context = {
        "title": "Referrals",
        "lead": "What your agency asked of others for its cases.",
        "listing": listing,
        "lines": sent.lines(listing.rows, vault, now),
        "search_label": "Search by provider, service or case code",
        "is_vault_open": vault is not None,
        "unlock_url": unlock_url(request.get_full_path()),
        "here": "list",
        "may_answer": may_answer(request.user),
    }
    return render(request, "referrals/sent_list.html", context)


def _said(request: StaffRequest, referral: Referral, vault: OpenVault | None) -> tuple[list[object], str]:
    """What was sent, as long as it is there; and why it cannot be shown."""
    packet = sent.own_copy_packet(referral)
    if packet is None or vault is None:
        return [], ""
    try:
        values = read_own_copy(vault=vault, packet=packet, by=request.user)
    except MailRefused as refused:
        return [], str(refused)
    return [*lines_of(packet.kind, values)], ""


@requires(SEND)
@require_safe
def detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    found = referral_or_404(request, pk)
    now = timezone.now()
    vault = vault_in(request)
    said, trouble = _said(request, found, vault)
    line = sent.lines([found], vault, now)[0]
    can = events_from(found.way, line.state, Side.SENDER)
    context = {
        "title": f"{line.service}, {found.recipient.name}",
        "line": line,
        "referral": found,
        "said": said,
        "trouble": trouble,
        "can": [(event, reverse("referrals:move", args=[found.pk, event])) for event in can],
        "is_letter": found.way == Way.CARRIED and line.state == State.REQUESTED,
        "is_question": found.way == Way.QUESTION,
        "is_late": found.is_late(now),
        "may_share": line.state in TAKEN and found.way != Way.CONSENTED and may_ask_for_release(request.user),
        "moves": sent.moves_of(found.agency_id, found.pk),
        "is_vault_open": vault is not None,
        "unlock_url": unlock_url(request.path),
        "trail": [("Who has room", reverse("referrals:board"))]
        if found.way == Way.QUESTION
        else [("Referrals", reverse("referrals:list"))],
    }
    return render(request, "referrals/detail.html", context)


@requires(SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: StaffRequest, pk: uuid.UUID, event: str) -> HttpResponse:
    """Withdraw, close, reopen or void it: its consequences stand above the button."""
    found = referral_or_404(request, pk)
    here = reverse("referrals:detail", args=[found.pk])
    if event not in CONSEQUENCES:
        raise Http404
    state = found.state_at(timezone.now())
    if MOVES.get((found.way, state, event), ("", ""))[0] != Side.SENDER:
        messages.warning(request, "It has moved meanwhile. Here is where it stands now.")
        return redirect(here)
    form = MoveForm(request.POST if request.method == "POST" else None, event=event)
    if form.is_bound and form.is_valid():
        try:
            move_sent(referral=found, event=event, reason=form.cleaned_data.get("reason", ""), by=request.user)
        except Refused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, f"{State(MOVES[found.way, state, event][1]).label}.")
        return redirect(here)
    context = {
        "form": form,
        "title": Event(event).label,
        "consequences": CONSEQUENCES[Event(event)],
        "button": Event(event).label,
        "is_grave": event in {Event.VOID, Event.WITHDRAW},
        "cancel_url": here,
        "cancel_label": "Go back without changing it",
        "trail": [("Referrals", reverse("referrals:list"))],
    }
    return render(request, "pages/confirm_page.html", context, status=422 if form.is_bound else 200)
