"""One release: what it lets go, what went, and stopping it with one press. And the lists: of an agency, of a person."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.consent.actions.releases import revoke_release
from waymark.consent.formats.words import told
from waymark.consent.models import Release
from waymark.consent.policies import OTHER_RECORD, REASONS, is_live, trouble_of
from waymark.consent.selectors import releases as reads
from waymark.consent.selectors.beside import stop_words
from waymark.consent.selectors.named import days_by_part, parts_of
from waymark.consent.views.answers import WORK, release_or_404, trail_to_person
from waymark.consent.views.signing import deal_under
from waymark.disclosures.actions import Closed
from waymark.pages.listing import Ask, Filter, Listing
from waymark.people.policies import Refused
from waymark.people.views.record import person_or_404
from waymark.vault.selectors import unlock_url, vault_in

STATE = Filter("state", "State", Release.State.choices)


@requires(WORK)
@require_safe
def release_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [STATE])
    rows = reads.releases(to=request.user, words=ask.words, state=ask.answer("state"))
    context = {
        "title": "Sharing",
        "lead": "What survivors let your agency share: with whom, for what, until when. Each can be stopped any day.",
        "listing": Listing(ask, rows),
        "search_label": "Search by code of a release or a file, or by agency",
    }
    return render(request, "consent/release_list.html", context)


@requires(WORK)
@require_safe
def person_sharing(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Everything about sharing of one person: releases, and the ledger of what left."""
    person = person_or_404(request, pk)
    ask = Ask(request.GET)
    context = {
        "title": f"Sharing: file {person.code}",
        "person": person,
        "releases": [(row, parts_of(row)) for row in reads.releases_of(person, to=request.user)[:50]],
        "listing": Listing(ask, reads.ledger_of(person, to=request.user)),
        "is_vault_open": vault_in(request) is not None,
        "unlock_url": unlock_url(request.path),
        "trail": trail_to_person(person)[:1],
    }
    return render(request, "consent/person_sharing.html", context)


@requires(WORK)
@require_safe
def release_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    release = release_or_404(request, pk)
    if release.state == Release.State.DRAFT:
        return redirect("consent:sign", release.pk)
    now = timezone.now()
    found = deal_under(request, release)
    sent = reads.packages_of(release)
    trouble = trouble_of(release, fields=release.scopes, at=now) if is_live(release, now) else None
    # What is named and gone stops nothing else that the release lets go.
    is_stopped = trouble is not None and trouble != OTHER_RECORD
    language = found[0].language if found is not None else "en"
    context = {
        "title": f"Release {release.code}",
        "release": release,
        "facts": found[1] if found is not None else {},
        "scopes": days_by_part(release),
        "sent": sent,
        "spoken": reads.told_under(release),
        "signers": reads.signers_of(release),
        "is_live": is_live(release, now),
        "trouble": REASONS.get(trouble or "") if is_stopped else None,
        "stop": stop_words(release, sent, language),
        "is_vault_open": vault_in(request) is not None,
        "unlock_url": unlock_url(request.path),
        "trail": trail_to_person(release.person),
    }
    return render(request, "consent/release_detail.html", context)


@requires(WORK)
@require_POST
def release_stop(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """One press, no reason, no unlocked vault."""
    release = release_or_404(request, pk)
    try:
        done = revoke_release(release=release, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("consent:detail", release.pk)
    messages.success(request, " ".join(_said(release, done)))
    return redirect(reverse("consent:detail", args=[release.pk]))


def _said(release: Release, done: Closed) -> list[str]:
    """What stopping did, and what it cannot do."""
    now = timezone.localtime()
    clock = f"{now.hour % 12 or 12}:{now:%M} {'AM' if now.hour < 12 else 'PM'}"
    if release.recipient.is_elsewhere:
        said = [f"Stopped at {clock}."]
        if done.unopened + done.opened:
            said.append("Save the recall of each package and bring it to them.")
            said.append("A copy may have been kept or printed; a recall cannot erase it.")
        return said
    said = [told("en", agency=release.recipient.name, time=clock)["stopped"]]
    if done.unopened:
        said.append("What they had not opened is gone there.")
    if done.opened:
        said.append("What they had opened is erased there; what they read or printed cannot be unread.")
    return said
