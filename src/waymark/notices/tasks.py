"""The worker's part of notices: letters without content, and forgetting what is old."""

from __future__ import annotations

import structlog
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from waymark.accounts.models import Membership, User
from waymark.accounts.selectors.members import open_today
from waymark.notices import actions
from waymark.notices.models import LetterChoice

log = structlog.stdlib.get_logger("waymark.notices")
AGAIN = RetryStrategy(max_attempts=4, exponential_wait=4)


@app.task(name="notices.send_letter", retry=AGAIN)
def send_letter(user: str) -> None:
    """Tell one person, who wants to know at once, that something waits."""
    found = User.objects.filter(pk=user).first()
    if found is not None and actions.send_letter(user=found, when=LetterChoice.When.AT_ONCE):
        log.info("letter sent", task="notices.send_letter")


def send_daily_letters() -> int:
    """Tell everybody whose letters come once a day; called in the region's morning. Returns how many were written."""
    other = LetterChoice.objects.exclude(when=LetterChoice.When.DAILY).values("user_id")
    places = open_today(Membership.objects.all()).exclude(user_id__in=other)
    users = User.objects.filter(pk__in=places.values("user_id")).order_by("pk")
    written = 0
    for user in users:
        try:
            written += actions.send_letter(user=user, when=LetterChoice.When.DAILY)
        except (OSError, ValueError):
            # One address that refuses mail must not keep the others from theirs; it is tried again tomorrow.
            log.exception("letter not sent", task="notices.send_letter")
    return written


@app.periodic(cron="47 3 * * *")
@app.task(name="notices.forget_old", queueing_lock="notices.forget_old")
def forget_old(timestamp: int) -> None:
    """Delete notices that are older than three months."""
    now = timezone.now()
    gone = sum(actions.forget_old(membership=each, now=now) for each in Membership.objects.order_by("pk"))
    log.info("old notices removed", rows=gone)
