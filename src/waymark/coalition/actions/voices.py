"""Who speaks for an agency: its representative and deputy for votes, and whoever answers the press."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import Agency, Membership, User
from waymark.audit.actions import record
from waymark.coalition.models import MediaSpeaker, Representative
from waymark.coalition.policies import Refused
from waymark.coalition.policies import groups as policies
from waymark.coalition.selectors.paths import staff_path
from waymark.notices.actions import notify

SPEAKER_FIELDS = ("speaker", "phone", "email")


def _locked(agency: Agency) -> Agency:
    return Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)


@transaction.atomic
def name_representative(
    *, agency: Agency, membership: Membership, deputy: Membership | None = None, by: User
) -> Representative:
    """Say who speaks and votes for an agency from today. Who did before is kept with their dates."""
    fresh = _locked(agency)
    policies.must_name_voices(by, fresh)
    if deputy is not None and deputy.pk == membership.pk:
        raise Refused("The deputy is another person than the representative.")
    for each in (membership, deputy):
        if each is not None and (each.agency_id != fresh.pk or each.state != Membership.State.ACTIVE):
            raise Refused("Choose active members of your own agency.")
    before = (
        Representative.objects.select_for_update(of=("self",))
        .select_related("membership")
        .filter(agency=fresh, until__isnull=True)
        .first()
    )
    same = before is not None and (before.membership_id, before.deputy_id) == (membership.pk, deputy and deputy.pk)
    if before is not None and same:
        return before
    today = timezone.localdate()
    if before is not None and before.since >= today:
        before.delete()
    elif before is not None:
        before.until = today
        before.save(update_fields=["until"])
    named = Representative.objects.create(agency=fresh, membership=membership, deputy=deputy, since=today)
    record(verb="representative.named", by=by, kind="agency", about=fresh.pk, fields=["membership", "deputy"])
    page = staff_path("contact_detail", fresh.pk)
    spoke = [before.membership] if before is not None else []
    notify(to=[membership, *([deputy] if deputy else []), *spoke], kind="representative.changed", path=page)
    return named


@transaction.atomic
def name_media_speaker(*, agency: Agency, values: Mapping[str, str], by: User) -> MediaSpeaker:
    """Say whom the press may ask. Saying it again confirms it with today's date."""
    fresh = _locked(agency)
    policies.must_name_voices(by, fresh)
    if not str(values.get("speaker", "")).strip():
        raise Refused("Give the name or the office that the press asks for.")
    named, _ = MediaSpeaker.objects.update_or_create(
        agency=fresh,
        defaults={name: str(values.get(name, "")).strip() for name in SPEAKER_FIELDS}
        | {"confirmed_on": timezone.localdate()},
    )
    record(verb="media_speaker.named", by=by, kind="agency", about=fresh.pk, fields=list(SPEAKER_FIELDS))
    return named
