"""Sending: every part is looked at as it will be read there, then it goes. And the line for what is told aloud."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.consent.actions.packages import Collected, collected_under, seal_of, send_package, tell_aloud
from waymark.consent.formats.part_two import SHORT_NOTICE
from waymark.consent.forms import PackageForm, SpokenForm
from waymark.consent.models import Release
from waymark.consent.policies import is_live
from waymark.consent.selectors.against import SAID
from waymark.consent.selectors.named import counts_in, days_by_part, parts_by_scope
from waymark.consent.selectors.terms import along_with, is_under_part_two
from waymark.consent.views.answers import WORK, release_or_404, trail_to
from waymark.disclosures.formats.kinds import PACKAGE, label_of
from waymark.pages.templatetags.pages import day
from waymark.people.policies import Refused
from waymark.people.views.record import tell_shown
from waymark.people.views.sealed_forms import done_by, sealed_form
from waymark.vault.policies import Refused as VaultRefused
from waymark.vault.selectors import vault_in

LEAD_TO_TELL = "By phone or in person. Write it down first, then say it; they write down what they hear."


def _over(request: StaffRequest, release: Release) -> HttpResponse | None:
    if is_live(release, timezone.now()):
        return None
    messages.warning(request, "Nothing goes under this release now.")
    return redirect("consent:detail", release.pk)


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def package_send(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    release = release_or_404(request, pk)
    over = _over(request, release)
    if over is not None:
        return over
    vault = vault_in(request)
    found = Collected({}, {})
    if vault is not None:
        try:
            found = collected_under(release, vault=vault, by=request.user)
        except (Refused, VaultRefused) as refused:
            messages.error(request, str(refused))
            return redirect("consent:detail", release.pk)
    values = found.values
    seen = seal_of(values, vault=vault) if vault is not None else ""
    along = {SAID: values[SAID]} if SAID in values else {}
    if vault is not None:
        along |= along_with(release, vault=vault)
    choices = parts_by_scope(release)
    form = PackageForm(
        request.POST if request.method == "POST" else None,
        choices=choices,
        initial={"codes": [code for code in values if code != SAID], "seen": seen},
    )

    def act(open_vault: Any) -> None:
        data = form.cleaned_data
        send_package(
            vault=open_vault,
            release=release,
            page=data["page"],
            codes=data["codes"],
            seen=data["seen"],
            by=request.user,
        )

    if done_by(request, form, act):
        name = release.recipient.name
        by_file = f"It stands in the ledger. Open the package, save it as a file, and bring that to {name}."
        here = f"It is in the inbox of {name}. You see here when they open it."
        messages.success(request, by_file if release.recipient.is_elsewhere else here)
        return redirect("consent:detail", release.pk)
    if vault is not None and request.method == "POST":
        tell_shown(request, release.person)
        # What is said to have changed stands on the page now: the next press is about that.
        form.renew(seen=seen)
    missing = {code: count - len(found.records.get(code, ())) for code, count in counts_in(release).items()}
    return sealed_form(
        request,
        form,
        template="consent/send.html",
        title=f"Send to {release.recipient.name}",
        release=release,
        parts=[(code, label, values.get(code, ""), missing.get(code, 0)) for code, label in choices],
        chosen=set(form["codes"].value() or []),
        along=[(label_of(PACKAGE.code, code), text) for code, text in along.items()],
        seen=seen,
        button=f"Send to {release.recipient.name} now",
        cancel_url=reverse("consent:detail", args=[release.pk]),
        cancel_label="Go back without sending",
        trail=trail_to(release),
    )


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def package_tell(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Words leave too: the line is written before they are said. What ended since the page was shown is said above it."""
    release = release_or_404(request, pk)
    over = _over(request, release) if request.method != "POST" else None
    if over is not None:
        return over
    choices = _with_days(release)
    has_notice = is_under_part_two(release.person, vault=vault_in(request))
    form = SpokenForm(request.POST if request.method == "POST" else None, choices=choices)

    def act(open_vault: Any) -> None:
        tell_aloud(vault=open_vault, release=release, codes=form.cleaned_data["codes"], by=request.user)

    if done_by(request, form, act):
        # The vault may have been opened only now: then the notice was not to be seen on the page before.
        first = f" Say before it: “{SHORT_NOTICE}”" if is_under_part_two(release.person, vault=vault_in(request)) else ""
        messages.success(request, f"It stands in the ledger.{first} Now tell them, and no more than that.")
        return redirect("consent:detail", release.pk)
    return sealed_form(
        request,
        form,
        title=f"Tell {release.recipient.name} something",
        lead=LEAD_TO_TELL + (f" Say before it: “{SHORT_NOTICE}”" if has_notice else ""),
        button="Write it down; I tell them now",
        cancel_url=reverse("consent:detail", args=[release.pk]),
        trail=trail_to(release),
    )


def _with_days(release: Release) -> list[tuple[str, str]]:
    """What may be told, and of which days it is where single records are named: nothing else is on this page."""
    return [
        (scope, f"{words}: of {'; '.join(day(one) for one in days)}" if days else words)
        for (scope, _), (words, days) in zip(parts_by_scope(release), days_by_part(release), strict=True)
    ]
