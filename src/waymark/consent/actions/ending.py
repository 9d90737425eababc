"""What ends by itself: last days that passed, drafts that nobody signed, signatures that no longer count. No key is needed.

The database refuses every crossing under such a release from the very moment (consent_trouble); this takes back what was
out, and writes the end down.
"""

from __future__ import annotations

import uuid

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from waymark.access.context import acting_for
from waymark.access.sites import URLCONFS, Site
from waymark.accounts.models import Membership
from waymark.audit.actions import record
from waymark.audit.models import SYSTEM
from waymark.consent.models import Release
from waymark.consent.policies import DRAFT_LIVES, REMIND_BEFORE, trouble_of
from waymark.disclosures.models import OutboxPacket, Permit
from waymark.notices.actions import notify

ENDS = "system:releases"
STOPPED_BY = {"release.signer": Release.Why.SIGNER, "release.merge": Release.Why.MERGE}
OUT = (OutboxPacket.State.WAITING, OutboxPacket.State.DELIVERED, OutboxPacket.State.READ)


@transaction.atomic
def end_releases(*, agency_id: uuid.UUID, by: str = ENDS) -> int:
    """End what is over in one agency; gives how many releases and drafts."""
    with acting_for(agency_id, SYSTEM):
        now = timezone.now()
        mine = Release.objects.select_for_update().filter(agency_id=agency_id)
        old = mine.filter(state=Release.State.DRAFT, drafted_at__lte=now - DRAFT_LIVES)
        count = len(list(old))
        Release.objects.filter(pk__in=[draft.pk for draft in old]).delete()
        for release in mine.filter(state=Release.State.ACTIVE).order_by("pk"):
            if release.ends_at <= now:
                _write_end(release, Release.State.EXPIRED, Release.Why.LAST_DAY)
            else:
                # A stricter file may leave a part; a release of which nothing may go any more is over.
                troubles = {trouble_of(release, fields=[code], at=now) for code in release.scopes}
                why = {STOPPED_BY.get(trouble or "") for trouble in troubles}
                if None in why:
                    continue
                _take_back_all(release)
                _write_end(release, Release.State.REVOKED, next(iter(why)) or Release.Why.MERGE)
            count += 1
        if count:
            record(verb="release.ended", by=by, chain=agency_id, kind="agency", about=agency_id)
        return count


def _write_end(release: Release, state: str, why: str) -> None:
    release.state, release.ended_why, release.ended_at = state, why, timezone.now()
    release.save(update_fields=["state", "ended_why", "ended_at"])


def _take_back_all(release: Release) -> None:
    """The permit closes, and what is out under it comes back, in this transaction."""
    if release.permit_id is None:
        return
    permits = Permit.objects.filter(agency_id=release.agency_id, pk=release.permit_id, revoked_at__isnull=True)
    permits.update(revoked_at=timezone.now())
    out = OutboxPacket.objects.filter(agency_id=release.agency_id, permit_id=release.permit_id, state__in=OUT)
    for packet in out.order_by("pk").values_list("pk", flat=True):
        with connection.cursor() as cursor:
            cursor.execute("SELECT disclosures.recall(%s)", [packet])


@transaction.atomic
def remind_of_ends(*, agency_id: uuid.UUID, by: str = ENDS) -> int:
    """Tell once the worker who asked for a release that it ends within days. The notice names nobody."""
    with acting_for(agency_id, SYSTEM):
        now = timezone.now()
        untold = Release.objects.filter(agency_id=agency_id, state=Release.State.ACTIVE, reminded_at__isnull=True)
        soon = untold.filter(ends_at__gt=now, ends_at__lte=now + REMIND_BEFORE)
        found = list(soon.select_related("drafted_by").order_by("pk"))
        for release in found:
            if release.drafted_by is None:
                continue
            worker = Membership.objects.filter(agency_id=agency_id, user=release.drafted_by, state="active")
            notify(
                to=worker,
                kind="release.ends",
                path=reverse("consent:detail", args=[release.pk], urlconf=URLCONFS[Site.STAFF]),
            )
        Release.objects.filter(pk__in=[release.pk for release in found]).update(reminded_at=now)
        if found:
            record(verb="release.reminded", by=by, chain=agency_id, kind="agency", about=agency_id)
        return len(found)
