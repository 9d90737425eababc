"""People proposed to the program: who has said what, and enrolling when all have agreed."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.policies import Refused
from waymark.diversion import policies
from waymark.diversion.actions.enrollments import enroll
from waymark.diversion.actions.mail import take_in, waiting_packets
from waymark.diversion.actions.referrals import decide_referral, write_referral
from waymark.diversion.forms.enrollments import EnrollForm
from waymark.diversion.forms.parties import DecisionForm
from waymark.diversion.forms.programs import ReferralForm
from waymark.diversion.models import Enrollment, Referral
from waymark.diversion.models.parties import Party
from waymark.diversion.selectors import programs as selectors
from waymark.diversion.selectors.decisions import last_words
from waymark.diversion.selectors.opened import day_in, opened
from waymark.diversion.views.answers import FORM, or_404, plain, program_trail, sealed, sent, vault_context
from waymark.pages.listing import Ask, Filter, Listing
from waymark.vault.policies import Refused as VaultRefused
from waymark.vault.selectors import unlock_url, vault_in

WORK = Permission.DIVERSION_PROGRAM_WORK
STATE = Filter(
    "state",
    "State",
    [
        ("open", "Not enrolled"),
        ("ours", "Waits for our word"),
        ("agreed", "All agree"),
        ("enrolled", "Enrolled"),
    ],
)


def _referral(request: StaffRequest, pk: uuid.UUID) -> Referral:
    return or_404(selectors.referral_for(request.user, pk))


def _trail(referral: Referral | None = None) -> list[tuple[str, str]]:
    trail = program_trail(("Referrals", reverse("diversion:referral_list")))
    if referral is not None:
        trail.append((f"Referral {referral.code}", reverse("diversion:referral_detail", args=[referral.pk])))
    return trail


@requires(WORK)
@require_safe
def referral_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [STATE])
    rows = selectors.referrals(request.user, state=ask.answer("state"))
    if ask.words:
        rows = rows.filter(code__icontains=ask.words)
    listing = Listing(ask, rows)
    words = last_words([row.pk for row in listing.rows])
    gives = policies.gives_programs(request.user)
    context = {
        "title": "Referrals",
        "listing": listing,
        "lines": [
            (row, [(label, words.get(row.pk, {}).get(party)) for party, label in Party.choices]) for row in listing.rows
        ],
        "search_label": "Search by code",
        "trail": program_trail(),
        "waiting": waiting_packets(request.user).count() if gives else 0,
        "gives": gives,
        "primary_url": reverse("diversion:referral_new") if gives else "",
        "primary_label": "Write a referral",
        **vault_context(request),
    }
    return render(request, "diversion/referral_list.html", context)


@requires(Permission.PACKET_READ)
@require_POST
def mail_take_in(request: StaffRequest) -> HttpResponse:
    """Open what came in for the program or the matters, and put it where it belongs."""
    gives = policies.gives_programs(request.user)
    back = reverse("diversion:referral_list" if gives else "diversion:matter_list")
    vault = vault_in(request)
    if vault is None:
        return redirect(unlock_url(back))
    try:
        done = take_in(vault=vault, by=request.user)
    except (Refused, VaultRefused) as refused:
        messages.error(request, str(refused))
        return redirect(back)
    messages.success(request, f"{done.found} taken in." if done.found else "Nothing new was taken in.")
    if done.left:
        messages.warning(
            request,
            f"{done.left} stay in the mail: their reference is in no row of your agency, or nobody has compared words with "
            "the sender.",
        )
    return redirect(back)


@requires(WORK)
@sensitive_post_parameters()
@FORM
def referral_new(request: StaffRequest) -> HttpResponse:
    programs = selectors.programs(request.user)
    form = ReferralForm(sent(request), programs=programs)
    made: list[Referral] = []

    def act(vault: Any) -> None:
        data = form.cleaned_data
        program = or_404(selectors.program_for(request.user, uuid.UUID(data["program"])))
        made.append(
            write_referral(
                vault=vault,
                program=program,
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
        title="Write a referral",
        done="Written. Now each party decides.",
        back=reverse("diversion:referral_list"),
        to=lambda: reverse("diversion:referral_detail", args=[made[0].pk]),
        trail=_trail(),
        lead="Referrals of counsel and prosecution come in the mail. Write one here when it was said or handed over.",
        button="Write it",
    )


@requires(WORK)
@require_safe
def referral_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    referral = _referral(request, pk)
    facts = opened([referral], vault_in(request)).get(referral.pk)
    words = last_words([referral.pk]).get(referral.pk, {})
    enrollment = Enrollment.objects.filter(agency_id=referral.agency_id, referral=referral).first()
    unmet = None
    if facts is not None:
        known = policies.Facts(referral.charge, day_in(facts, "offense_on"), bool(facts.get("is_adult")))
        unmet = policies.unmet(referral.program.rules.all(), known, on=timezone.localdate())
    context = {
        "title": f"Referral {referral.code}",
        "referral": referral,
        "facts": facts,
        "offense_on": day_in(facts, "offense_on") if facts else None,
        "words": [(label, words.get(party)) for party, label in Party.choices],
        "all_agreed": all(party in words and words[party].verdict == "agrees" for party in Party.values),
        "enrollment": enrollment,
        "unmet": unmet,
        "trail": _trail(),
        **vault_context(request),
    }
    return render(request, "diversion/referral_detail.html", context)


@requires(WORK)
@FORM
def referral_decide(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    referral = _referral(request, pk)
    form = DecisionForm(sent(request))
    return plain(
        request,
        form,
        lambda: decide_referral(referral=referral, **form.cleaned_data, by=request.user),
        title=f"What the program says to {referral.code}",
        done="Written down.",
        back=reverse("diversion:referral_detail", args=[referral.pk]),
        trail=_trail(referral),
        lead="“Not now” is told to nobody. The same services are free without the court.",
        button="Decide",
    )


@requires(WORK)
@sensitive_post_parameters()
@FORM
def referral_enroll(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    referral = _referral(request, pk)
    form = EnrollForm(sent(request), initial={"started_on": timezone.localdate(), "authority": "pc_1001"})
    made: list[Enrollment] = []

    def act(vault: Any) -> None:
        data = form.cleaned_data
        made.append(
            enroll(
                vault=vault,
                referral=referral,
                facts=form.facts(),
                was_adult=data["was_adult"],
                by=request.user,
                **form.open_values(),
            )
        )

    return sealed(
        request,
        form,
        act,
        title=f"Enroll {referral.code}",
        done="Enrolled.",
        back=reverse("diversion:referral_detail", args=[referral.pk]),
        to=lambda: reverse("diversion:enrollment_detail", args=[made[0].pk]),
        trail=_trail(referral),
        button="Enroll",
    )
