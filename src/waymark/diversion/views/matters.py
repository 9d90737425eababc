"""Matters as court, prosecution and defense keep them: the list, one of them, proposing, deciding, contesting."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.models import Agency, AgencyKind
from waymark.diversion import policies
from waymark.diversion.actions import docket, referrals
from waymark.diversion.actions.mail import waiting_packets
from waymark.diversion.forms.fields import PressForm
from waymark.diversion.forms.parties import ContestForm, DecisionForm, DocketForm, MatterChangeForm, MatterForm, ReferForm
from waymark.diversion.models import Matter
from waymark.diversion.selectors import docket as selectors
from waymark.diversion.selectors.opened import day_in, opened
from waymark.diversion.views.answers import FORM, matter_trail, or_404, plain, sealed, sent, vault_context
from waymark.pages.listing import Ask, Filter, Listing
from waymark.vault.selectors import vault_in

WORK = Permission.DIVERSION_MATTER_WORK
WORD = Filter("word", "Decision", [("missing", "Nothing said yet")])


def matter_of(request: StaffRequest, pk: uuid.UUID) -> Matter:
    return or_404(selectors.matter_for(request.user, pk))


def page_of(matter: Matter) -> str:
    return reverse("diversion:matter_detail", args=[matter.pk])


def trail_to(matter: Matter) -> list[tuple[str, str]]:
    return matter_trail((f"Matter {matter.code}", page_of(matter)))


@requires(WORK)
@require_safe
def matter_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [] if policies.keeps_docket(request.user) else [WORD])
    rows = selectors.undecided(request.user) if ask.answer("word") else selectors.matters(request.user)
    if ask.words:
        rows = rows.filter(code__icontains=ask.words)
    listing = Listing(ask, selectors.with_report_here(rows).order_by("-made_at", "id"))
    facts = opened(listing.rows, vault_in(request))
    keeps = policies.keeps_matters(request.user)
    context = {
        "title": "Diversion matters",
        "listing": listing,
        "lines": [(row, facts.get(row.pk, {})) for row in listing.rows],
        "search_label": "Search by code",
        "keeps": keeps,
        "is_court": policies.keeps_docket(request.user),
        "waiting": waiting_packets(request.user).count() if keeps else 0,
        "primary_url": reverse("diversion:matter_new") if keeps else "",
        "primary_label": "New matter",
        **vault_context(request),
    }
    return render(request, "diversion/matter_list.html", context)


@requires(WORK)
@sensitive_post_parameters()
@FORM
def matter_new(request: StaffRequest) -> HttpResponse:
    form = MatterForm(sent(request))
    made: list[Matter] = []

    def act(vault: Any) -> None:
        data = form.cleaned_data
        made.append(
            referrals.open_matter(
                vault=vault,
                program_agency=data["program_agency"],
                section=data["charge"],
                offense_on=data["offense_on"],
                facts=form.facts(),
                by=request.user,
            )
        )

    return sealed(
        request,
        form,
        act,
        title="New matter",
        done="Written down.",
        back=reverse("diversion:matter_list"),
        to=lambda: page_of(made[0]),
        trail=matter_trail(),
        button="Open the matter",
    )


@requires(WORK)
@require_safe
def matter_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Reports are not on this page: each is opened on its own, because each look is told."""
    matter = matter_of(request, pk)
    facts = opened([matter], vault_in(request)).get(matter.pk)
    here = selectors.packets_of([matter]).get(matter.pk, {})
    context = {
        "title": f"Matter {matter.code}",
        "matter": matter,
        "facts": facts,
        "offense_on": day_in(facts, "offense_on") if facts else None,
        "reports": here.get("compliance_report", []),
        "contests": len(here.get("report_contest", [])),
        "decisions": list(selectors.decisions_on(matter)),
        "entries": list(selectors.entries_of(matter)[:50]),
        "party": policies.party_of(request.user),
        "is_court": policies.keeps_docket(request.user),
        "is_defense": policies.is_defense(request.user),
        "trail": matter_trail(),
        **vault_context(request),
    }
    return render(request, "diversion/matter_detail.html", context)


@requires(WORK)
@sensitive_post_parameters()
@FORM
def matter_change(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    matter = matter_of(request, pk)
    facts = opened([matter], vault_in(request)).get(matter.pk, {})
    form = MatterChangeForm(sent(request), initial=facts)

    def act(vault: Any) -> None:
        referrals.change_matter(vault=vault, matter=matter, facts=form.cleaned_data, by=request.user)

    return sealed(
        request,
        form,
        act,
        title=f"Correct {matter.code}",
        done="Saved.",
        back=page_of(matter),
        trail=trail_to(matter),
        is_correction=True,
    )


@requires(WORK)
@FORM
def matter_refer(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    matter = matter_of(request, pk)
    kinds = [AgencyKind.PROSECUTION, *policies.DEFENSE_KINDS]
    recipients = Agency.objects.filter(state=Agency.State.ACTIVE).exclude(pk=matter.agency_id)
    recipients = recipients.filter(kind__in=kinds) | recipients.filter(pk=matter.program_agency_id)
    form = ReferForm(sent(request), recipients=recipients.order_by("name"), initial={"recipient": matter.program_agency_id})

    def act(vault: Any) -> None:
        referrals.refer(vault=vault, matter=matter, **form.cleaned_data, by=request.user)

    return sealed(
        request,
        form,
        act,
        title=f"Refer {matter.code}",
        lead="The charge, its day, the language and the reference go along. No name does.",
        done="Sent.",
        back=page_of(matter),
        trail=trail_to(matter),
        button="Send the referral",
    )


@requires(WORK)
@FORM
def matter_decide(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    matter = matter_of(request, pk)
    form = DecisionForm(sent(request))

    def act(vault: Any) -> None:
        referrals.decide_matter(vault=vault, matter=matter, **form.cleaned_data, by=request.user)

    return sealed(
        request,
        form,
        act,
        title=f"What your office says to {matter.code}",
        lead="The program is told, and nobody else.",
        done="The program was told.",
        back=page_of(matter),
        trail=trail_to(matter),
        button="Decide, and tell the program",
    )


@requires(WORK)
@FORM
def docket_add(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    matter = matter_of(request, pk)
    form = DocketForm(sent(request), initial={"kind": "review"})
    return plain(
        request,
        form,
        lambda: docket.put_on_docket(matter=matter, **form.cleaned_data, by=request.user),
        title=f"Put {matter.code} on a day",
        done="On the docket.",
        back=page_of(matter),
        trail=trail_to(matter),
        button="Put it on the docket",
    )


@requires(WORK)
@FORM
def matter_report(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The newest report of a matter, by a press: each look is an event, and the program learns that it was read."""
    matter = matter_of(request, pk)
    vault = vault_in(request)
    page = None
    if request.method == "POST" and vault is not None:
        page = docket.open_pages(vault=vault, matters=[matter], by=request.user)[0]
    context = {
        "title": f"Report on {matter.code}",
        "matter": matter,
        "page": page,
        "form": PressForm(),
        "is_defense": policies.is_defense(request.user),
        "trail": trail_to(matter),
        "now": timezone.now(),
        **vault_context(request),
    }
    return render(request, "diversion/matter_report.html", context)


@requires(WORK)
@FORM
def contest_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    matter = matter_of(request, pk)
    packets = selectors.packets_of([matter]).get(matter.pk, {}).get("compliance_report", [])
    form = ContestForm(sent(request))

    def act(vault: Any) -> None:
        packet = next(iter(packets), None)
        docket.contest_report(vault=vault, matter=matter, packet=packet, **form.cleaned_data, by=request.user)

    return sealed(
        request,
        form,
        act,
        title=f"Contest a number: {matter.code}",
        done="The program was told.",
        back=page_of(matter),
        trail=trail_to(matter),
        button="Tell the program",
    )
