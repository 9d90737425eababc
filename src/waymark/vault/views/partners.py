"""Partner agencies: whose words were compared, whose key changed."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.pages.listing import Ask, Filter, Listing
from waymark.sealing.words import words_between
from waymark.vault.actions.partners import pin_partner, unpin_partner
from waymark.vault.forms import PressForm, WordsForm
from waymark.vault.policies import Refused, agency_of
from waymark.vault.selectors.partners import PIN_WORDS, PinState, has_key, is_pinned, partner_of, partners_of
from waymark.vault.selectors.session import opened_in
from waymark.vault.views.answers import form_page, trail

OPEN = Permission.VAULT_OPEN
STATES = Filter("state", "State", [(state.value, words) for state, words in PIN_WORDS.items()])


@requires(OPEN)
@require_safe
def partner_list(request: StaffRequest) -> HttpResponse:
    vault = opened_in(request)
    ask = Ask(request.GET, [STATES])
    rows = [row for row in partners_of(vault, ask.words) if ask.answer("state") in {"", row.state.value}]
    context = {
        "title": "Partner agencies",
        "lead": "Before anything is sealed to an agency for the first time, you and they compare six words by voice.",
        "listing": Listing(ask, rows),
        "search_label": "Search by name",
        "primary_url": reverse("vault:card"),
        "primary_label": "Our card for another installation",
        "trail": trail(),
    }
    return render(request, "vault/partner_list.html", context)


@requires(OPEN, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def partner_compare(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    if not has_key(pk) or pk == agency_of(request.user):
        raise Http404
    vault = opened_in(request)
    partner = partner_of(vault, pk)
    if partner is None or partner.newest is None:
        raise Http404
    back = reverse("vault:partner_list")
    form = WordsForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            pin_partner(vault=vault, partner=pk, words=form.cleaned_data["words"], by=request.user)
        except Refused as refused:
            form.add_error("words", str(refused))
        else:
            messages.success(request, f"Compared. Your agency can seal packets to {partner.agency.name}.")
            return redirect(back)
    return form_page(
        request,
        form,
        template="vault/partner_compare.html",
        title=f"Compare words with {partner.agency.name}",
        partner=partner,
        is_changed=partner.state is PinState.CHANGED,
        words=words_between(vault.statement.digest(), partner.newest.digest()),
        button="The words are the same",
        cancel_url=back,
        cancel_label="Go back, compare later",
        trail=trail(("Partner agencies", back)),
    )


@requires(OPEN)
@require_http_methods(["GET", "HEAD", "POST"])
def partner_unpin(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    if not is_pinned(agency_of(request.user), pk):
        raise Http404
    vault = opened_in(request)
    partner = partner_of(vault, pk)
    if partner is None:
        raise Http404
    back = reverse("vault:partner_list")
    form = PressForm(request.POST or None)
    if form.is_bound and form.is_valid():
        unpin_partner(vault=vault, partner=pk, by=request.user)
        messages.success(request, f"Nothing is sealed to {partner.agency.name} until words are compared again.")
        return redirect(back)
    return form_page(
        request,
        form,
        template="pages/confirm_page.html",
        title=f"Take the comparison with {partner.agency.name} back?",
        consequences=["Nothing can be sealed to them until you compare six words again. What was sent stays with them."],
        button="Take it back",
        is_grave=True,
        cancel_url=back,
        cancel_label="Keep it",
        trail=trail(("Partner agencies", back)),
    )
