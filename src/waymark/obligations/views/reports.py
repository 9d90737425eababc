"""Reports that the law demands: one's own, with the clock; what is said; the call; the paper."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.obligations.actions import reports as actions
from waymark.obligations.forms.moments import ReasonForm
from waymark.obligations.forms.reports import TOLD, PhoneForm, ReportForm, WordsForm
from waymark.obligations.models import MandatedReport, ReportState
from waymark.obligations.policies.who import duties_of
from waymark.obligations.selectors import reports
from waymark.obligations.selectors.content import report_parts
from waymark.obligations.selectors.sealed import steps_of, words_in
from waymark.obligations.views.papers import paper
from waymark.pages.listing import Ask, Filter, Listing
from waymark.pages.questions import PlainForm
from waymark.people.selectors import secret_of
from waymark.people.views.record import person_or_404, trail_to
from waymark.people.views.sealed_forms import done_by, sealed_form
from waymark.vault.selectors import unlock_url, vault_in

WORK = Permission.OBLIGATIONS_REPORT_WORK
FILTERS = [Filter("state", "State", ReportState.choices)]


def report_or_404(request: StaffRequest, pk: uuid.UUID) -> MandatedReport:
    found = reports.report_for(pk, to=request.user)
    if found is None:
        raise Http404
    return found


def form_for(request: StaffRequest, report: MandatedReport, form: Any, **context: Any) -> HttpResponse:
    here = reverse("obligations:report_detail", args=[report.pk])
    trail = [("Your reports", reverse("obligations:report_list")), (f"File {report.person.code}", here)]
    return sealed_form(request, form, cancel_url=here, trail=trail, **context)


@requires(WORK)
@require_safe
def report_list(request: StaffRequest) -> HttpResponse:
    """One's own: who reported is confidential."""
    ask = Ask(request.GET, FILTERS)
    rows = reports.reports_for(request.user)
    if ask.answer("state"):
        rows = rows.filter(state=ask.answer("state"))
    if ask.words:
        rows = rows.filter(person__code__icontains=ask.words)
    context = {
        "title": "Your reports",
        "listing": Listing(ask, rows),
        "search_label": "Search by the code of a file",
        "duties": [MandatedReport.Duty(duty).label for duty in duties_of(request.user)],
        "open_states": reports.OPEN_STATES,
        "now": timezone.now(),
    }
    return render(request, "obligations/report_list.html", context)


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def report_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Who has no duty is told so, and has no form."""
    person = person_or_404(request, pk)
    duties = duties_of(request.user)
    here = timezone.localtime()
    initial = {"on": here.date(), "at": here.time().replace(second=0, microsecond=0)}
    form = ReportForm(request.POST if request.method == "POST" else None, duties=duties, initial=initial)
    made: list[MandatedReport] = []
    told = reports.when_told_of_duties(person, by=request.user)

    def act(vault: Any) -> None:
        data = form.cleaned_data
        was_told = data["told"] == TOLD
        first = min(told.told_at, form.moment()) if told is not None else form.moment()
        made.append(
            actions.begin_report(
                vault=vault,
                person=person,
                duty=data["duty"],
                receiver=data["receiver"],
                learned_at=form.moment(),
                told_at=first if was_told else None,
                unsaid="" if was_told else data["told"],
                values=form.values(),
                by=request.user,
            )
        )

    if duties and done_by(request, form, act):
        messages.success(request, "Begun. Phone it in now; here is what you would say.")
        return redirect("obligations:report_detail", made[0].pk)
    return sealed_form(
        request,
        form,
        template="obligations/report_new.html",
        title="A report that the law demands of you",
        has_duty=bool(duties),
        not_yours=actions.NOT_YOURS,
        told=told,
        button="Begin the report",
        cancel_url=reverse("obligations:person", args=[person.pk]),
        trail=trail_to(person),
        person=person,
    )


@requires(WORK)
@require_safe
def report_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """What would be said and sent, exactly, before anything is."""
    report = report_or_404(request, pk)
    vault = vault_in(request)
    secret = secret_of(vault, report.person) if vault is not None else None
    context = {
        "title": f"Report, file {report.person.code}",
        "report": report,
        "parts": report_parts(report, words_in(secret, report)) if secret is not None else [],
        "steps": steps_of(report, secret),
        "is_open": report.state in reports.OPEN_STATES,
        "is_late": report.due_at < timezone.now(),
        "is_vault_open": vault is not None,
        "is_open_to_us": secret is not None,
        "unlock_url": unlock_url(request.path),
        "trail": [("Your reports", reverse("obligations:report_list"))],
    }
    return render(request, "obligations/report_detail.html", context)


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def report_change(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    report = report_or_404(request, pk)
    vault = vault_in(request)
    secret = secret_of(vault, report.person) if vault is not None else None
    initial = {"receiver": report.receiver, **words_in(secret, report)}
    form = WordsForm(request.POST if request.method == "POST" else None, initial=initial)

    def act(open_vault: Any) -> None:
        receiver = form.cleaned_data["receiver"]
        actions.correct_report(vault=open_vault, report=report, receiver=receiver, values=form.values(), by=request.user)

    if done_by(request, form, act):
        messages.success(request, "Saved.")
        return redirect("obligations:report_detail", report.pk)
    return form_for(request, report, form, title="Change the words", is_correction=True)


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def report_phone(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    report = report_or_404(request, pk)
    form = PhoneForm(request.POST if request.method == "POST" else None)

    def act(vault: Any) -> None:
        actions.phone_report(vault=vault, report=report, reached=form.cleaned_data["reached"], by=request.user)

    if done_by(request, form, act):
        messages.success(request, "Written down, and in the ledger. Now print it and send it.")
        return redirect("obligations:report_detail", report.pk)
    return form_for(request, report, form, title="You phoned it in", button="I phoned it in")


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def report_send(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    report = report_or_404(request, pk)
    form = PlainForm(request.POST if request.method == "POST" else None)
    made: list[bytes] = []

    def act(vault: Any) -> None:
        made.append(actions.send_report(vault=vault, report=report, by=request.user))

    if done_by(request, form, act):
        return paper(made[0])
    return form_for(
        request,
        report,
        form,
        title="Print it to send?",
        consequences=[
            "The ledger gets its line first. The paper holds the report's own words and nothing of the case.",
            "Write your name by hand where the form wants it. Afterwards the words here stay as they were sent.",
        ],
        button="Write the ledger and print",
    )


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def report_drop(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    report = report_or_404(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None, is_needed=True)

    def act(vault: Any) -> None:
        actions.drop_report(vault=vault, report=report, reason=form.cleaned_data["reason"], by=request.user)

    if done_by(request, form, act):
        messages.success(request, "Nothing was reported. The reason is kept, sealed.")
        return redirect("obligations:report_detail", report.pk)
    return form_for(
        request,
        report,
        form,
        title="No report is needed?",
        consequences=["Nothing leaves. Say why, as you would say it to counsel."],
        button="No report is needed",
        is_grave=True,
    )
