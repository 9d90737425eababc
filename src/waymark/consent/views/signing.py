"""The paper comes first: printed, signed by hand, then written down as signed. Until then a draft goes without a trace."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.consent.actions.releases import drop_draft, sign_release
from waymark.consent.forms import SignForm
from waymark.consent.models import Release
from waymark.consent.selectors import releases as reads
from waymark.consent.selectors.named import named_in
from waymark.consent.selectors.terms import is_under_part_two
from waymark.consent.views.answers import WORK, release_or_404, trail_to
from waymark.consent.views.survivor_page import Deal, deal_of
from waymark.people.policies import Refused
from waymark.people.selectors import secret_of
from waymark.people.views.sealed_forms import done_by, sealed_form
from waymark.vault.selectors import unlock_url, vault_in


def deal_under(request: StaffRequest, release: Release) -> tuple[Deal, dict[str, Any]] | None:
    """What a release says in the survivor's language; None while the vault is locked or the file does not open."""
    vault = vault_in(request)
    secret = secret_of(vault, release.person) if vault is not None else None
    if secret is None:
        return None
    part, named = reads.sealed_part(release, secret), named_in(release)
    deal = deal_of(
        language=part.language,
        recipient=release.recipient,
        recipient_person=str(part.facts.get("recipient_person", "")),
        purpose=release.purpose,
        scopes=release.scopes,
        named={scope: [(one.on, "") for one in named if one.scope == scope] for scope in release.by_record},
        last_day=release.ends_on,
        is_part_two=is_under_part_two(release.person, vault=vault),
    )
    return deal, part.facts


@requires(WORK)
@require_safe
def release_paper(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The form to print and sign. It carries the release's code and no name, no address and no story."""
    release = release_or_404(request, pk)
    found = deal_under(request, release)
    if found is None:
        return redirect(unlock_url(request.path))
    deal, facts = found
    capacities = {one.capacity for one in reads.signers_of(release)}
    context = {
        "title": f"{deal.words['code']} {release.code}",
        "release": release,
        "deal": deal,
        "facts": facts,
        "is_for_child": "for_child" in capacities,
        "is_beside": "beside" in capacities,
        "trail": trail_to(release),
    }
    return render(request, "consent/paper.html", context)


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def release_sign(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    release = release_or_404(request, pk)
    here = reverse("consent:detail", args=[release.pk])
    if release.state != Release.State.DRAFT:
        return redirect(here)
    form = SignForm(request.POST if request.method == "POST" else None)

    def act(vault: Any) -> None:
        data = form.cleaned_data
        sign_release(vault=vault, release=release, evidence=data["evidence"], place=data["place"], by=request.user)

    if done_by(request, form, act):
        messages.success(request, f"Signed. You can send to {release.recipient.name} now.")
        return redirect(here)
    return sealed_form(
        request,
        form,
        template="consent/sign.html",
        title="Print, read, sign",
        release=release,
        button="It is signed: begin to share",
        trail=trail_to(release),
    )


@requires(WORK)
@require_POST
def release_drop(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Not today, at the very last moment: the draft goes as if it had never been."""
    release = release_or_404(request, pk)
    person = release.person_id
    if release.state != Release.State.DRAFT:
        raise Http404
    try:
        drop_draft(release=release, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("consent:detail", release.pk)
    messages.info(request, "Dropped. Nothing is shared, and the file does not say that it was there.")
    return redirect("consent:person", person)
