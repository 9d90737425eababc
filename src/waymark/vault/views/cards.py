"""Cards: how this installation and another get to know each other's agencies. Packets between them go as files."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.pages.files import file_answer
from waymark.vault.actions.cards import make_card, take_card
from waymark.vault.forms import CardForm
from waymark.vault.policies import Refused
from waymark.vault.selectors.session import opened_in
from waymark.vault.views.answers import form_page, trail


@requires(Permission.VAULT_OPEN)
@require_safe
def card(request: StaffRequest) -> HttpResponse:
    """What a card is for, and the button that makes ours."""
    opened_in(request)
    context = {
        "title": "Our card for another installation",
        "trail": trail(("Partner agencies", reverse("vault:partner_list"))),
    }
    return render(request, "vault/card.html", context)


@requires(Permission.VAULT_OPEN)
@require_POST
def card_make(request: StaffRequest) -> HttpResponse:
    return file_answer(make_card(vault=opened_in(request), by=request.user), "card")


@requires(Permission.ACCOUNTS_AGENCY_ADD, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def card_take(request: StaffRequest) -> HttpResponse:
    """Whoever adds agencies takes cards; whether the keys are theirs is found out by members, by voice."""
    is_sent = request.method == "POST"
    form = CardForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if form.is_bound and form.is_valid():
        try:
            taken = take_card(content=form.cleaned_data["file"], by=request.user)
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            name = taken.agency.name
            if taken.is_new:
                said = f"{name} is known here now. Nothing goes to it before members have compared six words with it."
            elif taken.has_new_keys:
                said = (
                    f"New keys of {name}. If its old key does not vouch for them, nothing goes before words are compared."
                )
            else:
                said = f"Nothing in this card of {name} is new."
            messages.success(request, said)
            return redirect("agency_detail", taken.agency.pk)
    return form_page(
        request,
        form,
        template="vault/card_take.html",
        title="Take in a card",
        button="Take it in",
        cancel_url=reverse("agency_list"),
        cancel_label="Go back without it",
        trail=[("Agencies", reverse("agency_list"))],
    )
