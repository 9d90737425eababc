"""Corrections of releases and figures on the staff site."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.newsroom import policies
from waymark.newsroom.actions import corrections as actions
from waymark.newsroom.forms.press import WORDS, CorrectionForm, FigureCorrectionForm, SureForm
from waymark.newsroom.models import FigureCorrection, PublishedFigure, Wording
from waymark.newsroom.selectors import figures
from waymark.newsroom.selectors import press as selectors
from waymark.newsroom.views.answers import asked
from waymark.newsroom.views.staff.press import item_or_404, trail_to
from waymark.pages.listing import Ask, Filter, Listing

DISPLAY = Filter("display", "Shown", PublishedFigure.Display.choices)
BOUND = Filter("bound", "Bound", PublishedFigure.Bound.choices)


@requires(Permission.NEWSROOM_ITEM_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def item_correct(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    item = item_or_404(request, pk)
    if not policies.may_correct(request.user, item, at=timezone.now()):
        raise Http404
    initial = {name: getattr(item, name) for name in WORDS}
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial=initial)
    return asked(
        request,
        form,
        title="Correct this release",
        lead="What it says now stays readable beside the correction, with its day and your reason.",
        button="Propose the correction",
        act=lambda: actions.correct_item(
            item=item,
            words=form.words(),
            reason=form.cleaned_data["reason"],
            is_safety=form.cleaned_data["is_safety"],
            by=request.user,
        ),
        done="Done. The page of the release says what happens next.",
        back=reverse("newsroom:item_detail", args=[pk]),
        trail=trail_to(item),
    )


def _wording(request: StaffRequest, pk: uuid.UUID) -> Wording:
    found = selectors.proposed_wording_for(pk, to=request.user)
    if found is None:
        raise Http404
    return found


@requires(Permission.NEWSROOM_ITEM_RELEASE, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def correction_apply(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    wording = _wording(request, pk)
    if not policies.may_apply(request.user, wording):
        raise Http404
    return asked(
        request,
        _sure(request),
        title="Put this correction in place?",
        consequences=[
            f"“{wording.item.title}” says from now on what was proposed: {wording.reason}",
            "What it said before stays readable beside it.",
        ],
        button="Put it in place",
        act=lambda: actions.apply_correction(wording=wording, by=request.user),
        done="Corrected.",
        back=reverse("newsroom:item_detail", args=[wording.item_id]),
        trail=trail_to(wording.item),
    )


@requires(Permission.NEWSROOM_ITEM_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def correction_drop(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    wording = _wording(request, pk)
    if not policies.may_drop(request.user, wording):
        raise Http404
    return asked(
        request,
        _sure(request),
        title="Take this correction back?",
        consequences=["The release stays as it is.", "The council is not asked about these words any more."],
        button="Take it back",
        act=lambda: actions.drop_correction(wording=wording, by=request.user),
        done="Taken back.",
        back=reverse("newsroom:item_detail", args=[wording.item_id]),
        trail=trail_to(wording.item),
    )


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
    form = FigureCorrectionForm(request.POST if request.method == "POST" else None)
    return asked(
        request,
        form,
        title=f"Correct “{figures.label_of(figure.key)}”",
        lead="What stands there now stays readable beside the correction. A second person puts it in place.",
        button="Propose the correction",
        act=lambda: actions.propose_figure_correction(
            figure=figure,
            field=form.cleaned_data["field"],
            after=form.cleaned_data["after"],
            reason=form.cleaned_data["reason"],
            by=request.user,
        ),
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
        _sure(request),
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
        _sure(request),
        title="Take this correction back?",
        consequences=["The figure stays as it is."],
        button="Take it back",
        act=lambda: actions.drop_figure_correction(correction=correction, by=request.user),
        done="Taken back.",
        back=reverse("newsroom:figure_detail", args=[correction.figure_id]),
        trail=_figure_trail(correction.figure),
    )


def _sure(request: StaffRequest) -> SureForm:
    return SureForm(request.POST if request.method == "POST" else None)
