"""Reminding of reviews and ending what has run out: the part of agreements that nobody has to think of.

A job runs it every day as a system user. Each reminder is a row that can be written once, in the transaction that queues
its notices: however often the job runs, at once or again after a crash, people are reminded once. A day on which the
machine was off is made up for on the next.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from waymark.audit.actions import record
from waymark.coalition.actions.agreement_steps import put_review
from waymark.coalition.models import Agreement, ReviewReminder
from waymark.coalition.policies.agreements import LIVES
from waymark.coalition.selectors.agreements import to_be_reminded, who_is_reminded
from waymark.coalition.selectors.paths import staff_path
from waymark.notices.actions import notify

REVIEWER = "system:agreements"
Kind = ReviewReminder.Kind


def remind_of_reviews(*, on: dt.date, by: str = REVIEWER) -> int:
    """Remind of every review that is near or due and of which nobody was reminded. Gives how many reminders went out."""
    sent = ReviewReminder.objects.filter(agreement=OuterRef("pk"), review_on=OuterRef("review_on"))
    alive = Agreement.objects.filter(state__in=LIVES)
    ahead = to_be_reminded(alive, on).filter(~Exists(sent.filter(kind=Kind.AHEAD)))
    due = alive.filter(~Exists(sent.filter(kind=Kind.DUE)), review_on__lte=on)
    near = [*due.values_list("pk", flat=True), *ahead.values_list("pk", flat=True)]
    return sum(_remind(agreement, on, by) for agreement in near)


@transaction.atomic
def _remind(pk: uuid.UUID, on: dt.date, by: str) -> int:
    agreement = Agreement.objects.select_for_update(of=("self",)).filter(pk=pk, state__in=LIVES).first()
    if agreement is None or agreement.review_on is None:
        return 0
    kind = Kind.DUE if agreement.review_on <= on else Kind.AHEAD
    # Somebody may have moved the review since the list was read.
    if agreement.review_on - dt.timedelta(days=agreement.remind_days) > on:
        return 0
    _, is_new = ReviewReminder.objects.get_or_create(
        agreement=agreement, review_on=agreement.review_on, kind=kind, defaults={"sent_at": timezone.now()}
    )
    if is_new:
        record(verb="agreement.reminded", by=by, kind="agreement", about=agreement.pk, purpose=kind)
        notify(
            to=who_is_reminded(agreement), kind="agreement.review_due", path=staff_path("agreement_detail", agreement.pk)
        )
    return int(is_new)


def end_what_ran_out(*, on: dt.date, by: str = REVIEWER) -> int:
    """End agreements whose last day has passed. Gives how many."""
    found = Agreement.objects.filter(state__in=LIVES, ends_on__lt=on).values_list("pk", flat=True)
    return sum(_end(pk, on, by) for pk in found)


@transaction.atomic
def _end(pk: uuid.UUID, on: dt.date, by: str) -> int:
    agreement = Agreement.objects.select_for_update(of=("self",)).filter(pk=pk, state__in=LIVES, ends_on__lt=on).first()
    if agreement is None:
        return 0
    agreement.state, agreement.ended_on = Agreement.State.ENDED, on
    agreement.save(update_fields=["state", "ended_on"])
    put_review(agreement)
    record(verb="agreement.ran_out", by=by, kind="agreement", about=agreement.pk, fields=["state"])
    notify(to=who_is_reminded(agreement), kind="agreement.changed", path=staff_path("agreement_detail", agreement.pk))
    return 1
