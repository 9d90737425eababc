"""Asking another agency for somebody: the way that reveals least comes first, and says what it reveals."""

from __future__ import annotations

import uuid
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.cases.models import Case
from waymark.cases.views.record import case_or_404
from waymark.disclosures.formats.kinds import PACKAGE
from waymark.disclosures.views.answers import labels_of
from waymark.people.policies import Refused
from waymark.people.views.sealed_forms import done_by, sealed_form
from waymark.referrals.actions.asking import ask_for_room, print_letter, refer_without_a_name, write_letter
from waymark.referrals.actions.packages import refer_with_package
from waymark.referrals.forms import LetterForm, OpaqueForm, PackageForm, QuestionForm
from waymark.referrals.forms.asking import AskingForm
from waymark.referrals.models import Way
from waymark.referrals.policies import GOALS, OFFERS, least_revealing
from waymark.referrals.selectors import sent
from waymark.referrals.selectors.desks import providers
from waymark.referrals.selectors.needs import word_for_need
from waymark.referrals.selectors.packages import packages_for
from waymark.referrals.views.sent import referral_or_404
from waymark.vault.selectors import unlock_url, vault_in

Form = TypeVar("Form", bound=AskingForm)
SEND = Permission.REFERRALS_REFERRAL_SEND
PAGES = {Way.QUESTION: "ask_room", Way.OPAQUE: "refer", Way.CARRIED: "letter_new", Way.CONSENTED: "with_package"}
CONSEQUENCES = {
    Way.QUESTION: [
        "Each provider that you choose learns that your agency asks for so many people, and nothing of who they are.",
        "They answer yes, no, waiting list or call us. What you sent is deleted at both agencies when its time is over.",
    ],
    Way.OPAQUE: [
        "The provider learns how many people, what for, how soon, and whom to call. There is no name and no line to write.",
        "What you sent is deleted at both agencies when its time is over. A day after the referral has ended, only a count "
        "is left.",
    ],
    Way.CARRIED: [
        "Nothing is sent. The person carries a page with a code and your work phone, and decides whom to show it to.",
        "Ask first whether it is safe for them to have paper. When a provider types the code, both of you know that "
        "somebody came.",
    ],
    Way.CONSENTED: [
        "They know what the package holds that the person signed for. Nothing is added to it here.",
        "When the person stops the release, what they have is taken back; the referral itself goes on without it.",
    ],
}


def trail_to(case: Case) -> list[tuple[str, str]]:
    return [
        ("Cases", reverse("cases:list")),
        (f"Case {case.code}", reverse("cases:detail", args=[case.pk])),
        ("Refer", reverse("referrals:choose", args=[case.pk])),
    ]


@requires(SEND)
@require_safe
def choose(request: StaffRequest, case: uuid.UUID) -> HttpResponse:
    """What has to happen, then the ways, the least revealing that does it marked; and what was asked before."""
    found = case_or_404(request, case)
    goal = request.GET.get("goal", "")
    known = goal if goal in {each.code for each in GOALS} else GOALS[0].code
    need = _need_in(request)
    # Which need it is about goes along as an id: no address says what is asked for.
    kept = f"?need={need}" if need is not None else ""
    now = timezone.now()
    vault = vault_in(request)
    context = {
        "title": f"Refer, case {found.code}",
        "case": found,
        "goals": GOALS,
        "goal": known,
        "offers": [
            (
                offer,
                f"{reverse(f'referrals:{PAGES[offer.way]}', args=[found.pk])}{kept}",
                offer.way == least_revealing(known),
            )
            for offer in OFFERS
        ],
        "kept": kept.replace("?", "&"),
        "lines": sent.lines(sent.of_case(found, to=request.user), vault, now),
        "is_vault_open": vault is not None,
        "unlock_url": unlock_url(request.path),
        "trail": trail_to(found)[:-1],
    }
    return render(request, "referrals/choose.html", context)


def _need_in(request: StaffRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET.get("need", ""))
    except ValueError:
        return None


def _asking(request: StaffRequest, case: Case, kind: type[Form]) -> Form:
    vault = vault_in(request)
    found = providers(to=request.user, vault=vault)
    need, word = _need_in(request), ""
    if need is not None and vault is not None:
        word = word_for_need(need, case=case, vault=vault, to=request.user)
    initial = {"need": word, "needs": [word]} if word else {}
    return kind(request.POST if request.method == "POST" else None, providers=found, initial=initial)


def _page(request: StaffRequest, case: Case, form: AskingForm, way: Way, **context: Any) -> HttpResponse:
    here = reverse("referrals:choose", args=[case.pk])
    context.setdefault("template", "referrals/asking.html")
    return sealed_form(
        request,
        form,
        consequences=CONSEQUENCES[way],
        cancel_url=here,
        cancel_label="Go back without sending",
        trail=trail_to(case),
        case=case,
        **context,
    )


@requires(SEND)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ask_room(request: StaffRequest, case: uuid.UUID) -> HttpResponse:
    found = case_or_404(request, case)
    form = _asking(request, found, QuestionForm)

    def act(vault: Any) -> None:
        data = form.cleaned_data
        desks = [form.desks[pk] for pk in data["providers"]]
        ask_for_room(
            vault=vault, case=found, page=data["page"], desks=desks, values=form.values(), hours=data["hours"],
            by=request.user,
        )  # fmt: skip

    if done_by(request, form, act):
        messages.success(request, "Asked. Their answers come in here.")
        return redirect("referrals:board")
    return _page(request, found, form, Way.QUESTION, title="Ask who has room", button="Ask them")


@requires(SEND)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def refer(request: StaffRequest, case: uuid.UUID) -> HttpResponse:
    found = case_or_404(request, case)
    form = _asking(request, found, OpaqueForm)
    made = []

    def act(vault: Any) -> None:
        data = form.cleaned_data
        made.append(
            refer_without_a_name(
                vault=vault, case=found, page=data["page"], desk=form.desk,
                values=form.values(request.user.display_name), hours=data["hours"], by=request.user,
            )
        )  # fmt: skip

    if done_by(request, form, act):
        messages.success(request, "Sent. They have until the hour below to answer.")
        return redirect("referrals:detail", made[0].pk)
    return _page(request, found, form, Way.OPAQUE, title="Refer without a name", button="Send it")


@requires(SEND)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def letter_new(request: StaffRequest, case: uuid.UUID) -> HttpResponse:
    found = case_or_404(request, case)
    form = _asking(request, found, LetterForm)
    made = []

    def act(vault: Any) -> None:
        data = form.cleaned_data
        made.append(
            write_letter(
                vault=vault, case=found, page=data["page"], desk=form.desk, days=data["days"], phone=data["phone"],
                by=request.user,
            )
        )  # fmt: skip

    if done_by(request, form, act):
        messages.success(request, "The letter is written. Print it and hand it over.")
        return redirect("referrals:detail", made[0].pk)
    return _page(request, found, form, Way.CARRIED, title="A letter that they carry", button="Write the letter")


@requires(SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def with_package(request: StaffRequest, case: uuid.UUID) -> HttpResponse:
    """By name, to an agency that has a package under a live release; the release itself is asked for elsewhere."""
    found = case_or_404(request, case)
    known = {each.packet.recipient_id: each for each in packages_for(found, to=request.user, at=timezone.now())}
    offered = [each for each in providers(to=request.user, vault=vault_in(request)) if each.desk.agency_id in known]
    form = PackageForm(request.POST if request.method == "POST" else None, providers=offered)
    made = []

    def act(vault: Any) -> None:
        data = form.cleaned_data
        made.append(refer_with_package(case=found, desk=form.desk, page=data["page"], days=data["days"], by=request.user))

    if done_by(request, form, act):
        messages.success(request, "Sent. They have until the day below to answer.")
        return redirect("referrals:detail", made[0].pk)
    told = [(each.packet.recipient.name, labels_of(PACKAGE.code, each.packet.fields)) for each in known.values()]
    return _page(
        request, found, form, Way.CONSENTED, template="referrals/with_package.html", title="Refer with their consent",
        button="Send it", told=told,
    )  # fmt: skip


@requires(SEND)
@require_POST
def letter(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The page to print. That it was given out is written down before it is."""
    found = referral_or_404(request, pk)
    here = reverse("referrals:detail", args=[found.pk])
    vault = vault_in(request)
    if vault is None:
        return redirect(unlock_url(here))
    try:
        page = print_letter(vault=vault, referral=found, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(here)
    headers = {"Content-Disposition": 'attachment; filename="letter.pdf"'}
    return HttpResponse(page, content_type="application/pdf", headers=headers)
