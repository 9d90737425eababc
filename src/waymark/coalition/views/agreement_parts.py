"""The parts of an agreement (who signs, annexes) and the steps from the draft to the end."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.coalition.actions import agreement_steps, agreements
from waymark.coalition.forms.agreements import AnnexForm, RenewForm, SignaturesForm, SignersForm
from waymark.coalition.models import Agreement, AgreementParty, Annex
from waymark.coalition.policies import agreements as policies
from waymark.coalition.selectors import agreements as selectors
from waymark.coalition.views.agreements import agreement_at, trail_of, url_of
from waymark.coalition.views.groups import Step, asked_first
from waymark.coalition.views.steps import fill, sent


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_party(request: StaffRequest, pk: uuid.UUID, party: uuid.UUID) -> HttpResponse:
    """In a draft, who signs for a party; while it is out, that they have."""
    agreement = agreement_at(pk)
    found = selectors.party_of(agreement, party)
    if found is None:
        raise Http404
    if policies.may_change_draft(request.user, agreement):
        return _signers(request, agreement, found)
    if policies.may_record_signatures(request.user, found):
        return _signatures(request, agreement, found)
    raise Http404


def _signers(request: StaffRequest, agreement: Agreement, party: AgreementParty) -> HttpResponse:
    form = SignersForm(sent(request), party=party)
    return fill(
        request,
        form,
        act=lambda: agreements.name_signers(
            party=party, signatories=form.signed_by(), approvals=form.approved_by(), by=request.user
        ),
        done="Saved.",
        to=url_of(agreement),
        back=url_of(agreement),
        title=f"Who signs for {party.agency.short_name}",
        lead="Save to get room for one more.",
        trail=trail_of(agreement),
    )


def _signatures(request: StaffRequest, agreement: Agreement, party: AgreementParty) -> HttpResponse:
    form = SignaturesForm(sent(request), party=party)
    return fill(
        request,
        form,
        act=lambda: agreement_steps.record_signatures(
            party=party, signed=form.signed(), decided=form.decided(), by=request.user
        ),
        done="Recorded.",
        to=url_of(agreement),
        back=url_of(agreement),
        title=f"What {party.agency.short_name} has signed",
        lead="People sign on paper. Write here what stands on it; your name is kept beside it.",
        trail=trail_of(agreement),
    )


@requires(Permission.COALITION_AGREEMENT_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def annex_add(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    return _annex(request, agreement_at(pk, drafter=request.user), None)


@requires(Permission.COALITION_AGREEMENT_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def annex_change(request: StaffRequest, pk: uuid.UUID, annex: uuid.UUID) -> HttpResponse:
    agreement = agreement_at(pk, drafter=request.user)
    found = agreement.annexes.filter(pk=annex).first()
    if found is None:
        raise Http404
    return _annex(request, agreement, found)


def _annex(request: StaffRequest, agreement: Agreement, annex: Annex | None) -> HttpResponse:
    initial = {name: getattr(annex, name) for name in agreements.ANNEX_FIELDS} if annex else {}
    form = AnnexForm(sent(request), is_new=annex is None, initial=initial)

    def act() -> object:
        if annex is not None and form.cleaned_data["is_out"]:
            return agreements.remove_annex(annex=annex, by=request.user)
        pk = annex.pk if annex else None
        return agreements.save_annex(agreement=agreement, values=form.cleaned_data, pk=pk, by=request.user)

    return fill(
        request,
        form,
        act=act,
        done="Saved.",
        to=url_of(agreement),
        back=url_of(agreement),
        title="Change the annex" if annex else "Add an annex",
        trail=trail_of(agreement),
        draft=f"annex:{annex.pk if annex else agreement.pk}",
    )


@requires(Permission.COALITION_AGREEMENT_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_step(request: StaffRequest, pk: uuid.UUID, step: str) -> HttpResponse:
    agreement = agreement_at(pk)
    if step not in policies.steps_for(request.user, agreement):
        raise Http404
    if step == "renew":
        return _renew(request, agreement)
    made: list[Agreement] = []
    found = _step(step, request.user, agreement, made)
    to = reverse("coalition:agreement_list") if step == "discard" else ""
    answer = asked_first(request, found, back=url_of(agreement), trail=trail_of(agreement), to=to)
    if made:
        answer["Location"] = url_of(made[0])
    return answer


def _renew(request: StaffRequest, agreement: Agreement) -> HttpResponse:
    form = RenewForm(sent(request))
    return fill(
        request,
        form,
        act=lambda: agreement_steps.renew(agreement=agreement, review_on=form.cleaned_data["review_on"], by=request.user),
        done="Kept. It is in force, and has a new day of review.",
        to=url_of(agreement),
        back=url_of(agreement),
        title="Keep it as it is",
        lead="The parties have looked at it and change nothing. To change a word, begin a new version.",
        trail=trail_of(agreement),
        button="Keep it",
    )


def _step(step: str, user: User, agreement: Agreement, made: list[Agreement]) -> Step:
    """The words and the act of each step. A new version leads to itself, so it is put in `made`."""

    def does(action: Callable[..., object]) -> Callable[[], object]:
        return lambda: action(agreement=agreement, by=user)

    title = agreement.title
    steps = {
        "send": Step(
            f"Send “{title}” out for signature?",
            (
                "From now on its words, parties and annexes stand still, so that everybody signs the same text.",
                "Whoever speaks for a party is told. Each party records its own signatures.",
            ),
            "Send it out",
            "It is out for signature.",
            does(agreement_steps.send_out),
        ),
        "take-back": Step(
            f"Take “{title}” back?",
            (
                "It becomes a draft that can be changed.",
                "Every signature and approval recorded so far is removed, because what was signed would be another text.",
            ),
            "Take it back",
            "It is a draft again. Nothing in it is signed.",
            does(agreement_steps.take_back),
            is_grave=True,
        ),
        "enter-force": Step(
            f"Put “{title}” into force?",
            (
                "Every party has signed and every body has approved. It binds them.",
                "The older version, if there is one, is replaced today.",
            ),
            "Put it into force",
            "It is in force.",
            does(agreement_steps.enter_force),
        ),
        "review": Step(
            f"Begin the review of “{title}”?",
            ("It stays in force while the parties look at it.",),
            "Begin the review",
            "It is under review.",
            does(agreement_steps.begin_review),
        ),
        "new-version": Step(
            f"Begin a new version of “{title}”?",
            (
                "You get a draft with the same words, parties and annexes, without signatures and days.",
                "The version of now stays in force until the new one is signed by all.",
            ),
            "Begin the new version",
            "Here is the draft of the new version.",
            lambda: made.append(agreement_steps.begin_version(agreement=agreement, by=user)),
        ),
        "take-over": Step(
            f"See “{title}” through?",
            (
                f"You are reminded of its review instead of {agreement.owner.user.display_name}.",
                "Your agency keeps it from now on.",
            ),
            "See it through",
            "You see it through now.",
            does(agreement_steps.take_over),
        ),
        "end": Step(
            f"End “{title}” today?",
            ("It binds nobody from today. It stays to be read, with who signed it. It cannot be taken up again.",),
            "End it",
            "It has ended.",
            does(agreement_steps.end_agreement),
            is_grave=True,
        ),
        "discard": Step(
            f"Discard “{title}”?",
            ("The draft and everything in it is deleted for good. Nobody has signed it.",),
            "Discard it",
            "The draft is gone.",
            does(agreements.discard_draft),
            is_grave=True,
        ),
    }
    return steps[step]
