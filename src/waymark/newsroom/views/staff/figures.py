"""Figures on the staff site: the list, one with its corrections, correcting one, proposing a new one and putting it up."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.council.selectors.reviews import newest_review_of, review_for
from waymark.newsroom import policies
from waymark.newsroom.actions import corrections as actions
from waymark.newsroom.actions.figures import GATED_AS, drop_figure, propose_figure, put_up_figure
from waymark.newsroom.forms.figures import AROUND, SAYS, FigureCorrectionForm, FigureForm
from waymark.newsroom.models import FigureCorrection, FigureProposal, PublishedFigure
from waymark.newsroom.policies import Refused
from waymark.newsroom.selectors import figures
from waymark.newsroom.selectors import press as selectors
from waymark.newsroom.views.answers import asked, sure
from waymark.pages.listing import Ask, Filter, Listing

DISPLAY = Filter("display", "Shown", PublishedFigure.Display.choices)
BOUND = Filter("bound", "Bound", PublishedFigure.Bound.choices)
STATE = Filter("state", "State", FigureProposal.State.choices)


@requires(Permission.NEWSROOM_FIGURE_CORRECT)
@require_safe
def figure_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [DISPLAY, BOUND])
    rows = figures.figures_listed(words=ask.words, display=ask.answer("display"), bound=ask.answer("bound"))
    context = {
        "title": "Figures",
        "lead": "Numbers that somebody has published, in their own words. They are corrected, never added up.",
        "listing": Listing(ask, rows),
        "search_label": "Search by name or words",
        "primary_url": reverse("newsroom:proposal_add"),
        "primary_label": "Propose a figure",
    }
    return render(request, "newsroom/figure_list.html", context)


def _figure(pk: uuid.UUID) -> PublishedFigure:
    found = PublishedFigure.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _figure_trail(figure: PublishedFigure | None = None) -> list[tuple[str, str]]:
    trail = [("Figures", reverse("newsroom:figure_list"))]
    if figure is None:
        return trail
    return [*trail, (figures.label_of(figure.key), reverse("newsroom:figure_detail", args=[figure.pk]))]


@requires(Permission.NEWSROOM_FIGURE_CORRECT)
@require_safe
def figure_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    figure = _figure(pk)
    corrections = list(selectors.corrections_of_figure(pk))
    context = {
        "title": figures.label_of(figure.key),
        "trail": _figure_trail(),
        "figure": figure,
        "shown": figures.shown(figure),
        "corrections": [(each, policies.may_apply_to_figure(request.user, each)) for each in corrections],
    }
    return render(request, "newsroom/figure_detail.html", context)


@requires(Permission.NEWSROOM_FIGURE_CORRECT)
@require_http_methods(["GET", "HEAD", "POST"])
def figure_correct(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    figure = _figure(pk)
    initial = {name: getattr(figure, name) for name in (*SAYS, *AROUND)}
    form = FigureCorrectionForm(request.POST if request.method == "POST" else None, initial=initial)

    def act() -> None:
        changed = form.changed(figure)
        if not changed:
            raise Refused("This is what stands there now. Change something.")
        for field, after in changed.items():
            actions.propose_figure_correction(
                figure=figure, field=field, after=after, reason=form.cleaned_data["reason"], by=request.user
            )

    return asked(
        request,
        form,
        title=f"Correct “{figures.label_of(figure.key)}”",
        lead="What stands there now stays readable beside the correction. A second person puts it in place.",
        button="Propose the correction",
        act=act,
        done="Proposed. A second person puts it in place.",
        back=reverse("newsroom:figure_detail", args=[pk]),
        trail=_figure_trail(figure),
    )


def _correction(pk: uuid.UUID) -> FigureCorrection:
    found = selectors.figure_correction_for(pk)
    if found is None or found.applied_at is not None:
        raise Http404
    return found


@requires(Permission.NEWSROOM_FIGURE_CORRECT, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def figure_correction_apply(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    correction = _correction(pk)
    if not policies.may_apply_to_figure(request.user, correction):
        raise Http404
    return asked(
        request,
        sure(request),
        title="Put this correction in place?",
        consequences=[
            f"Before: {correction.before or 'empty'}. Now: {correction.after or 'empty'}.",
            f"Published with it: {correction.reason}",
        ],
        button="Put it in place",
        act=lambda: actions.apply_figure_correction(correction=correction, by=request.user),
        done="Corrected.",
        back=reverse("newsroom:figure_detail", args=[correction.figure_id]),
        trail=_figure_trail(correction.figure),
    )


@requires(Permission.NEWSROOM_FIGURE_CORRECT)
@require_http_methods(["GET", "HEAD", "POST"])
def figure_correction_drop(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    correction = _correction(pk)
    return asked(
        request,
        sure(request),
        title="Take this correction back?",
        consequences=["The figure stays as it is."],
        button="Take it back",
        act=lambda: actions.drop_figure_correction(correction=correction, by=request.user),
        done="Taken back.",
        back=reverse("newsroom:figure_detail", args=[correction.figure_id]),
        trail=_figure_trail(correction.figure),
    )


@requires(Permission.NEWSROOM_FIGURE_CORRECT)
@require_safe
def proposal_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [STATE])
    context = {
        "title": "Proposed figures",
        "lead": "One person proposes, the council reads, another puts up. Until then nobody outside reads any of it.",
        "listing": Listing(ask, figures.proposals_listed(words=ask.words, state=ask.answer("state"))),
        "search_label": "Search by name or words",
        "primary_url": reverse("newsroom:proposal_add"),
        "primary_label": "Propose a figure",
    }
    return render(request, "newsroom/proposal_list.html", context)


@requires(Permission.NEWSROOM_FIGURE_CORRECT)
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_add(request: StaffRequest) -> HttpResponse:
    form = FigureForm(request.POST if request.method == "POST" else None, initial={"bound": "exact", "display": "number"})
    return asked(
        request,
        form,
        title="Propose a figure",
        lead="Only what somebody has published, in their own words. The council reads it and a second person puts it up.",
        button="Propose it",
        act=lambda: propose_figure(values=form.values(), by=request.user),
        done="Proposed. The council was asked.",
        back=reverse("newsroom:proposal_list"),
        trail=_figure_trail(),
    )


def _proposal(pk: uuid.UUID) -> FigureProposal:
    found = FigureProposal.objects.select_related("proposed_by", "put_up_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _proposal_trail(proposal: FigureProposal | None = None) -> list[tuple[str, str]]:
    trail = [("Proposed figures", reverse("newsroom:proposal_list"))]
    if proposal is None:
        return trail
    return [*trail, (figures.label_of(proposal.key), reverse("newsroom:proposal_detail", args=[proposal.pk]))]


@requires(Permission.NEWSROOM_FIGURE_CORRECT)
@require_safe
def proposal_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    proposal = _proposal(pk)
    review = newest_review_of(GATED_AS, pk)
    context = {
        "title": figures.label_of(proposal.key),
        "trail": _proposal_trail(),
        "figure": proposal,
        "council": review,
        "may_read_review": review is not None and review_for(request.user, review.pk) is not None,
        "may_put_up": policies.may_put_up(request.user, proposal),
        "waits": proposal.state == FigureProposal.State.PROPOSED,
        "is_own": proposal.proposed_by_id == request.user.pk,
    }
    return render(request, "newsroom/proposal_detail.html", context)


@requires(Permission.NEWSROOM_FIGURE_CORRECT, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_put_up(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    proposal = _proposal(pk)
    if not policies.may_put_up(request.user, proposal):
        raise Http404
    return asked(
        request,
        sure(request),
        title="Put this figure up?",
        consequences=[
            "From now on everybody can read it, with its source, whom it is about, its period and its caveat.",
            "It is corrected later, never deleted.",
        ],
        button="Put it up",
        act=lambda: put_up_figure(proposal=proposal, by=request.user),
        done="It is public.",
        back=reverse("newsroom:proposal_detail", args=[pk]),
        trail=_proposal_trail(proposal),
    )


@requires(Permission.NEWSROOM_FIGURE_CORRECT)
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_drop(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    proposal = _proposal(pk)
    if proposal.state != FigureProposal.State.PROPOSED:
        raise Http404
    return asked(
        request,
        sure(request),
        title="Take this figure back?",
        consequences=["It does not go up.", "The council is not asked about it any more."],
        button="Take it back",
        act=lambda: drop_figure(proposal=proposal, by=request.user),
        done="Taken back.",
        back=reverse("newsroom:proposal_detail", args=[pk]),
        to=reverse("newsroom:proposal_list"),
        trail=_proposal_trail(proposal),
    )
