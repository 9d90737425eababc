"""What diversion has for a home page: days, numbers and codes, never a name.

The program's worker sees reports that are due, hearings to give notice of or to write down, referrals that wait and people
without any permit for a report; a court's member the next days of the docket; an officer what an order has put away.
"""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.accounts.policies.people import holds
from waymark.diversion import policies
from waymark.diversion.models import Hearing, ReportContest
from waymark.diversion.selectors import docket, programs
from waymark.diversion.selectors.put_away import waiting_rows
from waymark.pages.lines import HomeCount, HomeRows, Line

AHEAD = dt.timedelta(days=7)


def waiting_for(user: User, now: dt.datetime) -> list[Line]:
    today = timezone.localdate(now)
    lines: list[Line] = []
    if policies.gives_programs(user):
        lines += _of_the_program(user, today)
    if policies.keeps_matters(user):
        lines += _of_a_party(user, today)
    if holds(user, Permission.VAULT_RECORD_SHRED):
        lines += [
            HomeRows(
                rows,
                says=lambda code: f"{code} was put away after an order: destroy it",
                route="diversion:put_away_list",
                kind="Diversion",
                at="put_away_on",
                name="code",
                key=None,
                is_day=True,
            )
            for rows in waiting_rows(user).values()
        ]
    return lines


def next_for(user: User, now: dt.datetime) -> list[Line]:
    """The court days of the coming week, each with how many matters are on it."""
    if not policies.keeps_docket(user):
        return []
    today = timezone.localdate(now)
    return [
        HomeRows(
            docket.days_to_hear(user, since=today + dt.timedelta(days=1), until=today + AHEAD),
            says=lambda number: f"Docket: {number} matter{'' if number == '1' else 's'}",
            route="diversion:docket_day",
            kind="Court day",
            at="on",
            name="to_hear",
            key="on",
            is_day=True,
        )
    ]


def _of_the_program(user: User, today: dt.date) -> list[Line]:
    """Reports, hearings, contests and referrals of the agency that gives the program."""
    hearings = policies.visible(Hearing.objects.filter(outcome="", enrollment__put_away_on__isnull=True), to=user)
    contests = policies.visible(ReportContest.objects.filter(settled_on__isnull=True), to=user)
    return [
        HomeCount(
            programs.enrollments(user, court="week", report="due", on=today),
            "report to a court is due within a week",
            "reports to a court are due within a week",
            reverse("diversion:enrollment_list") + "?court=week&report=due",
            "Diversion",
            is_due=True,
        ),
        HomeRows(
            hearings,
            says=lambda code: f"Hearing of {code}: write down what was decided",
            route="diversion:enrollment_detail",
            kind="Hearing",
            at="set_for",
            name="enrollment__code",
            key="enrollment_id",
            is_day=True,
            is_deadline=True,
        ),
        HomeRows(
            contests,
            says=lambda code: f"Counsel contests a number in a report on {code}",
            route="diversion:contest_settle",
            kind="Diversion",
            at="came_on",
            name="report__enrollment__code",
            is_day=True,
            is_due=True,
        ),
        HomeCount(
            programs.referrals(user, state="ours"),
            "referral waits for what your program says",
            "referrals wait for what your program says",
            reverse("diversion:referral_list") + "?state=ours",
            "Diversion",
        ),
        HomeCount(
            programs.referrals(user, state="agreed"),
            "referral has everybody’s agreement: enroll or say why not",
            "referrals have everybody’s agreement: enroll or say why not",
            reverse("diversion:referral_list") + "?state=agreed",
            "Diversion",
        ),
    ]


def _of_a_party(user: User, today: dt.date) -> list[Line]:
    """Decisions of prosecution and defense that are missing; for a court the days with matters that are not heard."""
    lines: list[Line] = []
    if policies.keeps_docket(user):
        lines.append(
            HomeRows(
                docket.days_to_hear(user, until=today),
                says=lambda number: f"Docket: {number} matter{'' if number == '1' else 's'} without an outcome",
                route="diversion:docket_day",
                kind="Court day",
                at="on",
                name="to_hear",
                key="on",
                is_day=True,
                is_due=True,
            )
        )
        lines.append(
            HomeRows(
                docket.terminations(user, since=today),
                says=lambda code: f"Hearing on termination of {code}: was notice given?",
                route="diversion:matter_detail",
                kind="Hearing",
                at="on",
                name="matter__code",
                key="matter_id",
                is_day=True,
            )
        )
    else:
        lines.append(
            HomeCount(
                docket.undecided(user),
                "diversion matter waits for your office’s word",
                "diversion matters wait for your office’s word",
                reverse("diversion:matter_list") + "?word=missing",
                "Diversion",
            )
        )
    return lines
