"""People in the program: the list, one of them, and each step with its own short form."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.diversion import policies
from waymark.diversion.actions import enrollments as actions
from waymark.diversion.actions import work
from waymark.diversion.forms.enrollments import (
    AlumnusForm,
    EnrollmentChangeForm,
    ExitForm,
    HearingDecisionForm,
    HearingForm,
    MoveForm,
    PermitForm,
)
from waymark.diversion.forms.fields import PressForm
from waymark.diversion.forms.work import PeerMonthForm, ProgressForm, ResponseForm
from waymark.diversion.models import Enrollment, Requirement
from waymark.diversion.models.enrollments import EXITS, MOVES, OPEN_STATES, Move, State
from waymark.diversion.selectors import programs as selectors
from waymark.diversion.selectors import reports
from waymark.diversion.selectors.opened import opened
from waymark.diversion.selectors.progress import ratio_of, tallies
from waymark.diversion.views.answers import FORM, or_404, plain, program_trail, sealed, sent, vault_context
from waymark.pages.listing import Ask, Filter, Listing
from waymark.vault.selectors import vault_in

WORK = Permission.DIVERSION_PROGRAM_WORK
STATE = Filter("state", "State", [("every", "All, also over"), *State.choices], "Not over")
COURT = Filter("court", "Court day", [("week", "Within a week")])
REPORT = Filter("report", "Report", [("due", "Not written for the next court day")])


def enrollment_of(request: StaffRequest, pk: uuid.UUID) -> Enrollment:
    return or_404(selectors.enrollment_for(request.user, pk))


def page_of(enrollment: Enrollment) -> str:
    return reverse("diversion:enrollment_detail", args=[enrollment.pk])


def trail_to(enrollment: Enrollment) -> list[tuple[str, str]]:
    return program_trail((f"Enrollment {enrollment.code}", page_of(enrollment)))


@requires(WORK)
@require_safe
def enrollment_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [STATE, COURT, REPORT])
    today = timezone.localdate()
    rows = selectors.enrollments(
        request.user, state=ask.answer("state"), court=ask.answer("court"), report=ask.answer("report"), on=today
    )
    if ask.words:
        rows = rows.filter(code__icontains=ask.words)
    listing = Listing(ask, rows)
    facts = opened(listing.rows, vault_in(request))
    counts = tallies(listing.rows)
    context = {
        "title": "Diversion program",
        "listing": listing,
        "lines": [(row, facts.get(row.pk, {}), counts[row.pk]) for row in listing.rows],
        "search_label": "Search by code",
        "gives": policies.gives_programs(request.user),
        "here": "enrollments",
        "today": today,
        **vault_context(request),
    }
    return render(request, "diversion/enrollment_list.html", context)


@requires(WORK)
@require_safe
def enrollment_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    enrollment = enrollment_of(request, pk)
    now = timezone.now()
    responses = selectors.responses_of(enrollment)
    context = {
        "title": f"Enrollment {enrollment.code}",
        "enrollment": enrollment,
        "facts": opened([enrollment], vault_in(request)).get(enrollment.pk),
        "tally": tallies([enrollment])[enrollment.pk].rows(),
        "responses": responses,
        "ratio": ratio_of(responses),
        "permits": list(reports.attached(enrollment)),
        "live": [reader.label for reader in reports.live_permits(enrollment, at=now)],
        "sent": reports.reports_of(enrollment),
        "moves": list(selectors.moves_of(enrollment)[:50]),
        "hearing": selectors.open_hearing(enrollment),
        "alumnus": selectors.alumnus_of(enrollment),
        "next_moves": [move for move in Move if (enrollment.state, move) in MOVES and _is_a_page(move)],
        "is_over": enrollment.state not in OPEN_STATES,
        "now": now,
        "trail": program_trail(),
        **vault_context(request),
    }
    return render(request, "diversion/enrollment_detail.html", context)


def _is_a_page(move: str) -> bool:
    return move not in EXITS and move not in {Move.NOTICE_HEARING, Move.CONTINUE}


@requires(WORK)
@sensitive_post_parameters()
@FORM
def enrollment_change(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    enrollment = enrollment_of(request, pk)
    facts = opened([enrollment], vault_in(request)).get(enrollment.pk, {})
    first = {
        **{name: facts.get(name, "") for name in ("name", "initials", "safe_times")},
        "next_court_on": enrollment.next_court_on,
        "defense": enrollment.defense_id,
        "wants_paper_reminders": enrollment.wants_paper_reminders,
    }
    form = EnrollmentChangeForm(sent(request), initial=first)

    def act(vault: Any) -> None:
        data = form.cleaned_data
        actions.change_enrollment(
            vault=vault,
            enrollment=enrollment,
            facts=form.facts(),
            next_court_on=data["next_court_on"],
            wants_paper_reminders=data["wants_paper_reminders"],
            defense=data["defense"],
            by=request.user,
        )

    return sealed(
        request,
        form,
        act,
        title=f"Who {enrollment.code} is, and the next day",
        done="Saved.",
        back=page_of(enrollment),
        trail=trail_to(enrollment),
        is_correction=True,
    )


@requires(WORK)
@FORM
def enrollment_move(request: StaffRequest, pk: uuid.UUID, move: str) -> HttpResponse:
    enrollment = enrollment_of(request, pk)
    if move not in Move.values or not _is_a_page(move):
        raise Http404
    form = MoveForm(sent(request), is_re_entry=move == Move.RE_ENTER, initial={"on": timezone.localdate()})
    label = Move(move).label
    return plain(
        request,
        form,
        lambda: actions.move_enrollment(enrollment=enrollment, move=move, **form.cleaned_data, by=request.user),
        title=f"{label}: {enrollment.code}",
        done="Written down.",
        back=page_of(enrollment),
        trail=trail_to(enrollment),
        button=label,
    )


@requires(WORK)
@FORM
def hearing_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    enrollment = enrollment_of(request, pk)
    form = HearingForm(sent(request))
    return plain(
        request,
        form,
        lambda: actions.notice_hearing(enrollment=enrollment, **form.cleaned_data, by=request.user),
        title=f"Notice of a hearing: {enrollment.code}",
        lead="A hearing comes before anybody is terminated. Most setbacks need more help, and no hearing.",
        done="Written down. When it was held, write what the court decided.",
        back=page_of(enrollment),
        trail=trail_to(enrollment),
        button="Notice was given",
    )


@requires(WORK)
@FORM
def hearing_decide(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    enrollment = enrollment_of(request, pk)
    hearing = selectors.open_hearing(enrollment)
    form = HearingDecisionForm(sent(request))
    if hearing is None:
        raise Http404
    return plain(
        request,
        form,
        lambda: actions.decide_hearing(hearing=hearing, **form.cleaned_data, by=request.user),
        title=f"What became of the hearing: {enrollment.code}",
        done="Written down.",
        back=page_of(enrollment),
        trail=trail_to(enrollment),
        button="Write it down",
    )


@requires(WORK)
@FORM
def exit_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    enrollment = enrollment_of(request, pk)
    form = ExitForm(sent(request), initial={"on": timezone.localdate()})
    return plain(
        request,
        form,
        lambda: actions.leave_program(enrollment=enrollment, **form.cleaned_data, by=request.user),
        title=f"The end of the program: {enrollment.code}",
        lead="Your services stay free for them. Who opts out may come back: that is a re-entry, and no failure.",
        done="Written down.",
        back=page_of(enrollment),
        trail=trail_to(enrollment),
        button="Write it down",
    )


@requires(WORK)
@FORM
def alumnus_change(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    enrollment = enrollment_of(request, pk)
    known = selectors.alumnus_of(enrollment)
    first = {"wants": known is not None, "is_mentor": bool(known and known.is_mentor)}
    form = AlumnusForm(sent(request), initial=first)
    return plain(
        request,
        form,
        lambda: actions.keep_alumnus(enrollment=enrollment, **form.cleaned_data, by=request.user),
        title=f"Staying in touch: {enrollment.code}",
        lead="Only when they ask for it. Nobody outside your agency learns of it.",
        done="Written down.",
        back=page_of(enrollment),
        trail=trail_to(enrollment),
    )


@requires(WORK)
@FORM
def check_in(request: StaffRequest, pk: uuid.UUID, after: str) -> HttpResponse:
    enrollment = enrollment_of(request, pk)
    alumnus = selectors.alumnus_of(enrollment)
    months = actions.CHECK_INS.get(after)
    if alumnus is None or months is None:
        raise Http404
    return plain(
        request,
        PressForm(sent(request)),
        lambda: actions.note_check_in(alumnus=alumnus, months=months, by=request.user),
        title=f"Check-in after {months} months",
        lead="That you asked how they are. What they said is not written down.",
        done="Written down.",
        back=page_of(enrollment),
        trail=trail_to(enrollment),
        button="I asked them",
    )


@requires(WORK)
@FORM
def peer_month(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    enrollment = enrollment_of(request, pk)
    form = PeerMonthForm(sent(request), initial={"month": timezone.localdate()})
    return plain(
        request,
        form,
        lambda: work.count_peer_month(enrollment=enrollment, **form.cleaned_data, by=request.user),
        title=f"Peer mentor: {enrollment.code}",
        done="Counted.",
        back=page_of(enrollment),
        trail=trail_to(enrollment),
    )


@requires(WORK)
@FORM
def progress_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    enrollment = enrollment_of(request, pk)
    asked = Requirement.objects.filter(agency_id=enrollment.agency_id, phase__program=enrollment.program_id)
    rows = list(asked.select_related("phase").order_by("phase__number", "kind"))
    form = ProgressForm(sent(request), requirements=rows, initial={"on": timezone.localdate()})

    def act() -> None:
        data = form.cleaned_data
        work.note_progress(
            enrollment=enrollment,
            requirement=form.chosen(),
            on=data["on"],
            amount=data["amount"],
            is_substitute=data["is_substitute"],
            by=request.user,
        )

    title = f"Progress: {enrollment.code}"
    return plain(request, form, act, title=title, done="Counted.", back=page_of(enrollment), trail=trail_to(enrollment))


@requires(WORK)
@FORM
def response_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    enrollment = enrollment_of(request, pk)
    form = ResponseForm(sent(request), initial={"on": timezone.localdate(), "kind": "incentive"})
    return plain(
        request,
        form,
        lambda: work.respond(enrollment=enrollment, **form.cleaned_data, by=request.user),
        title=f"Response: {enrollment.code}",
        done="Written down.",
        back=page_of(enrollment),
        trail=trail_to(enrollment),
    )


@requires(WORK)
@FORM
def permit_attach(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    enrollment = enrollment_of(request, pk)
    rows = reports.permits_to_attach(request.user, enrollment, at=timezone.now())
    form = PermitForm(sent(request), permits=rows)
    return plain(
        request,
        form,
        lambda: actions.attach_permit(
            enrollment=enrollment, permit=form.known[form.cleaned_data["permit"]], by=request.user
        ),
        title=f"Permit for reports: {enrollment.code}",
        lead="A permit comes from a release that the person has signed. When it ends, the next report does not go, and the "
        "court reads “no report”.",
        done="Attached.",
        back=page_of(enrollment),
        trail=trail_to(enrollment),
        button="Attach it",
        template="diversion/permit_attach.html",
        has_permits=bool(form.known),
    )
