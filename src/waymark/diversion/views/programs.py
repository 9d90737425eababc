"""Programs as data: the list, one of them, its requirements and rules."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.diversion import policies
from waymark.diversion.actions import programs as actions
from waymark.diversion.formats.fairness import current
from waymark.diversion.formats.measures import (
    BAR_LEFT,
    OUTCOMES,
    ROW,
    entrants_beside_graduates,
    groups,
    measures,
)
from waymark.diversion.forms.programs import EndRuleForm, PhaseForm, ProgramForm, RuleForm
from waymark.diversion.models import EligibilityRule, Phase, Program
from waymark.diversion.selectors import programs as selectors
from waymark.diversion.selectors.fairness import stretches_of
from waymark.diversion.selectors.measuring import relief_given, responses_of, units_of, ways_of
from waymark.diversion.views.answers import FORM, Trail, or_404, plain, program_trail, sent
from waymark.pages.listing import Ask, Listing

WORK = Permission.DIVERSION_PROGRAM_WORK


def program_of(request: StaffRequest, pk: uuid.UUID) -> Program:
    return or_404(selectors.program_for(request.user, pk))


def trail_of(program: Program | None = None) -> Trail:
    trail = program_trail(("Programs", reverse("diversion:program_list")))
    if program is not None:
        trail.append((program.name, reverse("diversion:program_detail", args=[program.pk])))
    return trail


@requires(WORK)
@require_safe
def program_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET)
    rows = selectors.programs(request.user)
    if ask.words:
        rows = rows.filter(name__icontains=ask.words)
    gives = policies.gives_programs(request.user)
    context = {
        "title": "Programs",
        "listing": Listing(ask, rows),
        "search_label": "Search by name",
        "trail": program_trail(),
        "gives": gives,
        "primary_url": reverse("diversion:program_new") if gives else "",
        "primary_label": "New program",
    }
    return render(request, "diversion/program_list.html", context)


@requires(WORK)
@FORM
def program_new(request: StaffRequest) -> HttpResponse:
    form = ProgramForm(sent(request), initial={"template": "survivor_court"})
    made: list[Program] = []
    return plain(
        request,
        form,
        lambda: made.append(actions.make_program(**form.cleaned_data, by=request.user)),
        title="New program",
        done="Made. Change what it asks for as you have agreed.",
        back=reverse("diversion:program_list"),
        to=lambda: reverse("diversion:program_detail", args=[made[0].pk]),
        trail=trail_of(),
        button="Make the program",
    )


@requires(WORK)
@require_safe
def program_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    program = program_of(request, pk)
    today = timezone.localdate()
    context = {
        "title": program.name,
        "program": program,
        "phases": selectors.phases_of(program),
        "rules": [(rule, policies.is_in_force(rule, today)) for rule in program.rules.all()],
        "trail": trail_of(),
    }
    return render(request, "diversion/program_detail.html", context)


@requires(WORK)
@FORM
def phase_change(request: StaffRequest, pk: uuid.UUID, phase: uuid.UUID) -> HttpResponse:
    program = program_of(request, pk)
    row: Phase = or_404(next((each for each in selectors.phases_of(program) if each.pk == phase), None))
    known = {each.kind: each.amount for each in row.requirements.all()}
    form = PhaseForm(sent(request), initial=known)

    def act() -> None:
        for kind, amount in form.cleaned_data.items():
            if (amount or 0) != known.get(kind, 0):
                actions.set_requirement(phase=row, kind=kind, amount=amount or 0, by=request.user)

    return plain(
        request,
        form,
        act,
        title=f"What “{row.name}” asks for",
        done="Changed.",
        back=reverse("diversion:program_detail", args=[program.pk]),
        trail=trail_of(program),
    )


@requires(WORK)
@FORM
def rule_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    program = program_of(request, pk)
    form = RuleForm(sent(request))

    def act() -> Any:
        data = form.cleaned_data
        return actions.add_rule(
            program=program,
            kind=data["kind"],
            values=form.values(),
            source=data["source"],
            in_force_from=data["in_force_from"],
            in_force_until=data["in_force_until"],
            by=request.user,
        )

    back = reverse("diversion:program_detail", args=[program.pk])
    return plain(
        request, form, act, title="New rule", done="Added.", back=back, trail=trail_of(program), button="Add the rule"
    )


@requires(WORK)
@FORM
def rule_end(request: StaffRequest, pk: uuid.UUID, rule: uuid.UUID) -> HttpResponse:
    program = program_of(request, pk)
    row: EligibilityRule = or_404(program.rules.filter(pk=rule).first())
    form = EndRuleForm(sent(request), initial={"until": row.in_force_until})
    return plain(
        request,
        form,
        lambda: actions.end_rule(rule=row, until=form.cleaned_data["until"], by=request.user),
        title="When the rule ends",
        lead=f"{row}: {', '.join(row.values)}" if row.values else str(row),
        done="Written down.",
        back=reverse("diversion:program_detail", args=[program.pk]),
        trail=trail_of(program),
    )


@requires(WORK)
@require_safe
def program_measures(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """How a program does, with each definition; what may leave the agency stands in the tables by group."""
    program = program_of(request, pk)
    ways = ways_of(program)
    years = groups(ways, "year")
    bars = entrants_beside_graduates(years)
    context = {
        "title": f"Measures of {program.name}",
        "program": program,
        "measures": measures(ways, on=timezone.localdate()),
        "units": units_of(program),
        "ratio": responses_of(program),
        "relief": relief_given(),
        "tables": [("By the year of the start", years), ("By the law", groups(ways, "authority"))],
        "outcomes": OUTCOMES,
        "stretches": stretches_of(program, on=timezone.localdate()),
        "instrument": current(),
        "bars": bars,
        "bar_left": BAR_LEFT,
        "height": 16 + ROW * len(bars),
        "trail": trail_of(program),
    }
    return render(request, "diversion/program_measures.html", context)
