"""Whom a referral's events are told, with sentences that say nothing of what it is about."""

from __future__ import annotations

import uuid

from django.urls import reverse

from waymark.access.sites import URLCONFS, Site
from waymark.accounts.models import Membership
from waymark.notices.actions import notify
from waymark.referrals.policies import who_answers


def _path(name: str, *arguments: object) -> str:
    """The path of a page on the staff site, also from a job, which stands on no site."""
    return reverse(f"referrals:{name}", args=list(arguments), urlconf=URLCONFS[Site.STAFF])


def notify_who_answers(agency: uuid.UUID, kind: str) -> None:
    """The advocates of an agency that is asked."""
    notify(to=who_answers(agency), kind=kind, path=_path("inbox"))


def notify_worker(worker: uuid.UUID, referral: uuid.UUID) -> None:
    """Who asked."""
    places = Membership.objects.filter(user_id=worker, role="advocate", state=Membership.State.ACTIVE)
    notify(to=places, kind="referral.changed", path=_path("detail", referral))
