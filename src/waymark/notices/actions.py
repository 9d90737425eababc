"""Telling people that something happened, and putting aside what one has read.

`notify` is a part of the act that it tells of: it is written in the same transaction and goes with it. A letter is queued
there too, and sent by the worker after the commit. Reading one's own notices is nobody else's business: it is not told.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from contextlib import suppress

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from waymark.access.context import acting_for, current_context
from waymark.accounts.models import Membership, User
from waymark.accounts.selectors import open_memberships_of
from waymark.audit.actions import record
from waymark.notices.formats.kinds import must_be_known
from waymark.notices.models import KEPT_FOR, LetterChoice, Notice
from waymark.notices.policies import may_be_told, page_at, visible
from waymark.notices.selectors import reachable, unread_since

SUBJECT = "Something waits for you"
# "At once" leaves time for the ten small changes that follow the first one, so that they make one letter.
SOON_MINUTES = 2


def notify(*, to: Iterable[Membership], kind: str, path: str) -> int:
    """Tell each of `to` that something of this kind happened at this page. Returns how many were told.

    Left out are those who may not open the page, whose place is not open, and whoever does the act: they know. Raises
    ValueError for a path that is no page, UnknownKind for a kind without a sentence.
    """
    must_be_known(kind)
    page = page_at(path)
    context = current_context()
    told = [
        member
        for member in reachable(to)
        if (context is None or member.user_id != context.user) and may_be_told(member, page)
    ]
    now = timezone.now()
    Notice.objects.bulk_create([Notice(to=member, kind=kind, path=path, created_at=now) for member in told])
    _queue_letters({member.user_id for member in told})
    return len(told)


def _queue_letters(users: set[uuid.UUID]) -> None:
    """A letter for everybody who wants one at once; those who wait for one already get one."""
    if not users:
        return
    chosen = LetterChoice.objects.filter(user__in=users, when=LetterChoice.When.AT_ONCE)
    for user in chosen.order_by("user").values_list("user", flat=True):
        task = app.configure_task(
            "notices.send_letter", queueing_lock=f"notices.send_letter:{user}", schedule_in={"minutes": SOON_MINUTES}
        )
        # Inside a savepoint, because a double in the queue is an error of the database.
        with suppress(AlreadyEnqueued), transaction.atomic():
            task.defer(user=str(user))


@transaction.atomic
def mark_read(*, by: User, kind: str = "", path: str = "") -> dt.datetime | None:
    """Put aside one line (its kind and path), or every line. The moment given back takes it back; None changed nothing."""
    unread = visible(Notice.objects.filter(read_at__isnull=True), to=by)
    if kind or path:
        unread = unread.filter(kind=kind, path=path)
    now = timezone.now()
    return now if unread.update(read_at=now) else None


@transaction.atomic
def mark_unread(*, by: User, marked_at: dt.datetime) -> int:
    """Take back what was put aside at that moment."""
    return visible(Notice.objects.filter(read_at=marked_at), to=by).update(read_at=None)


@transaction.atomic
def choose_letters(*, when: str, by: User) -> LetterChoice:
    """Say when letters come."""
    choice, _ = LetterChoice.objects.update_or_create(user=by, defaults={"when": LetterChoice.When(when).value})
    record(verb="letter_choice.changed", by=by, kind="letter_choice", about=by.pk, fields=("when",))
    return choice


def send_letter(*, user: User, when: str) -> bool:
    """Write to a person whose letters come `when` that something waits, if it does and was not written before.

    The letter says no more than that: it lies in an inbox that others may read. What waits is looked up place by place, as
    the person would see it.
    """
    with transaction.atomic():
        LetterChoice.objects.get_or_create(user=user)
        choice = LetterChoice.objects.select_for_update().get(user=user)
        if choice.when != when or not user.is_active:
            return False
    if not _something_waits(user, since=choice.told_at):
        return False
    with transaction.atomic():
        LetterChoice.objects.filter(user=user).update(told_at=timezone.now())
        text = render_to_string("notices/letters/waiting.txt")
        # Within the transaction: a letter that cannot be sent is tried again, not counted as told.
        EmailMessage(subject=SUBJECT, body=text, to=[user.email]).send()
    return True


def _something_waits(user: User, *, since: dt.datetime | None) -> bool:
    for membership in open_memberships_of(user):
        with acting_for(membership.agency_id, user.pk):
            user.act_as(membership)
            if unread_since(user, since):
                return True
    return False


def forget_old(*, membership: Membership, now: dt.datetime) -> int:
    """Delete what one place was told long ago, read or not: it points to what is kept elsewhere."""
    with acting_for(membership.agency_id, membership.user_id):
        return Notice.objects.filter(to=membership, created_at__lt=now - KEPT_FOR).delete()[0]
